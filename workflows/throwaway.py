"""An instance that a script drives, for ``pdflow run``: on Temporal like any other, but its clock and its jobs wait for the script.

A simulated instance would not do: its clock stands still while a job is open, and a script may let time pass meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.client import Client
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from pdflow.runtime import Answers, DefinitionSource, Instance, JobDone, JobFailed, instants
from pdflow.runtime.messages import ACTIVITY_JOB, WORKFLOW, CommandMessage, JobCall, JobResult, StartInstance
from workflows import definitions
from workflows.process_instance import ProcessInstance

#: A job that the script leaves open waits as long as the run lasts.
_OPEN = timedelta(hours=24)
TASK_QUEUE = "throwaway"
#: The update that lets time pass; its argument is the present instant.
UPDATE_TIME = "tell_time"


@workflow.defn(name=WORKFLOW, sandboxed=False)
class ScriptedInstance(ProcessInstance):
    """A process instance whose present instant is the one it was last told, at first that of its start."""

    @workflow.init
    def __init__(self, start: StartInstance) -> None:
        assert start.at is not None
        self._told = instants.read(start.at)
        super().__init__(start)

    @workflow.run
    async def run(self, start: StartInstance) -> None:
        """See :meth:`ProcessInstance.run`."""
        await super().run(start)

    @workflow.update(name=UPDATE_TIME)
    def tell_time(self, at: str) -> None:
        """It is this instant now: do what is due."""
        self._told = instants.read(at)
        self._act(lambda instance, now: instance.wake(now))

    def _act(
        self, action: Callable[[Instance, datetime], Answers], message: CommandMessage | None = None
    ) -> None:
        super()._act(lambda instance, _: action(instance, self._told), message)

    def _arm(self) -> None:
        """No timer: the script says what time it is."""

    async def _run_job(self, number: int, call: JobCall) -> None:
        answer: JobDone | JobFailed
        try:
            result = await workflow.execute_activity(
                ACTIVITY_JOB, call, result_type=JobResult, start_to_close_timeout=_OPEN
            )
            answer = JobDone(number, result)
        except FailureError as failure:
            cause = failure.cause
            answer = JobFailed(number, cause.message if isinstance(cause, ApplicationError) else str(failure))
        self._jobs.pop(number, None)
        self._act(lambda instance, now: instance.handle(answer, now))


def worker(client: Client, source: DefinitionSource, activities: Sequence[Callable[..., Any]]) -> Worker:
    """A worker of scripted instances on a server of their own.

    Args:
        client: of the event loop that runs the worker.
        source: where definitions are found.
        activities: ``project``, ``resolve_definitions`` and ``run_job``, which is not tried again when it fails for good.
    """
    definitions.provide(source)
    return Worker(
        client,
        task_queue=TASK_QUEUE,
        workflows=[ScriptedInstance],
        activities=activities,
        workflow_runner=UnsandboxedWorkflowRunner(),
        max_concurrent_activities=1000,
    )
