"""The order in which an instance handles what waits: overdue times, commands in their order, what is due now."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pdflow.engine import EngineError
from pdflow.engine.protocol import Completed, DefinitionResolved, ErrorThrown, GoOn, WorkFailed
from pdflow.feel.encoding import EncodingError, decode
from pdflow.runtime import commands, instants, simulated, timing
from pdflow.runtime.commands import Refusal
from pdflow.runtime.inbox import Inbox
from pdflow.runtime.incoming import DefinitionsResolved, JobDone, JobFailed
from pdflow.runtime.messages import Answer, CommandMessage
from pdflow.runtime.stepper import Stepper

#: Budgets of the engine that one call may use up before it hands back control: well under the two seconds of processor
#: time after which Temporal takes a workflow task for stuck.
MAX_ROUNDS = 2

_HALTED: Refusal = (
    "halted",
    "This process has stopped for a fault; an administrator must look at its incident first.",
)
_FAULT: Refusal = ("fault", "This could not be carried out for a fault of the system; an incident is open.")


def _resolves(message: CommandMessage) -> bool:
    return message.name == "cancel" or (message.name == "retry" and message.task is None)


class Loop:
    """Handles commands, answers and due times of one instance, one after the other."""

    def __init__(self, stepper: Stepper, inbox: Inbox) -> None:
        self._stepper = stepper
        self._inbox = inbox
        self._log = stepper.log
        self._work = stepper.work
        self._answers: dict[str, Answer] = {}

    @property
    def halted(self) -> bool:
        """Has a fault of ours stopped the instance?"""
        return "" in self._work.incidents

    @property
    def due(self) -> datetime | None:
        """The earliest due time; of a halted instance the earliest clock level."""
        if self.halted:
            level = self._stepper.clocks.next()
            return level[0] if level else None
        return timing.earliest(self._stepper)

    @property
    def more(self) -> bool:
        """Is there something to do at once, without any event?"""
        if self.halted or (self._stepper.identity.simulated and self._work.busy):
            return False
        due = timing.earliest(self._stepper)
        return self._stepper.going_on or len(self._inbox) > 0 or (due is not None and due <= self._log.now)

    def due_text(self) -> str | None:
        """:attr:`due` for the wire."""
        due = self.due
        return None if due is None else instants.write(due)

    def check(self, message: CommandMessage) -> Answer | None:
        """Would this command be refused right now? Changes nothing."""
        if self._inbox.handled(message.id) is not None or len(self._inbox) or self._stepper.going_on:
            return None
        if self.halted and not _resolves(message):
            return self._answer("refused", _HALTED)
        goal = simulated.goal(self._stepper, message)
        if isinstance(goal, tuple):
            return self._answer("refused", goal)
        refused = commands.refusal(self._stepper, message, later=goal is not None and goal > self._log.now)
        return self._answer("refused", refused) if refused else None

    def report_fault(self, fault: str, message: CommandMessage | None) -> dict[str, Answer]:
        """See :meth:`pdflow.runtime.instance.Instance.report_fault`."""
        self._engine_itself()
        answers = {} if message is None else {message.id: self._answer("refused", _FAULT)}
        code, recorder = _FAULT[0], self._stepper.recorder
        if message is not None and not len(self._inbox) and not self.more:
            recorder.raise_incident(f"command {message.id}", None, code, f"A command failed with {fault}.")
        else:
            recorder.raise_incident("", None, code, f"The process stopped with {fault}.")
        return answers

    def run(self) -> dict[str, Answer]:
        """Handle what waits, in order, until the model is at rest, a job must answer first, or the budget is used up.

        Returns:
            Command id to answer, of the commands that were handled or refused.
        """
        self._answers = {}
        rounds = 0
        while not self.halted:
            if not self._stepper.going_on:
                if not self._run_next():
                    return self._answers
            elif rounds == MAX_ROUNDS:
                return self._answers
            else:
                rounds += 1
                self._go_on()
        self._run_halted()
        return self._answers

    def _go_on(self) -> None:
        """Let the engine continue; a model that never rests can still be cancelled."""
        urgent = self._inbox.find("cancel")
        if urgent is not None:
            self._carry_out(urgent)
        else:
            self._engine_itself()
            self._stepper.step(GoOn())

    def _run_next(self) -> bool:
        """Handle what is overdue, then the next command, or without one what is due now; ``False``: nothing moved."""
        self._engine_itself()
        stepped = self._stepper.identity.simulated
        if not stepped and not timing.fire(self._stepper, self._log.now, inclusive=False):
            return self._stepper.going_on
        head = self._inbox.head()
        if head is not None:
            return self._try(head) or self._stepper.going_on
        if stepped and self._work.busy:
            return False
        timing.fire(self._stepper, self._log.now)
        return self._stepper.going_on

    def _run_halted(self) -> None:
        while (level := self._stepper.clocks.next()) is not None and level[0] <= self._log.now:
            self._stepper.reach_level(level[1], signals=False)
        while (head := self._inbox.head()) is not None and self.halted:
            if _resolves(head):
                self._carry_out(self._inbox.take())
            else:
                self._inbox.take()
                self._answers[head.id] = self._answer("refused", _HALTED)

    def _try(self, message: CommandMessage) -> bool:
        """Carry out the command that is next; ``False``: its instant is not reached yet, it stays."""
        goal = simulated.goal(self._stepper, message)
        if isinstance(goal, tuple):
            self._inbox.take()
            self._answers[message.id] = self._answer("refused", goal)
            return True
        if goal is not None and not self._stepper.ended:
            self._inbox.pin(instants.write(goal))
            if not simulated.move(self._stepper, goal, inclusive=message.name == "advance"):
                return False
        moved = goal is not None and message.name == "advance"
        self._carry_out(self._inbox.take(), moved=moved)
        return True

    def _carry_out(self, message: CommandMessage, *, moved: bool = False) -> None:
        refused = commands.refusal(self._stepper, message, moved=moved)
        if refused is None:
            self._log.actor, self._log.command = message.actor or None, message.id
            refused = commands.apply(self._stepper, message)
            self._engine_itself()
        if refused is not None:
            self._answers[message.id] = self._answer("refused", refused)
            return
        self._inbox.remember(message.id, self._log.last)
        self._answers[message.id] = self._answer("done")

    def job_over(self, answer: JobDone | JobFailed) -> None:
        """A job has answered; nothing happens when it is no longer wanted."""
        self._catch_up()
        job = self._work.job(answer.job)
        if job is None or self.halted:
            return
        del self._work.jobs[job.call.token]
        self._engine_itself()
        token = job.call.token
        if isinstance(answer, JobFailed):
            self._stepper.step(WorkFailed(token, answer.message))
            return
        result, before = answer.result, self._log.last
        try:
            variables = decode(result.variables)
            event: Completed | ErrorThrown = Completed(token, variables)
            if result.error is not None:
                event = ErrorThrown(token, result.error, result.message or "", variables)
            else:
                self._log.add("job_done", {"type": job.call.type}, element=job.call.element, token=token)
            self._stepper.step(event)
        except (EngineError, EncodingError) as refused:
            self._log.withdraw(before)
            self._stepper.step(WorkFailed(token, f"The result of the job was refused: {refused}"))

    def resolved(self, answer: DefinitionsResolved) -> None:
        """The look-up of definitions has answered."""
        self._catch_up()
        if self.halted:
            return
        self._engine_itself()
        asked = set(answer.processes)
        for token, process in list(self._work.resolving.items()):
            if process in asked and self._work.resolving.pop(token, None) is not None:
                self._stepper.step(DefinitionResolved(token, answer.definitions.get(process)))

    def _catch_up(self) -> None:
        """What was due before the present instant comes before what arrives at it."""
        self._engine_itself()
        if not self._stepper.identity.simulated and not self.halted:
            timing.fire(self._stepper, self._log.now, inclusive=False)

    def _engine_itself(self) -> None:
        """What follows is caused by no command of a person."""
        self._log.actor = self._log.command = None

    def _answer(self, status: Literal["done", "refused"], refused: Refusal | None = None) -> Answer:
        code, sentence = refused or (None, None)
        return Answer(status, code, sentence, self._log.last, self.due_text())
