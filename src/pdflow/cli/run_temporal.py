"""``pdflow run`` on Temporal: the same script, the same output, on a server that lives as long as the run."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from temporalio import activity
from temporalio.client import Client, WorkflowHandle, WorkflowQueryFailedError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.service import RPCError

from pdflow.cli import run as on_the_engine
from pdflow.records.crypto import KeyRing
from pdflow.runtime import Answers, Instance, JobDone, JobFailed, LocalDriver, instants
from pdflow.runtime.instance import Incoming
from pdflow.runtime.messages import (
    ACTIVITY_JOB,
    ACTIVITY_PROJECT,
    ACTIVITY_RESOLVE,
    QUERY_SNAPSHOT,
    UPDATE_COMMAND,
    WORKFLOW,
    Answer,
    CommandMessage,
    JobCall,
    JobResult,
    ResolveCall,
    Resolved,
    StartInstance,
    read_batch,
)
from pdflow.services.errors import ServiceError
from pdflow.services.temporal.client import Target, connect
from pdflow.services.temporal.server import start_server

_PAUSE_SECONDS = 0.005
_PATIENCE = timedelta(seconds=60)
_Result = TypeVar("_Result")


def run(asked: on_the_engine.Run) -> int:
    """Run on a throw-away server and say how it ended; see :func:`pdflow.cli.run.run`.

    Raises:
        Refused: as there, or no server can be had.
    """
    with ExitStack() as stack:
        try:
            return on_the_engine.run(asked, partial(TemporalDriver, stack=stack))
        except (ServiceError, RPCError, WorkflowQueryFailedError) as error:
            raise on_the_engine.Refused(
                f"The run on Temporal broke off: {error} With --no-temporal it needs no server."
            ) from error


class Twin(Instance):
    """What an instance on Temporal was when it was last looked at; it is only read."""

    def show(self, other: Instance) -> None:
        """Be what the other one is."""
        vars(self).update(vars(other))


@dataclass
class TemporalDriver(LocalDriver):
    """Drives the one instance of a run on a server of its own; the server is there from the start to the stack's end.

    Attributes:
        stack: what is closed when the run is over.
    """

    stack: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[JobResult]] = {}
        self._last = 0
        self._told: datetime | None = None

    def start(self, start: StartInstance, now: datetime) -> Instance:
        """See :meth:`LocalDriver.start`."""
        # What cannot start is refused here, with its reason; nothing of this first try is kept.
        twin = Twin.start(start, self.source, now)
        folder = Path(self.stack.enter_context(TemporaryDirectory(prefix="pdflow-run-")))
        server = start_server(folder)
        self.stack.callback(server.stop)
        self._open_loop()
        self._told, at = now, instants.write(now)
        # Simulated up to its very start: so it begins at the script's instant, whatever the time is by now.
        begin = replace(start, simulated=True, at=at, anchor=at)
        self._do(self._serve(server.address, begin))
        self._look(twin)
        return twin

    def send(self, instance: Instance, message: CommandMessage, now: datetime) -> Answer:
        """See :meth:`LocalDriver.send`."""
        self._tell_time(now)
        answer = self._do(self._update(message))
        self._look(instance)
        return answer

    def wake(self, instance: Instance, now: datetime) -> None:
        """See :meth:`LocalDriver.wake`."""
        self._tell_time(now)
        self._look(instance)

    def tell(self, instance: Instance, incoming: Incoming, now: datetime) -> Answers:
        """Answer a job that was left open; see :meth:`LocalDriver.tell`."""
        assert isinstance(incoming, JobDone | JobFailed)
        self._tell_time(now)
        self._do(self._answer(instance, incoming))
        self._look(instance)
        return {}

    async def _serve(self, address: str, start: StartInstance) -> None:
        throwaway = import_module("workflows.throwaway")
        client: Client = await connect(Target(address), KeyRing.fresh())
        self._worker = throwaway.worker(client, self.source, [self._project, self._resolve, self._job])
        self._working = asyncio.create_task(self._worker.run())
        self._update_time: str = throwaway.UPDATE_TIME
        self._handle: WorkflowHandle[Any, Any] = await client.start_workflow(
            WORKFLOW, start, id=start.instance, task_queue=throwaway.TASK_QUEUE
        )

    async def _stop(self) -> None:
        for waiting in self._waiting.values():
            waiting.set_exception(_failure("The run is over."))
        await self._worker.shutdown()
        await self._working

    async def _update(self, message: CommandMessage) -> Answer:
        try:
            answer: Answer = await self._handle.execute_update(
                UPDATE_COMMAND, message, id=message.id, result_type=Answer, rpc_timeout=_PATIENCE
            )
        except WorkflowUpdateFailedError as failed:
            cause = failed.cause
            if not isinstance(cause, ApplicationError):
                raise
            return Answer("refused", cause.type, cause.message)
        return answer

    async def _answer(self, instance: Instance, incoming: JobDone | JobFailed) -> None:
        waiting = self._waiting.pop(instance.jobs[incoming.job].key)
        if isinstance(incoming, JobFailed):
            waiting.set_exception(_failure(incoming.message))
        else:
            waiting.set_result(incoming.result)

    def _tell_time(self, now: datetime) -> None:
        """Let time pass, if it has."""
        if self._told != now:
            self._told = now
            self._do(
                self._handle.execute_update(self._update_time, instants.write(now), rpc_timeout=_PATIENCE)
            )

    def _look(self, instance: Instance) -> None:
        """Wait until nothing can move any more, then show the instance as it is."""
        assert isinstance(instance, Twin)
        while not self._at_rest(
            seen := Instance.restore(self._do(self._handle.query(QUERY_SNAPSHOT)), self.source)
        ):
            threading.Event().wait(_PAUSE_SECONDS)
        instance.show(seen)

    def _at_rest(self, seen: Instance) -> bool:
        left_open = all(call.key in self._waiting for call in seen.jobs.values())
        return not seen.unwritten and (seen.ended or (left_open and not seen.more and not seen.resolving))

    @activity.defn(name=ACTIVITY_PROJECT)
    async def _project(self, data: dict[str, Any]) -> int:
        batch = read_batch(data)
        if batch.first > self._last:
            self._last = batch.facts[-1].number
            self.write(batch)
            self.post(batch.messages)
        return self._last

    @activity.defn(name=ACTIVITY_RESOLVE)
    async def _resolve(self, call: ResolveCall) -> Resolved:
        return Resolved(self.resolve(call.processes))

    @activity.defn(name=ACTIVITY_JOB)
    async def _job(self, call: JobCall) -> JobResult:
        result = self.run_job(call)
        if result is not None:
            return result
        self._waiting[call.key] = asyncio.get_running_loop().create_future()
        return await self._waiting[call.key]

    def _open_loop(self) -> None:
        self._loop = asyncio.new_event_loop()
        thread = threading.Thread(target=self._loop.run_forever, name="temporal-run", daemon=True)
        thread.start()

        def close() -> None:
            self._do(self._stop())
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()
            self._loop.close()

        self.stack.callback(close)

    def _do(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def _failure(message: str) -> ApplicationError:
    """A job that fails for good as the script wants it: nothing to log."""
    return ApplicationError(message, non_retryable=True, category=ApplicationErrorCategory.BENIGN)
