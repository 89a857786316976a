"""The command protocol under crashes: a person's work is neither lost nor done twice, and nothing is half done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from pdflow.records.errors import RecordsUnavailable
from pdflow.records.tables import (
    Audit,
    Clock,
    ClockEvent,
    Command,
    FactRow,
    Incident,
    Instance,
    Message,
    Subscription,
    Task,
    TaskDraft,
    TaskGroup,
    table_of,
)
from pdflow.runtime.messages import Answer
from pdflow.services import commands, messages, tasks
from pdflow.services.commands import Receipt
from pdflow.services.errors import Conflict, NotAllowed, Refused
from pdflow.services.inprocess import InProcessGateway
from pdflow.services.platform import Platform
from pdflow.services.verify import verify
from tests.services.conftest import (
    ADMINISTRATOR,
    GRANT,
    OFFICER,
    SUPERVISOR,
    World,
    begin,
    claimed,
    every,
    only,
)
from tests.services.conftest import Clock as WallClock
from tests.services.faults import Fault, FaultyGateway, database_away


@pytest.fixture
def faulty(platform: Platform, gateway: InProcessGateway, monkeypatch: pytest.MonkeyPatch) -> FaultyGateway:
    monkeypatch.setattr(commands, "PAUSES", (0, 0, 0))
    platform.gateway = FaultyGateway(gateway)
    return platform.gateway


def later(platform: Platform, clock: WallClock) -> int:
    clock.move(seconds=31)
    return commands.resend(platform)


def assert_done_once(platform: Platform, world: World, task: Task) -> None:
    row = only(platform, Command, task=task.id)
    assert (row.state, row.refusal) == ("done", None) and row.answered_at is not None
    assert only(platform, Task, id=task.id).state == "completed"
    assert [entry[0] for entry in world.applied] == [row.id]
    assert len(every(platform, Audit, source=row.id)) == 1
    assert len(world.told) == 1
    assert verify(platform).gaps == []


@pytest.mark.parametrize("fault", ["lost-before", "lost-after", "forgotten"])
def test_a_completion_whose_answer_is_lost_goes_on_running_and_is_sent_again(
    platform: Platform, faulty: FaultyGateway, world: World, clock: WallClock, fault: Fault
) -> None:
    task = claimed(platform)
    faulty.faults = [fault]
    receipt = tasks.complete(OFFICER, platform, task.id, GRANT)
    assert receipt.status == "running"
    assert commands.resend(platform) == 0, "younger than 30 seconds"
    if fault == "forgotten":
        world.told.clear()  # the job ran in the life that was forgotten; by its key it is done once in the world
    assert later(platform, clock) == 1
    assert_done_once(platform, world, task)
    assert later(platform, clock) == 0
    assert set(faulty.calls[1:]) == {receipt.command}


def test_pressing_complete_twice_is_one_command(
    platform: Platform, faulty: FaultyGateway, world: World, clock: WallClock
) -> None:
    task = claimed(platform)
    faulty.faults = ["lost-before"]
    first = tasks.complete(OFFICER, platform, task.id, GRANT)
    second = tasks.complete(OFFICER, platform, task.id, GRANT)
    assert second == Receipt(first.command, first.instance, "done", second.last_fact)
    assert_done_once(platform, world, task)
    with pytest.raises(Conflict, match="completed"):
        tasks.complete(OFFICER, platform, task.id, GRANT)


def test_while_the_database_is_away_nothing_is_written_and_nothing_is_lost(
    platform: Platform, faulty: FaultyGateway, world: World, clock: WallClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = claimed(platform)
    with database_away(platform.records, monkeypatch), pytest.raises(RecordsUnavailable):
        tasks.complete(OFFICER, platform, task.id, GRANT)
    assert every(platform, Command, task=task.id) == [] and faulty.calls[1:] == []
    tasks.complete(OFFICER, platform, task.id, GRANT)
    assert_done_once(platform, world, task)


def test_a_database_that_goes_away_between_update_and_projection_gets_the_facts_when_it_is_back(
    platform: Platform,
    faulty: FaultyGateway,
    gateway: InProcessGateway,
    world: World,
    clock: WallClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    task = claimed(platform)
    faulty.faults = ["lost-before"]
    receipt = tasks.complete(OFFICER, platform, task.id, GRANT)
    with database_away(platform.records, monkeypatch):
        assert commands.send(platform, receipt.command).status == "running"
    status = gateway.status("request", receipt.instance)
    assert status is not None and status.unwritten > 0
    assert only(platform, Task, id=task.id).state == "completing"
    assert later(platform, clock) == 1
    assert_done_once(platform, world, task)


def test_an_effect_that_fails_rolls_the_whole_step_back_until_it_works(
    platform: Platform, faulty: FaultyGateway, world: World, clock: WallClock
) -> None:
    task = claimed(platform)
    world.fail_apply = 2
    facts = len(every(platform, FactRow))
    for _ in range(2):
        with pytest.raises(ConnectionError):
            tasks.complete(OFFICER, platform, task.id, GRANT)
    assert len(every(platform, FactRow)) == facts
    assert only(platform, Task, id=task.id).state == "completing"
    assert only(platform, Clock).outcome is None
    later(platform, clock)
    assert_done_once(platform, world, task)


def test_a_task_that_the_workflow_does_not_see_yet_is_asked_for_again(
    platform: Platform, faulty: FaultyGateway, gateway: InProcessGateway, world: World, clock: WallClock
) -> None:
    """A row may be visible before its step is durable: the workflow came back without the task, then makes it again."""
    receipt = begin(platform)
    task = only(platform, Task)
    tasks.claim(OFFICER, platform, task.id)
    ready = gateway.snapshot(receipt.instance)
    begin(platform, case="OTHER-1")
    stale = gateway.snapshot(receipt.instance)
    stale["work"]["tasks"] = {}
    gateway.restore(receipt.instance, stale)
    assert tasks.complete(OFFICER, platform, task.id, GRANT).status == "running"
    assert only(platform, Task, id=task.id).state == "completing"
    gateway.restore(receipt.instance, ready)
    later(platform, clock)
    assert_done_once(platform, world, task)


def test_a_workflow_that_keeps_contradicting_the_records_is_shown_to_a_person(
    platform: Platform, faulty: FaultyGateway, gateway: InProcessGateway, clock: WallClock
) -> None:
    task = claimed(platform)
    stale = gateway.snapshot(task.instance)
    stale["work"]["tasks"] = {}
    gateway.restore(task.instance, stale)
    tasks.complete(OFFICER, platform, task.id, GRANT)
    for _ in range(commands.MANY + 2):
        later(platform, clock)
    assert [row.code for row in every(platform, Incident)] == ["records-ahead"]
    assert only(platform, Command, task=task.id).answered_at is None


def test_a_refusal_of_the_process_gives_the_task_and_the_text_back(
    platform: Platform, faulty: FaultyGateway, gateway: InProcessGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = claimed(platform)
    refusal = Answer("refused", "variables-too-large", "Expected at most 64 KB.")
    monkeypatch.setattr(gateway, "command", lambda *_: refusal)
    with pytest.raises(Refused) as refused:
        tasks.complete(OFFICER, platform, task.id, GRANT)
    assert refused.value.code == "variables-too-large"
    kept = only(platform, Task, id=task.id)
    assert (kept.state, kept.assignee) == ("claimed", "officer")
    with platform.reading() as session:
        assert tasks.draft(OFFICER, session, task.id) == GRANT
    row = only(platform, Command, task=task.id)
    assert (row.state, row.refusal) == ("refused", "variables-too-large")
    monkeypatch.undo()
    assert tasks.complete(OFFICER, platform, task.id, GRANT).status == "done"


def test_a_completion_on_its_way_when_the_process_ends_is_refused_and_the_task_stays_cancelled(
    platform: Platform, faulty: FaultyGateway, clock: WallClock, world: World
) -> None:
    task = claimed(platform)
    faulty.faults = ["lost-before"]
    receipt = tasks.complete(OFFICER, platform, task.id, GRANT)
    commands.submit(ADMINISTRATOR, platform, instance=task.instance, name="cancel", key="duplicate")
    later(platform, clock)
    row = only(platform, Command, id=receipt.command)
    assert (row.state, row.refusal) == ("refused", "instance-ended")
    assert only(platform, Task, id=task.id).state == "cancelled"
    assert world.applied == []
    assert only(platform, Clock).outcome == "cancelled"


def test_an_effect_of_a_step_that_then_never_happened_is_an_incident(
    platform: Platform, faulty: FaultyGateway, gateway: InProcessGateway, clock: WallClock
) -> None:
    task = claimed(platform)
    faulty.faults = ["forgotten"]
    receipt = tasks.complete(OFFICER, platform, task.id, GRANT)
    commands.submit(ADMINISTRATOR, platform, instance=task.instance, name="cancel", key="duplicate")
    later(platform, clock)
    assert only(platform, Command, id=receipt.command).state == "refused"
    assert "effect-without-step" in [row.code for row in every(platform, Incident)]


@pytest.mark.parametrize("fault", ["lost-before", "lost-after", "forgotten"])
def test_a_start_is_one_instance_however_often_it_is_sent(
    platform: Platform, faulty: FaultyGateway, clock: WallClock, fault: Fault
) -> None:
    faulty.faults = [fault]
    receipt = begin(platform, command="asked-once")
    again = begin(platform, command="asked-once")
    later(platform, clock)
    assert receipt.instance == again.instance
    assert only(platform, Instance).id == receipt.instance
    assert len(every(platform, Task)) == 1
    assert only(platform, Command).state == "done"
    assert verify(platform).gaps == []


def test_nobody_moves_a_real_clock_and_a_simulated_one_moves_through_its_levels(platform: Platform) -> None:
    real = begin(platform)
    with pytest.raises(Refused) as refused:
        commands.submit(
            ADMINISTRATOR, platform, instance=real.instance, name="advance", variables={"by": "PT49H"}
        )
    assert refused.value.code == "not-simulated"
    simulated = begin(platform, case="SIM-SIM", simulated=True, at=platform.now())
    commands.submit(
        ADMINISTRATOR, platform, instance=simulated.instance, name="advance", variables={"by": "PT49H"}
    )
    clock = only(platform, Clock, instance=simulated.instance)
    assert (clock.state, clock.level, clock.simulated) == ("breached", "breached", True)
    assert only(platform, Clock, instance=real.instance).state == "running"


def test_a_simulated_instance_is_refused_unless_the_settings_allow_it(platform: Platform) -> None:
    platform.settings.simulation = False
    with pytest.raises(Refused) as refused:
        begin(platform, simulated=True)
    assert refused.value.code == "simulation-off"
    assert every(platform, Command) == []


def test_only_an_administrator_gives_a_running_process_orders(platform: Platform) -> None:
    receipt = begin(platform)
    for name in ("cancel", "set_variables", "message", "retry"):
        with pytest.raises(NotAllowed):
            commands.submit(OFFICER, platform, instance=receipt.instance, name=name)
    assert len(every(platform, Command)) == 1


def test_a_clock_level_comes_when_its_time_comes(
    platform: Platform, gateway: InProcessGateway, clock: WallClock
) -> None:
    begin(platform)
    clock.move(hours=23)
    assert gateway.wake_due() == 0
    clock.move(hours=1)
    gateway.wake_due()
    assert (only(platform, Clock).level, only(platform, Clock).state) == ("half", "running")
    clock.move(hours=24)
    gateway.wake_due()
    assert only(platform, Clock).state == "breached"


def test_an_answer_lost_just_before_the_end_is_not_taken_for_a_refusal(
    platform: Platform, faulty: FaultyGateway, clock: WallClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server need not remember the updates of a process that has ended."""
    task = claimed(platform)
    tasks.complete(OFFICER, platform, task.id, GRANT)
    with platform.writing() as session:
        messages.post(session, "answer", "K7Q-4MX", {}, at=platform.now())
    faulty.faults = ["lost-after", "lost-after"]
    assert messages.deliver(platform) == 0
    last = tasks.claim(SUPERVISOR, platform, only(platform, Task, element="file").id)
    receipt = tasks.complete(SUPERVISOR, platform, last.id, {})
    assert (receipt.status, only(platform, Instance).state) == ("running", "completed")
    ended = Answer("refused", "instance-ended", "This process has ended.")
    monkeypatch.setattr(faulty.inner, "command", lambda *_: ended)
    later(platform, clock)
    assert messages.deliver(platform) == 1
    assert only(platform, Message).state == "delivered"
    row = only(platform, Command, id=receipt.command)
    assert (row.state, row.refusal) == ("done", None) and row.answered_at is not None
    assert only(platform, Task, id=last.id).state == "completed"


ALL = (
    Message,
    TaskDraft,
    TaskGroup,
    Task,
    Clock,
    ClockEvent,
    Incident,
    Subscription,
    FactRow,
    Command,
    Instance,
)


@pytest.fixture
def quiet(platform: Platform, faulty: FaultyGateway) -> Iterator[Any]:
    def clean() -> None:
        with platform.writing() as session:
            for model in ALL:
                session.execute(delete(table_of(model)))
        faulty.inner.instances.clear()

    yield clean


@settings(
    derandomize=True,
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    faults=st.lists(st.sampled_from(["ok", "lost-before", "lost-after", "forgotten"]), max_size=12),
    broken=st.lists(st.booleans(), max_size=4),
)
def test_whatever_fails_on_the_way_a_request_comes_to_the_same_end(
    platform: Platform,
    faulty: FaultyGateway,
    world: World,
    clock: WallClock,
    quiet: Any,
    faults: list[Fault],
    broken: list[bool],
) -> None:
    quiet()
    world.applied.clear()
    world.told.clear()
    faulty.faults = list(faults)
    begin(platform)
    _until(platform, clock, world, broken, lambda: every(platform, Task, element="decide"))
    task = tasks.claim(OFFICER, platform, only(platform, Task, element="decide").id)
    world.fail_apply = sum(broken)
    with suppress(ConnectionError):
        tasks.complete(OFFICER, platform, task.id, GRANT)
    _until(platform, clock, world, broken, lambda: only(platform, Task, id=task.id).state == "completed")
    with platform.writing() as session:
        messages.post(
            session, "answer", "K7Q-4MX", {}, at=platform.now(), id=f"answer-{clock.at.timestamp()}"
        )
    _until(platform, clock, world, broken, lambda: every(platform, Task, element="file"))
    last = tasks.claim(SUPERVISOR, platform, only(platform, Task, element="file").id)
    tasks.complete(SUPERVISOR, platform, last.id, {})
    _until(platform, clock, world, broken, lambda: only(platform, Instance).state == "completed")
    assert len(world.applied) == 1
    assert [row.state for row in every(platform, Command)] == ["done"] * 3
    assert all(row.answered_at for row in every(platform, Command))
    assert [row.state for row in every(platform, Message)] == ["delivered"]
    kinds = [row.kind for row in every(platform, FactRow)]
    assert kinds.count("ended") == 1 and kinds.count("message_taken") == 1 and kinds.count("task_closed") == 2
    assert every(platform, Incident) == []
    numbers = sorted(row.number for row in every(platform, FactRow))
    assert numbers == list(range(1, len(numbers) + 1))


def _until(platform: Platform, clock: WallClock, world: World, broken: list[bool], done: Any) -> None:
    for _ in range(40):
        answered = all(row.answered_at for row in every(platform, Command))
        if done() and answered and not every(platform, Message, state="matched"):
            return
        clock.move(seconds=31)
        try:
            commands.resend(platform)
            messages.deliver(platform)
        except ConnectionError:
            continue
    raise AssertionError("it never came to rest")
