"""One event through the engine: its commands become open work, clocks and facts, in the order in which they come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pdflow.engine import Execution
from pdflow.engine.protocol import Event, GoOn, SignalReceived
from pdflow.feel.boundary import from_python
from pdflow.runtime import instants
from pdflow.runtime.clocks import Clocks
from pdflow.runtime.definitions import DefinitionSource
from pdflow.runtime.identity import Identity
from pdflow.runtime.log import FactLog
from pdflow.runtime.recorder import Recorder
from pdflow.runtime.work import Work
from pdflow.sla import STEP_LEVEL


class Stepper:
    """Joins the engine with the clocks, the open work and the fact log of one instance.

    Attributes:
        recorder: writes down what the engine says.
        units: values of the variables that name units, to notice that the case has moved.
    """

    UNIT_VARIABLES = ("office", "review_unit")

    def __init__(
        self, identity: Identity, source: DefinitionSource, log: FactLog, clocks: Clocks, work: Work
    ) -> None:
        self.identity = identity
        self.source = source
        self.log = log
        self.clocks = clocks
        self.work = work
        self.execution: Execution | None = None
        self.recorder = Recorder(identity, source, log, clocks, work)
        self.recorder.office = self._office
        self.recorder.definition_of = self._definition_of
        self.units: dict[str, Any] = {}
        self._start_variables: Mapping[str, Any] = {}

    @property
    def now(self) -> datetime:
        """Instant of the present step."""
        return self.log.now

    @property
    def engine(self) -> Execution:
        """The execution, once it has begun."""
        assert self.execution is not None
        return self.execution

    @property
    def ended(self) -> bool:
        """Has the instance reached its end?"""
        return self.engine.ended

    @property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """What the models of this instance may call beside FEEL's own functions."""
        return {"clock": self._clock}

    def begin(self, variables: Mapping[str, Any], start_event: str | None = None) -> None:
        """Start the execution with FEEL values, at a start event or at the none start event."""
        self._start_variables = variables
        self.units = self._present_units()
        self.execution = Execution.prepare(
            self.source,
            self.identity.definition,
            self.identity.process,
            variables,
            now=self.now,
            start_event=start_event,
            functions=self.functions,
            watch=self.recorder.hear,
        )
        self.step(GoOn())

    def resume(self, snapshot: dict[str, Any], units: dict[str, Any], thrown: int) -> None:
        """Go on from the snapshot of an execution."""
        self.execution = Execution.restore(
            self.source, snapshot, functions=self.functions, watch=self.recorder.hear
        )
        self.units, self.recorder.thrown = units, thrown

    @property
    def going_on(self) -> bool:
        """The engine stopped at its budget and wants to continue."""
        return self.recorder.going_on

    def step(self, event: Event) -> bool:
        """Give the engine one event at the present instant.

        Returns:
            Whether something waited for it.
        """
        self.recorder.begin_step()
        if isinstance(event, GoOn):
            self.recorder.going_on = False
        taken = self.engine.handle(event, self.now).taken
        self._end_of_step()
        return taken

    def set_variables(self, token: str | None, variables: Mapping[str, Any]) -> None:
        """Change variables (FEEL values) in the scope of a token, or of the process."""
        self.engine.set_variables(token, variables)
        self.step(GoOn())  # conditional events see the change

    def reach_level(self, clock: str, *, signals: bool = True) -> None:
        """Announce the next level of a clock: in the facts and, unless told otherwise, to the model as signals."""
        running, level = self.clocks.reach(clock, self.now)
        state = running.clock
        named = {"clock": self.recorder.clock_id(clock), "policy": state.policy, "subject": state.subject}
        data = {**named, "level": level.name, "due": instants.write(state.due)}
        self.log.add("clock_level", data, element=running.element, token=running.token)
        shown = {"policy": state.policy, "subject": state.subject, "unit": state.unit, "due": state.due}
        policy = self.source.find_policy(running.definition or self.identity.definition, state.policy)
        steps = policy.steps(level.name) if policy is not None else ()
        for step in steps:
            height = STEP_LEVEL[step]
            self.log.add("escalated", {**named, "step": step, "level": height}, element=running.element)
        if self.ended or not signals:
            return
        sent: list[tuple[str, Any]] = [
            (f"sla.{state.policy}.{level.name}", {"sla": {**shown, "level": level.name}})
        ]
        for step in steps:
            sent.append(
                ("sla.escalation", {"escalation": {**shown, "step": step, "level": STEP_LEVEL[step]}})
            )
        for name, variables in sent:
            self.step(SignalReceived(name, from_python(variables)))

    def move_units(self, moved: Mapping[str, str]) -> None:
        """Re-home open tasks and running clocks when a unit has handed the case over.

        Args:
            moved: former unit to the one now accountable.
        """
        for token, task in self.work.tasks.items():
            groups = [_rehomed(group, moved) for group in task.groups]
            if groups != task.groups:
                task.groups = groups
                data = {"groups": groups}
                self.log.add(
                    "task_changed", data, element=task.element, token=token, definition=task.definition
                )
        for clock in self.clocks.ids:
            running = self.clocks[clock]
            unit = moved.get(running.clock.unit or "")
            if unit is not None:
                self.clocks.reassign(clock, self.now, unit)
                changed = {
                    "clock": self.recorder.clock_id(clock),
                    "unit": unit,
                    "due": instants.write(running.clock.due),
                }
                self.log.add("clock_changed", changed, element=running.element, token=running.token)
        self.identity.unit = moved.get(self.identity.unit or "", self.identity.unit)

    def _end_of_step(self) -> None:
        units = self._present_units()
        if units != self.units:
            moved = {
                self.units[name]: unit
                for name, unit in units.items()
                if self.units.get(name) not in (None, unit)
            }
            self.units = units
            self.move_units(moved)
        for job in self.work.jobs.values():
            job.after = job.after or self.log.last

    def _definition_of(self, token: str) -> str | None:
        return self.execution.definition_of(token) if self.execution is not None else None

    def _office(self) -> str | None:
        return self._present_units().get("office") or self.identity.unit

    def _present_units(self) -> dict[str, Any]:
        variables = self.execution.variables if self.execution is not None else self._start_variables
        values = {name: variables.get(name) for name in self.UNIT_VARIABLES}
        return {name: unit for name, unit in values.items() if isinstance(unit, str)}

    def _clock(self, policy: Any, subject: Any = None) -> Any:
        """The FEEL function ``clock(policy[, subject])``; a clock that this very step starts is seen already."""
        starting = self.execution.starting if self.execution is not None else ()
        for wanted in starting:
            if (wanted.policy, wanted.subject) == (policy, subject):
                definition = self._definition_of(wanted.token) or self.identity.definition
                found = self.source.find_policy(definition, policy)
                return (
                    self.clocks.foresee(found, subject, wanted.unit, self.now) if found is not None else None
                )
        return self.clocks.describe(policy, subject, self.now)


def _rehomed(group: str, moved: Mapping[str, str]) -> str:
    unit, dot, role = group.rpartition(".")
    return f"{moved[unit]}.{role}" if dot and unit in moved else group
