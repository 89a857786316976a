"""The workflow that carries one process instance. All rules are in :mod:`pdflow.runtime`; here they meet Temporal.

Every change goes through :meth:`ProcessInstance._act`, which awaits nothing, so that handlers cannot interleave in the
middle of a step; what must be re-checked is re-checked there. Facts are written by one writer in their order, jobs begin
when what caused them is written, and one timer follows the earliest due time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import ApplicationError

from pdflow.runtime import (
    Answers,
    DefinitionMissing,
    DefinitionsResolved,
    Instance,
    SnapshotRefused,
    StartRefused,
)
from pdflow.runtime.messages import (
    ACTIVITY_PROJECT,
    ACTIVITY_RESOLVE,
    QUERY_SNAPSHOT,
    QUERY_STATUS,
    UPDATE_COMMAND,
    WORKFLOW,
    Answer,
    CommandMessage,
    JobCall,
    ResolveCall,
    Resolved,
    StartInstance,
    Status,
)
from workflows import certain, definitions, jobs

#: Events after which a new run begins at the next quiet moment; the server suggests it at 4,101. A release that changes
#: this or :data:`HARD_BUDGET` must keep the old figures for runs that began under them.
BUDGET = 3000
#: Events after which it begins although work keeps coming: what arrives then waits in the inbox.
HARD_BUDGET = 3800

_OFFICE = SearchAttributeKey.for_keyword("office")
_ANSWERS_KEPT = 50


@workflow.defn(name=WORKFLOW, sandboxed=False)
class ProcessInstance:
    """One process instance: takes commands as updates, lives until the process has ended and everything is written."""

    @workflow.init
    def __init__(self, start: StartInstance) -> None:
        self._answers: dict[str, Answer] = {}
        self._jobs: dict[int, asyncio.Task[None]] = {}
        self._background: set[asyncio.Task[None]] = set()
        self._asked: set[str] = set()
        self._sleeping: list[datetime] = []
        self._handing_over = False
        self._unit = start.unit
        self._instance: Instance | None = None
        self._refused: str | None = None
        try:
            self._instance = Instance.start(start, definitions.current(), workflow.now())
        except (DefinitionMissing, SnapshotRefused):
            raise  # the task is tried again until this worker has the definition, or the right release takes it
        except StartRefused as refused:
            self._refused = str(refused)
        except Exception as fault:
            workflow.logger.exception("An instance could not be started")
            self._refused = (
                f"The process could not be started for a fault of the system ({type(fault).__name__})."
            )

    @workflow.run
    async def run(self, start: StartInstance) -> None:
        """Live until the process has ended; a long life continues in new runs from a snapshot."""
        if self._refused is not None:
            raise ApplicationError(self._refused, type=StartRefused.code, non_retryable=True)
        writing = asyncio.create_task(self._keep_writing())
        if start.snapshot is not None:
            self._act(lambda instance, now: instance.wake(now))
        self._look()
        try:
            await workflow.wait_condition(lambda: self._over or self._full)
        except asyncio.CancelledError:
            # An operator cancels in Temporal itself: the process ends as by a command, with its facts.
            cancel = CommandMessage(f"cancel {workflow.info().run_id}", "cancel", "", key="cancelled")
            self._act(lambda instance, now: instance.handle(cancel, now))
            await workflow.wait_condition(lambda: self._over)
        if not self._over:
            self._handing_over = True
            await workflow.wait_condition(
                lambda: self.instance.unwritten == 0 and workflow.all_handlers_finished()
            )
            start.snapshot, start.variables, start.unit = self.instance.snapshot(), {}, self.instance.unit
            workflow.continue_as_new(start)
        writing.cancel()

    @workflow.update(name=UPDATE_COMMAND)
    async def command(self, message: CommandMessage) -> Answer:
        """Carry out a command; answers when its facts are written.

        Patience is the caller's: "accepted, still running" would be the last word of this update id, and a caller that
        sends the command again could never learn how it ended. Only a hand-over to a new run answers so; there the same
        id is asked anew.
        """
        if self._handing_over:
            self.instance.keep(message)
        else:
            self._act(lambda instance, now: instance.handle(message, now), message)
        await workflow.wait_condition(lambda: self._settled(message.id) or self._handing_over)
        if not self._settled(message.id):
            return Answer("running", last_fact=self.instance.last_fact)
        return self._answers[message.id]

    @command.validator
    def check_command(self, message: CommandMessage) -> None:
        """Refuse before anything is written to history."""
        if self._refused is not None:
            raise ApplicationError(self._refused, type=StartRefused.code)
        refused = self.instance.check(message)
        if refused is not None:
            raise ApplicationError(refused.sentence or "", type=refused.code)

    @workflow.query(name=QUERY_STATUS)
    def status(self) -> Status:
        """Where the instance stands."""
        return self.instance.status()

    @workflow.query(name=QUERY_SNAPSHOT)
    def snapshot(self) -> dict[str, Any]:
        """Everything the instance is."""
        return self.instance.snapshot()

    @property
    def instance(self) -> Instance:
        """The pure half."""
        assert self._instance is not None
        return self._instance

    @property
    def _unfinished(self) -> bool:
        """The instance can go on by itself; before a hand-over the new run does."""
        return self.instance.more and not self._handing_over

    @property
    def _quiet(self) -> bool:
        """Nothing is under way that a new run would have to begin again."""
        return not (self.instance.unwritten or self._jobs or self._asked or self.instance.more)

    @property
    def _over(self) -> bool:
        return self.instance.ended and self._quiet and workflow.all_handlers_finished()

    @property
    def _full(self) -> bool:
        events = workflow.info().get_current_history_length()
        return events >= HARD_BUDGET or (
            events >= BUDGET and self._quiet and workflow.all_handlers_finished()
        )

    def _settled(self, command: str) -> bool:
        answer = self._answers.get(command)
        if answer is None:
            return False
        return answer.status == "refused" or self.instance.is_written(answer.last_fact)

    def _act(
        self, action: Callable[[Instance, datetime], Answers], message: CommandMessage | None = None
    ) -> None:
        """Change the instance. A fault of ours becomes an incident of an unchanged instance, never a failed task."""
        before = self.instance.snapshot()
        try:
            answers = action(self.instance, workflow.now())
        except Exception as fault:
            workflow.logger.exception("An instance could not take an event; it is kept as it was")
            self._instance = Instance.restore(before, definitions.current())
            answers = self.instance.report_fault(type(fault).__name__, message)
        self._answers.update(answers)
        while len(self._answers) > _ANSWERS_KEPT:
            del self._answers[next(iter(self._answers))]
        self._look()

    def _look(self) -> None:
        """See what the instance wants now."""
        self._arm()
        for number in [number for number in self._jobs if not self.instance.wants(number)]:
            self._jobs.pop(number).cancel()
        for number, call in self.instance.jobs.items():
            if number not in self._jobs:
                self._jobs[number] = asyncio.create_task(self._run_job(number, call))
        processes = [process for process in self.instance.resolving if process not in self._asked]
        if processes:
            self._asked.update(processes)
            self._spawn(self._resolve(processes))
        self._show_unit()

    def _arm(self) -> None:
        """One timer: a new one only when something is due earlier than any that runs; a stale one looks again."""
        due = self.instance.due
        if due is not None and (not self._sleeping or due < min(self._sleeping)):
            self._sleeping.append(due)
            self._spawn(self._sleep_until(due))

    async def _sleep_until(self, due: datetime) -> None:
        await workflow.sleep(max(due - workflow.now(), timedelta(0)))
        self._sleeping.remove(due)
        self._act(lambda instance, now: instance.wake(now))

    async def _keep_writing(self) -> None:
        """Write facts in their order, one batch at a time; everything else of the instance goes on meanwhile.

        The messages that the instance has thrown are part of the batch: whoever delivers them finds them written.
        """
        while True:
            await workflow.wait_condition(lambda: self.instance.unwritten > 0 or self._unfinished)
            while (batch := self.instance.batch()) is not None:
                await certain.run(ACTIVITY_PROJECT, batch)
                self.instance.written(batch.facts[-1].number)
                self._look()
            if self._unfinished:
                self._act(lambda instance, now: instance.wake(now))

    async def _run_job(self, number: int, call: JobCall) -> None:
        answer = await jobs.run(number, call)
        self._jobs.pop(number, None)
        self._act(lambda instance, now: instance.handle(answer, now))

    async def _resolve(self, processes: list[str]) -> None:
        resolved: Resolved = await certain.run(ACTIVITY_RESOLVE, ResolveCall(processes), Resolved)
        self._asked.difference_update(processes)
        answer = DefinitionsResolved(processes, resolved.definitions)
        self._act(lambda instance, now: instance.handle(answer, now))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    def _show_unit(self) -> None:
        """Keep the search attribute in step; one that the server does not know would fail the task."""
        unit = self.instance.unit
        if unit == self._unit or unit is None:
            return
        self._unit = unit
        if workflow.info().typed_search_attributes.get(_OFFICE) is not None:
            workflow.upsert_search_attributes([_OFFICE.value_set(unit)])
