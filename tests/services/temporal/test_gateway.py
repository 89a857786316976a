"""The gateway against a real server. The workflow is a stand-in that answers what each test needs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from temporalio import workflow
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from pdflow.records.crypto import KeyRing
from pdflow.records.ids import ulid
from pdflow.runtime.messages import (
    QUERY_STATUS,
    UPDATE_COMMAND,
    WORKFLOW,
    Answer,
    CommandMessage,
    StartInstance,
    Status,
)
from pdflow.services.settings import Settings
from pdflow.services.temporal.client import connect, target_of
from pdflow.services.temporal.errors import ServerSilent, WorkerSilent
from pdflow.services.temporal.gateway import TemporalGateway
from pdflow.services.temporal.server import free_port

pytestmark = pytest.mark.temporal
LONG = timedelta(seconds=20)
SHORT = timedelta(milliseconds=700)


@workflow.defn(name=WORKFLOW, sandboxed=False)
class StandIn:
    @workflow.init
    def __init__(self, start: StartInstance) -> None:
        self.start = start
        self.taken: list[str] = []
        self.over = False

    @workflow.run
    async def run(self, start: StartInstance) -> None:
        if start.definition == "refused":
            raise ApplicationError("no such start event", type="start-refused", non_retryable=True)
        await workflow.wait_condition(lambda: self.over and workflow.all_handlers_finished())

    @workflow.update(name=UPDATE_COMMAND)
    async def command(self, message: CommandMessage) -> Answer:
        self.taken.append(message.id)
        if message.name == "slow":
            await workflow.wait_condition(lambda: self.over)
        if message.name == "end":
            self.over = True
        return Answer("done", last_fact=len(self.taken))

    @command.validator
    def check(self, message: CommandMessage) -> None:
        if message.name == "forbidden":
            raise ApplicationError("Expected something else.", type="not-taken")

    @workflow.query(name=QUERY_STATUS)
    def status(self) -> Status:
        if self.start.definition == "refused":
            raise RuntimeError("no instance")
        unwritten = int(self.start.definition == "unwritten")
        return Status(self.start.instance, 1, unwritten, [], [], [], "", None, False, self.over)


@contextmanager
def working(settings: Settings, keys: KeyRing) -> Iterator[None]:
    """A worker with an event loop of its own, as in another process."""
    ready, stop = threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def work() -> None:
        client = await connect(target_of(settings), keys)
        async with Worker(client, task_queue=settings.task_queue, workflows=[StandIn]):
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=[work()])
    thread.start()
    assert ready.wait(20)
    yield
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


@pytest.fixture
def gateway(settings: Settings) -> Iterator[TemporalGateway]:
    gateway = TemporalGateway(settings)
    yield gateway
    gateway.close()


@pytest.fixture
def worker(settings: Settings, keys: KeyRing) -> Iterator[None]:
    with working(settings, keys):
        yield


def new(definition: str = "d") -> StartInstance:
    return StartInstance(ulid(), "pd-request", definition, {}, unit="ATL")


def order(name: str) -> CommandMessage:
    return CommandMessage(ulid(), name, "officer-1")


@pytest.mark.usefixtures("worker")
class TestWithAWorker:
    def test_starting_twice_finds_the_first_instance(self, gateway: TemporalGateway) -> None:
        start = new()

        assert gateway.start(start, LONG) == Answer("done", last_fact=1)
        assert gateway.start(start, LONG) == Answer("done", last_fact=1)

    def test_a_start_whose_facts_are_not_written_is_running(self, gateway: TemporalGateway) -> None:
        assert gateway.start(new("unwritten"), SHORT).status == "running"

    def test_a_start_that_the_process_refuses_is_refused(self, gateway: TemporalGateway) -> None:
        answer = gateway.start(new("refused"), LONG)

        assert (answer.status, answer.code) == ("refused", "start-refused")

    def test_the_same_command_id_is_carried_out_once(self, gateway: TemporalGateway) -> None:
        start, message = new(), order("message")
        gateway.start(start, LONG)

        answers = [gateway.command("pd-request", start.instance, message, LONG) for _ in range(3)]

        assert answers == [Answer("done", last_fact=1)] * 3

    def test_a_refusal_brings_code_and_sentence(self, gateway: TemporalGateway) -> None:
        start = new()
        gateway.start(start, LONG)

        answer = gateway.command("pd-request", start.instance, order("forbidden"), LONG)

        assert answer == Answer("refused", "not-taken", "Expected something else.")

    def test_a_command_that_takes_longer_than_the_deadline_is_running_once_it_is_accepted(
        self, gateway: TemporalGateway
    ) -> None:
        start = new()
        gateway.start(start, LONG)

        assert gateway.command("pd-request", start.instance, order("slow"), SHORT) == Answer("running")

    def test_an_ended_and_an_unknown_instance_refuse(self, gateway: TemporalGateway) -> None:
        start = new()
        gateway.start(start, LONG)
        gateway.command("pd-request", start.instance, order("end"), LONG)

        ended = gateway.command("pd-request", start.instance, order("message"), LONG)
        unknown = gateway.command("pd-request", ulid(), order("message"), LONG)

        assert (ended.code, unknown.code) == ("instance-ended", "instance-unknown")

    def test_the_status_of_a_running_an_ended_and_an_unknown_instance(self, gateway: TemporalGateway) -> None:
        start = new()
        gateway.start(start, LONG)

        running = gateway.status("pd-request", start.instance, LONG)
        gateway.command("pd-request", start.instance, order("end"), LONG)
        ended = gateway.status("pd-request", start.instance, LONG)

        assert running is not None and not running.ended
        assert ended is not None and ended.ended
        assert gateway.status("pd-request", ulid(), LONG) is None

    def test_many_starts_side_by_side_all_arrive(self, gateway: TemporalGateway) -> None:
        starts = [new() for _ in range(60)]
        seen: list[str] = []

        gateway.start_many(starts, started=lambda start: seen.append(start.instance))

        assert sorted(seen) == sorted(start.instance for start in starts)
        assert gateway.status("pd-request", starts[-1].instance, LONG) is not None

    def test_calls_from_several_threads_do_not_mix_up_their_answers(self, gateway: TemporalGateway) -> None:
        starts = [new() for _ in range(8)]
        found: dict[str, str] = {}

        def one(start: StartInstance) -> None:
            gateway.start(start, LONG)
            status = gateway.status("pd-request", start.instance, LONG)
            assert status is not None
            found[start.instance] = status.instance

        threads = [threading.Thread(target=one, args=[start]) for start in starts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert found == {start.instance: start.instance for start in starts}


def test_a_command_while_the_worker_is_away_is_carried_out_when_it_is_back(
    gateway: TemporalGateway, settings: Settings, keys: KeyRing
) -> None:
    start, message = new(), order("message")
    assert gateway.start(start, SHORT).status == "running"
    with pytest.raises(WorkerSilent, match="worker does not answer"):
        gateway.command("pd-request", start.instance, message, SHORT)

    with working(settings, keys):
        answer = gateway.command("pd-request", start.instance, message, LONG)

    assert answer == Answer("done", last_fact=1)


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda gateway: gateway.start(new(), SHORT), id="start"),
        pytest.param(lambda gateway: gateway.command("p", "i", order("message"), SHORT), id="command"),
        pytest.param(lambda gateway: gateway.status("p", "i", SHORT), id="status"),
    ],
)
def test_without_a_server_every_call_says_so(
    call: Callable[[TemporalGateway], object], settings: Settings
) -> None:
    settings.temporal_address = f"127.0.0.1:{free_port()}"
    gateway = TemporalGateway(settings)

    with pytest.raises(ServerSilent, match="Temporal server"):
        call(gateway)
    gateway.close()


def test_without_an_address_the_sentence_names_the_command_that_starts_one(settings: Settings) -> None:
    settings.temporal_address = None
    gateway = TemporalGateway(settings)

    with pytest.raises(ServerSilent, match="pdflow up"):
        gateway.status("p", "i")
    gateway.close()
