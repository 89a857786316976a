"""One event through the engine: its commands become open work, clocks and facts, in the order in which they come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pdflow.engine import Execution
from pdflow.engine.protocol import (
    CancelActivity,
    ClearIncident,
    CloseTask,
    Command,
    Continue,
    Event,
    Finish,
    GoOn,
    Moved,
    OpenTask,
    RaiseIncident,
    ResolveDefinition,
    RunActivity,
    SignalReceived,
    StartClock,
    StopClock,
    Subscribe,
    ThrowMessage,
    ThrowSignal,
    Unsubscribe,
)
from pdflow.feel.boundary import from_python
from pdflow.feel.encoding import encode
from pdflow.runtime import instants
from pdflow.runtime.clocks import Clocks
from pdflow.runtime.definitions import DefinitionSource
from pdflow.runtime.identity import Identity
from pdflow.runtime.log import FactLog
from pdflow.runtime.messages import JobCall, OutgoingMessage
from pdflow.runtime.work import Incident, Task, Work
from pdflow.sla import STEP_LEVEL

_MOVES = {"enter": "entered", "complete": "completed", "terminate": "terminated"}
#: Header of a service task whose job is neither short nor quick to repeat: ``quick = false``.
QUICK_HEADER = "quick"


class Stepper:
    """Joins the engine with the clocks, the open work and the fact log of one instance.

    Attributes:
        going_on: the engine stopped at its budget and wants to continue.
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
        self.going_on = False
        self.units: dict[str, Any] = {}
        self._thrown = 0
        self._places: dict[str, Moved] = {}
        self._start_variables: Mapping[str, Any] = {}
        self._on: dict[type, Callable[[Any], None]] = {
            Moved: self._moved,
            OpenTask: self._open_task,
            CloseTask: self._close_task,
            RunActivity: self._run_activity,
            CancelActivity: self._cancel_activity,
            ResolveDefinition: self._resolve,
            Subscribe: self._subscribe,
            Unsubscribe: self._unsubscribe,
            ThrowMessage: self._throw_message,
            ThrowSignal: self._throw_signal,
            StartClock: self._start_clock,
            StopClock: self._stop_clock,
            RaiseIncident: self._raise_incident,
            ClearIncident: self._clear_incident,
            Continue: self._continue,
            Finish: self._finish,
        }

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
            watch=self._watch,
        )
        self.step(GoOn())

    def resume(self, snapshot: dict[str, Any], units: dict[str, Any], thrown: int) -> None:
        """Go on from the snapshot of an execution."""
        self.execution = Execution.restore(self.source, snapshot, functions=self.functions, watch=self._watch)
        self.units, self._thrown = units, thrown

    @property
    def thrown(self) -> int:
        """How many messages this instance has thrown; numbers the next one."""
        return self._thrown

    def step(self, event: Event) -> bool:
        """Give the engine one event at the present instant.

        Returns:
            Whether something waited for it.
        """
        self._places = {}
        self.going_on = self.going_on and not isinstance(event, GoOn)
        taken = self.engine.handle(event, self.now).taken
        self._end_of_step(self.log.last)
        return taken

    def set_variables(self, token: str | None, variables: Mapping[str, Any]) -> None:
        """Change variables (FEEL values) in the scope of a token, or of the process."""
        self._places = {}
        self.engine.set_variables(token, variables)
        self.step(GoOn())  # conditional events see the change

    def reach_level(self, clock: str, *, signals: bool = True) -> None:
        """Announce the next level of a clock: in the facts and, unless told otherwise, to the model as signals."""
        running, level = self.clocks.reach(clock, self.now)
        state = running.clock
        named = {"clock": self.clock_id(clock), "policy": state.policy, "subject": state.subject}
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
                    "clock": self.clock_id(clock),
                    "unit": unit,
                    "due": instants.write(running.clock.due),
                }
                self.log.add("clock_changed", changed, element=running.element, token=running.token)
        self.identity.unit = moved.get(self.identity.unit or "", self.identity.unit)

    def clock_id(self, clock: str) -> str:
        """The id of a clock among all instances."""
        return f"{self.identity.instance}:{clock}"

    def _watch(self, item: Command | Moved) -> None:
        self._on[type(item)](item)

    def _end_of_step(self, last: int) -> None:
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
            job.after = job.after or last

    def _present_units(self) -> dict[str, Any]:
        variables = self.execution.variables if self.execution is not None else self._start_variables
        values = {name: variables.get(name) for name in self.UNIT_VARIABLES}
        return {name: unit for name, unit in values.items() if isinstance(unit, str)}

    def _clock(self, policy: Any, subject: Any = None) -> Any:
        """The FEEL function ``clock(policy[, subject])``; a clock that this very step starts is seen already."""
        starting = self.execution.starting if self.execution is not None else ()
        for wanted in starting:
            if (wanted.policy, wanted.subject) == (policy, subject):
                found = self.source.find_policy(self.identity.definition, policy)
                return (
                    self.clocks.foresee(found, subject, wanted.unit, self.now) if found is not None else None
                )
        return self.clocks.describe(policy, subject, self.now)

    def _definition(self, token: str | None) -> str:
        place = self._places.get(token) if token is not None else None
        return place.definition if place is not None else self.identity.definition

    def _place(self, token: str) -> dict[str, Any]:
        place = self._places.get(token)
        if place is None:
            return {"token": token, "definition": self.identity.definition}
        return {"token": token, "scope": place.scope, "item": place.item, "definition": place.definition}

    def _moved(self, moved: Moved) -> None:
        if moved.token is not None:
            self._places[moved.token] = moved
        kind = _MOVES.get(moved.event)
        if kind is None:
            if moved.event != "take" or not self.identity.trace:
                return  # incidents and the end come as commands
            kind = "taken"
        data: dict[str, Any] = {"type": moved.type}
        if moved.properties:
            data["properties"] = _wire(moved.properties)
        self.log.add(
            kind,
            data,
            element=moved.element,
            token=moved.token,
            scope=moved.scope,
            item=moved.item,
            definition=moved.definition,
        )

    def _open_task(self, task: OpenTask) -> None:
        groups = list(task.candidate_groups)
        self.work.tasks[task.token] = Task(task.element, task.definition, groups)
        measuring = self.clocks.measured_by(task.token)
        due = task.due or (measuring.clock.due if measuring else None)
        data = {
            "name": task.name,
            "form": task.form,
            "assignee": task.assignee,
            "groups": groups,
            "users": list(task.candidate_users),
            "due": instants.write(due) if due else None,
            "follow_up": instants.write(task.follow_up) if task.follow_up else None,
            "priority": task.priority,
            "headers": dict(task.headers),
            "properties": _wire(task.properties),
            "variables": _wire(task.variables),
            "clock": self.clock_id(measuring.clock.id) if measuring else None,
        }
        place = {**self._place(task.token), "definition": task.definition}
        self.log.add("task_opened", data, element=task.element, **place)

    def _close_task(self, closed: CloseTask) -> None:
        self.close_task(closed.token, "cancelled")

    def close_task(self, token: str, outcome: str) -> None:
        """Note that a task is over: ``completed`` or ``cancelled``."""
        task = self.work.tasks.pop(token)
        self.log.add(
            "task_closed", {"outcome": outcome}, element=task.element, token=token, definition=task.definition
        )

    def _run_activity(self, run: RunActivity) -> None:
        identity = self.identity
        self.work.ask(
            JobCall(
                key=f"{identity.instance}:{run.token}",
                instance=identity.instance,
                token=run.token,
                element=run.element,
                type=run.type,
                case=identity.case,
                headers=dict(run.headers),
                variables=_wire(run.variables),
                properties=_wire(run.properties),
                at=instants.write(self.now),
                retries=run.retries,
                simulated=identity.simulated,
                quick=run.headers.get(QUICK_HEADER) != "false",
            )
        )

    def _cancel_activity(self, cancelled: CancelActivity) -> None:
        self.work.jobs.pop(cancelled.token, None)

    def _resolve(self, wanted: ResolveDefinition) -> None:
        self.work.resolving[wanted.token] = wanted.process

    def _subscribe(self, wanted: Subscribe) -> None:
        self.log.add(
            "subscribed", {"message": wanted.message, "key": wanted.key}, **self._place(wanted.token)
        )

    def _unsubscribe(self, gone: Unsubscribe) -> None:
        self.log.add("unsubscribed", {}, **self._place(gone.token))

    def _throw_message(self, thrown: ThrowMessage) -> None:
        self._send(thrown.name, thrown.key, thrown.variables, thrown.token)

    def _throw_signal(self, thrown: ThrowSignal) -> None:
        self._send(thrown.name, None, thrown.variables, None)

    def _send(self, name: str, key: str | None, variables: Mapping[str, Any], token: str | None) -> None:
        self._thrown += 1
        number = f"{self.identity.instance}:m{self._thrown}"
        place = self._place(token) if token is not None else {}
        self.log.add("message_thrown", {"message": name, "key": key, "id": number}, **place)
        at = instants.write(self.now)
        self.log.throw(OutgoingMessage(number, name, key, _wire(variables), at, signal=token is None))

    def _start_clock(self, wanted: StartClock) -> None:
        definition = self._definition(wanted.token)
        policy = self.source.find_policy(definition, wanted.policy)
        if policy is None:
            message = (
                f"Expected a policy {wanted.policy!r} in the pack of this definition; deploy it with one."
            )
            self.raise_incident(wanted.token, wanted.element, "unknown-policy", message)
            return
        unit = wanted.unit or self._present_units().get("office") or self.identity.unit
        running = self.clocks.start(
            policy,
            self.now,
            subject=wanted.subject,
            unit=unit,
            token=wanted.token if wanted.scope else None,
            element=wanted.element,
            definition=definition if definition != self.identity.definition else None,
        )
        if running is None:
            return
        clock = running.clock
        data = {
            "clock": self.clock_id(clock.id),
            "policy": clock.policy,
            "subject": clock.subject,
            "unit": clock.unit,
            "holder": clock.holder,
            "due": instants.write(clock.due),
            "levels": [[level.name, instants.write(level.at)] for level in clock.levels],
        }
        self.log.add("clock_started", data, element=wanted.element, **self._place(wanted.token))

    def _stop_clock(self, wanted: StopClock) -> None:
        running = self.clocks.find(wanted.policy, wanted.subject, wanted.token)
        if running is not None:
            self.stop_clock(running.clock.id, cancelled=wanted.cancelled)

    def stop_clock(self, clock: str, *, cancelled: bool) -> None:
        """Stop a running clock now."""
        running = self.clocks[clock]
        ended = self.clocks.stop(clock, self.now, cancelled=cancelled)
        data = {"policy": ended.policy, "subject": ended.subject, "outcome": ended.outcome}
        self.log.add(
            "clock_stopped",
            {"clock": self.clock_id(clock), **data},
            element=running.element,
            token=running.token,
        )

    def _raise_incident(self, raised: RaiseIncident) -> None:
        self.raise_incident(raised.token, raised.element, raised.code, raised.message)

    def raise_incident(self, token: str, element: str | None, code: str, message: str) -> None:
        """Note something that a person must look at; an empty token stands for the instance as a whole."""
        definition = self._definition(token or None)
        self.work.incidents[token] = Incident(code, element, definition)
        data = {"code": code, "message": message}
        self.log.add("incident_raised", data, element=element, token=token or None, definition=definition)

    def _clear_incident(self, cleared: ClearIncident) -> None:
        self.clear_incident(cleared.token)

    def clear_incident(self, token: str) -> None:
        """Note that an incident is resolved; nothing when there is none."""
        incident = self.work.incidents.pop(token, None)
        if incident is not None:
            element, definition = incident.element, incident.definition
            self.log.add("incident_cleared", {}, element=element, token=token or None, definition=definition)

    def _continue(self, _: Continue) -> None:
        self.going_on = True

    def _finish(self, finish: Finish) -> None:
        for clock in self.clocks.ids:
            self.stop_clock(clock, cancelled=True)
        self.log.add("ended", {"state": finish.state, "variables": _wire(finish.variables)})


def _wire(values: Mapping[str, Any]) -> Any:
    """Values of the engine in the encoding of the wire."""
    return encode(from_python(values))


def _rehomed(group: str, moved: Mapping[str, str]) -> str:
    unit, dot, role = group.rpartition(".")
    return f"{moved[unit]}.{role}" if dot and unit in moved else group
