"""One process instance driven by a script, in simulated time: ``pdflow run --no-temporal`` and ``pdflow test-model``.

The engine moves until nothing can move; then the next entry of the script is applied, to the oldest match. What a
worker would do is answered from the script; a service or script task that the script does not name any more completes
with no variables. A message that the instance throws and awaits itself is delivered to it, as the platform would.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from pdflow.engine import EngineError, Execution
from pdflow.engine import protocol as engine
from pdflow.feel.boundary import from_python
from pdflow.runtime.clocks import Clocks
from pdflow.runtime.script import Entry, ScriptRefused
from pdflow.sla import STEP_LEVEL, Policy

#: Answers to the engine between two entries at most: a model that does not wait after so many never will.
MAX_ANSWERS = 100_000

_WORDS = {engine.OpenTask: "user task", engine.RunActivity: "activity"}

Resolve = Callable[[str], str | None]


class EntryUnmatched(ScriptRefused):
    """An entry that met nothing that waits for it.

    Attributes:
        index: of the entry, from 0.
    """

    code = "entry-unmatched"

    def __init__(self, index: int, entry: Entry, waiting: str) -> None:
        self.index, self.entry, self.waiting = index, entry, waiting
        super().__init__(f"Entry {index} ({entry}) matches nothing; {waiting}.")

    def counted_from(self, skipped: int) -> EntryUnmatched:
        """The same when the run began behind the first entries of the whole script."""
        return EntryUnmatched(self.index + skipped, self.entry, self.waiting)


class Scripted:
    """An instance, what it waits for, and everything that happened to it.

    Attributes:
        moves: instant and move, in order: the trace.
        now: simulated instant.
        open: open user tasks and activities under way, by token, oldest first.
        incidents: open incidents by token.
        thrown: messages thrown so far, in order.
        clocks: the SLA clocks.
        finished: set when the instance has ended.
    """

    def __init__(
        self,
        library: engine.Library,
        definition: str,
        process: str,
        *,
        now: datetime,
        resolve: Resolve,
        policies: Mapping[str, Policy],
        strict_script: bool = False,
    ) -> None:
        """Prepare an instance.

        Args:
            library: where the engine finds models and decisions.
            definition: key of the model in the library.
            process: id of the process.
            now: instant at which simulated time begins.
            resolve: definition of a called process, ``None`` when there is none.
            policies: SLA policies by name.
            strict_script: service and script tasks wait for an entry.
        """
        self._library, self._definition, self._process = library, definition, process
        self._resolve, self._policies, self._strict = resolve, policies, strict_script
        self._script: list[Entry] = []
        self._next = 0
        self._early: list[engine.ThrowMessage] = []
        self._todo: deque[engine.Command] = deque()
        self._given: Mapping[str, Any] = {}
        self._execution: Execution
        self.now = now
        self.moves: list[tuple[datetime, engine.Moved]] = []
        self.open: dict[str, engine.OpenTask | engine.RunActivity] = {}
        self.awaited: dict[str, engine.Subscribe] = {}
        self.incidents: dict[str, engine.RaiseIncident] = {}
        self.thrown: list[engine.ThrowMessage] = []
        self.clocks = Clocks()
        self.finished: engine.Finish | None = None

    def run(
        self, variables: Mapping[str, Any], script: Sequence[Entry], *, start_event: str | None = None
    ) -> str:
        """Start the instance and apply the whole script.

        Args:
            variables: of the process scope, FEEL values.
            script: what happens, in order.
            start_event: id of the start event; ``None``: the none start event.

        Returns:
            ``completed``, ``waits`` or ``incident``.

        Raises:
            EntryUnmatched: an entry met nothing; everything before it has been applied.
            ScriptRefused: the engine refuses an entry, such as one with more variables than a case may have.
            EngineError: the engine refuses the start.
        """
        self._script, self._next = list(script), 0
        self._given = variables
        self._execution = Execution.prepare(
            self._library,
            self._definition,
            self._process,
            variables,
            now=self.now,
            start_event=start_event,
            functions={"clock": self._clock},
            watch=self._seen,
        )
        self._tell(engine.GoOn())
        self._settle()
        for index, entry in enumerate(self._script):
            self._next = index + 1
            try:
                matched = self._apply(entry)
            except EngineError as error:
                raise ScriptRefused(f"Entry {index} ({entry}): {error}") from error
            if not matched:
                raise EntryUnmatched(index, entry, self.waiting())
            self._settle()
        return self.state

    @property
    def state(self) -> str:
        """``completed``, ``incident`` when a person must look at it, else ``waits``."""
        if self.finished is not None:
            return "completed"
        return "incident" if self.incidents else "waits"

    @property
    def variables(self) -> Mapping[str, Any]:
        """Variables of the process scope, now or at the end; FEEL values."""
        plain = self.finished.variables if self.finished is not None else self._execution.variables
        return {name: from_python(value) for name, value in plain.items()}

    @property
    def tasks(self) -> list[engine.OpenTask]:
        """Open user tasks, oldest first."""
        return [one for one in self.open.values() if isinstance(one, engine.OpenTask)]

    def waiting(self) -> str:
        """What the instance waits for, in words."""
        if self.finished is not None:
            return "the instance has ended"
        parts = [f"incident at {one.element}: {one.message.rstrip('.')}" for one in self.incidents.values()]
        parts += [f"{_WORDS[type(one)]} {one.element}" for one in self.open.values()]
        parts += [
            f"message {one.message}" + (f" [{one.key}]" if one.key else "") for one in self.awaited.values()
        ]
        if self.due is not None:
            parts.append(f"time {self.due.isoformat()}")
        return "it waits for " + (", ".join(parts) or "a signal or a condition")

    @property
    def due(self) -> datetime | None:
        """The earliest timer or SLA level."""
        level = self.clocks.next()
        dues = [due for due in (self._execution.earliest_due, level[0] if level else None) if due is not None]
        return min(dues, default=None)

    def _apply(self, entry: Entry) -> bool:
        given = entry.variables or {}
        if entry.kind == "advance":
            self._advance(self.now + entry.duration)
            return self.finished is None or self._next == len(self._script)
        if entry.kind == "message":
            return self._tell(engine.MessageReceived(entry.name, entry.key, given))
        if entry.kind == "signal":
            return self._tell(engine.SignalReceived(entry.name, given))
        token = next((one.token for one in self.open.values() if one.element == entry.name), None)
        if token is None:
            return False
        del self.open[token]
        if entry.kind == "complete":
            return self._tell(engine.Completed(token, given))
        if entry.error is not None:
            return self._tell(engine.ErrorThrown(token, entry.error, "", given))
        return self._tell(engine.WorkFailed(token, "The script says that it failed."))

    def _advance(self, target: datetime) -> None:
        while self.finished is None:
            timer, level = self._execution.earliest_due, self.clocks.next()
            due = self.due
            if due is None or due > target:
                break
            self.now = max(self.now, due)
            if timer is not None and timer <= due:
                self._tell(engine.TimersDue())
            elif level is not None:
                self._reach(level[1])
            self._settle()
        self.now = max(self.now, target)

    def _reach(self, clock: str) -> None:
        running, level = self.clocks.reach(clock, self.now)
        one = running.clock
        self._tell(engine.SignalReceived(f"sla.{one.policy}.{level.name}"))
        for step in self._policies[one.policy].steps(level.name):
            escalation = {
                "policy": one.policy,
                "subject": one.subject,
                "level": STEP_LEVEL[step],
                "step": step,
                "unit": one.unit,
                "due": one.due,
            }
            self._tell(engine.SignalReceived("sla.escalation", {"escalation": from_python(escalation)}))

    def _tell(self, event: engine.Event) -> bool:
        return self._execution.handle(event, self.now).taken

    def _settle(self) -> None:
        """Answer the engine until nothing can move without the script."""
        answers = 0
        while self.finished is None and (self._todo or self._unnamed() is not None):
            command = self._todo.popleft() if self._todo else None
            answers += 1
            if answers > MAX_ANSWERS:
                self._never_waits()
                return
            if command is None:
                self._complete_unnamed()
            else:
                self._answer(command)

    def _answer(self, command: engine.Command) -> None:
        if isinstance(command, engine.Continue):
            self._tell(engine.GoOn())
        elif isinstance(command, engine.ResolveDefinition):
            self._tell(engine.DefinitionResolved(command.token, self._resolve(command.process)))
        elif isinstance(command, engine.ThrowMessage):
            if not self._deliver(command):
                self._early.append(command)
        elif isinstance(command, engine.Subscribe) and command.token in self.awaited:
            early = next(
                (one for one in self._early if (one.name, one.key) == (command.message, command.key)), None
            )
            if early is not None and self._deliver(early):
                self._early.remove(early)

    def _deliver(self, message: engine.ThrowMessage) -> bool:
        return self._tell(engine.MessageReceived(message.name, message.key, message.variables))

    def _unnamed(self) -> engine.RunActivity | None:
        """The oldest activity that no entry to come names."""
        if self._strict:
            return None
        named = {one.name for one in self._script[self._next :] if one.kind in {"complete", "fail"}}
        work = (one for one in self.open.values() if isinstance(one, engine.RunActivity))
        return next((one for one in work if one.element not in named), None)

    def _complete_unnamed(self) -> None:
        work = self._unnamed()
        if work is not None:
            del self.open[work.token]
            self._tell(engine.Completed(work.token))

    def _never_waits(self) -> None:
        message = "The model goes on and on without ever waiting."
        self.incidents["-"] = engine.RaiseIncident("-", self._process, "never-waits", message)
        moved = engine.Moved("incident", self._process, "process", None, None, None, self._definition)
        self.moves.append((self.now, moved))

    def _clock(self, policy: Any, subject: Any = None) -> Any:
        """The FEEL function ``clock``; a clock that this very step starts is seen already."""
        for wanted in self._execution.starting:
            if (wanted.policy, wanted.subject) == (policy, subject) and policy in self._policies:
                return self.clocks.foresee(self._policies[policy], subject, wanted.unit, self.now)
        return self.clocks.describe(policy, subject, self.now)

    def _seen(self, one: engine.Command | engine.Moved) -> None:
        """Keep the books at the moment the engine says something."""
        match one:
            case engine.Moved():
                self.moves.append((self.now, one))
            case engine.OpenTask() | engine.RunActivity():
                self.open[one.token] = one
            case engine.CloseTask() | engine.CancelActivity():
                self.open.pop(one.token, None)
            case engine.Subscribe():
                self.awaited[one.token] = one
                self._todo.append(one)
            case engine.Unsubscribe():
                self.awaited.pop(one.token, None)
            case engine.ThrowMessage():
                self.thrown.append(one)
                self._todo.append(one)
            case engine.StartClock():
                self._start_clock(one)
            case engine.StopClock():
                self._stop_clock(one)
            case engine.RaiseIncident():
                self.incidents[one.token] = one
            case engine.ClearIncident():
                self.incidents.pop(one.token, None)
            case engine.Finish():
                self.finished = one
            case engine.Continue() | engine.ResolveDefinition():
                self._todo.append(one)

    def _start_clock(self, command: engine.StartClock) -> None:
        policy = self._policies.get(command.policy)
        if policy is None:
            return
        office = self._given.get("office")
        if hasattr(self, "_execution"):
            office = self._execution.variables.get("office")
        unit = command.unit or (office if isinstance(office, str) else None)
        token = command.token if command.scope else None
        self.clocks.start(
            policy, self.now, subject=command.subject, unit=unit, token=token, element=command.element
        )

    def _stop_clock(self, command: engine.StopClock) -> None:
        running = self.clocks.find(command.policy, command.subject, command.token)
        if running is not None:
            self.clocks.stop(running.clock.id, self.now, cancelled=command.cancelled)
