"""What the engine says, written down: its commands become open work and running clocks, and both become facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pdflow.engine.protocol import (
    CancelActivity,
    ClearIncident,
    CloseTask,
    Command,
    Continue,
    Finish,
    Moved,
    OpenTask,
    RaiseIncident,
    ResolveDefinition,
    RunActivity,
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

_MOVES = {"enter": "entered", "complete": "completed", "terminate": "terminated"}
#: Header of a service task whose job is neither short nor quick to repeat: ``quick = false``.
QUICK_HEADER = "quick"


class Recorder:
    """Hears of everything the engine produces, in its order (:meth:`hear`).

    Attributes:
        going_on: the engine stopped at its budget and wants to continue.
        thrown: how many messages this instance has thrown; numbers the next one.
        office: the unit that a clock belongs to when its element names none.
        definition_of: the definition in which a live token stands.
    """

    def __init__(
        self, identity: Identity, source: DefinitionSource, log: FactLog, clocks: Clocks, work: Work
    ) -> None:
        self._identity = identity
        self._source = source
        self._log = log
        self._clocks = clocks
        self._work = work
        self.going_on = False
        self.thrown = 0
        self.office: Callable[[], str | None] = lambda: identity.unit
        self.definition_of: Callable[[str], str | None] = lambda token: None
        self._places: dict[str, Moved] = {}
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

    def begin_step(self) -> None:
        """Forget where the tokens of the step before stood."""
        self._places = {}

    def hear(self, item: Command | Moved) -> None:
        """Take in one thing that the engine has produced."""
        self._on[type(item)](item)

    def clock_id(self, clock: str) -> str:
        """The id of a clock among all instances."""
        return f"{self._identity.instance}:{clock}"

    @property
    def _now(self) -> datetime:
        return self._log.now

    def _definition(self, token: str | None) -> str:
        """The definition in which a token stands or, where none does, that of the instance."""
        place = self._places.get(token) if token is not None else None
        if place is not None:
            return place.definition
        return (self.definition_of(token) if token else None) or self._identity.definition

    def _place(self, token: str) -> dict[str, Any]:
        place = self._places.get(token)
        if place is None:
            return {"token": token, "definition": self._definition(token)}
        return {"token": token, "scope": place.scope, "item": place.item, "definition": place.definition}

    def _moved(self, moved: Moved) -> None:
        token = moved.token
        if token is not None:
            self._places[token] = moved
        kind = _MOVES.get(moved.event)
        if kind is None:
            if moved.event != "take" or not self._identity.trace:
                return  # incidents and the end come as commands
            kind = "taken"
        data: dict[str, Any] = {"type": moved.type}
        if moved.properties:
            data["properties"] = _wire(moved.properties)
        self._log.add(
            kind,
            data,
            element=moved.element,
            token=moved.token,
            scope=moved.scope,
            item=moved.item,
            definition=moved.definition,
        )
        if token is not None and moved.event != "enter":
            self._work.resolving.pop(token, None)
            self._work.openings.pop(token, None)
            self.clear_incident(token)  # one of ours: the engine has cleared its own before

    def _open_task(self, task: OpenTask) -> None:
        groups = list(task.candidate_groups)
        key = self._work.task_key(task.token)
        self._work.tasks[key] = Task(task.element, task.definition, groups)
        measuring = self._clocks.measured_by(task.token)
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
        place = {**self._place(task.token), "token": key, "definition": task.definition}
        self._log.add("task_opened", data, element=task.element, **place)

    def _close_task(self, closed: CloseTask) -> None:
        self.close_task(self._work.task_key(closed.token), "cancelled")
        self._work.closed(closed.token)

    def close_task(self, key: str, outcome: str) -> None:
        """Note that a task is over: ``completed`` or ``cancelled``."""
        task = self._work.tasks.pop(key)
        self._log.add(
            "task_closed", {"outcome": outcome}, element=task.element, token=key, definition=task.definition
        )

    def _run_activity(self, run: RunActivity) -> None:
        identity = self._identity
        self._work.ask(
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
                at=instants.write(self._now),
                retries=run.retries,
                simulated=identity.simulated,
                quick=run.headers.get(QUICK_HEADER) != "false",
            )
        )

    def _cancel_activity(self, cancelled: CancelActivity) -> None:
        self._work.jobs.pop(cancelled.token, None)

    def _resolve(self, wanted: ResolveDefinition) -> None:
        self._work.resolving[wanted.token] = wanted.process

    def _subscribe(self, wanted: Subscribe) -> None:
        self._log.add(
            "subscribed", {"message": wanted.message, "key": wanted.key}, **self._place(wanted.token)
        )

    def _unsubscribe(self, gone: Unsubscribe) -> None:
        self._log.add("unsubscribed", {}, **self._place(gone.token))

    def _throw_message(self, thrown: ThrowMessage) -> None:
        self._send(thrown.name, thrown.key, thrown.variables, thrown.token)

    def _throw_signal(self, thrown: ThrowSignal) -> None:
        self._send(thrown.name, None, thrown.variables, None)

    def _send(self, name: str, key: str | None, variables: Mapping[str, Any], token: str | None) -> None:
        self.thrown += 1
        number = f"{self._identity.instance}:m{self.thrown}"
        moved = self._places.get(token) if token is not None else None
        place = self._place(token) if token is not None else {}
        element = moved.element if moved is not None else None
        self._log.add("message_thrown", {"message": name, "key": key, "id": number}, element=element, **place)
        at = instants.write(self._now)
        self._log.throw(OutgoingMessage(number, name, key, _wire(variables), at, signal=token is None))

    def _start_clock(self, wanted: StartClock) -> None:
        definition = self._definition(wanted.token)
        policy = self._source.find_policy(definition, wanted.policy)
        if policy is None:
            message = (
                f"Expected a policy {wanted.policy!r} in the pack of this definition; deploy it with one."
            )
            self.raise_incident(wanted.token, wanted.element, "unknown-policy", message)
            return
        unit = wanted.unit or self.office()
        running = self._clocks.start(
            policy,
            self._now,
            subject=wanted.subject,
            unit=unit,
            token=wanted.token if wanted.scope else None,
            element=wanted.element,
            definition=definition if definition != self._identity.definition else None,
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
        self._log.add("clock_started", data, element=wanted.element, **self._place(wanted.token))

    def _stop_clock(self, wanted: StopClock) -> None:
        running = self._clocks.find(wanted.policy, wanted.subject, wanted.token)
        if running is not None:
            self.stop_clock(running.clock.id, cancelled=wanted.cancelled)

    def stop_clock(self, clock: str, *, cancelled: bool) -> None:
        """Stop a running clock now."""
        running = self._clocks[clock]
        ended = self._clocks.stop(clock, self._now, cancelled=cancelled)
        data = {"policy": ended.policy, "subject": ended.subject, "outcome": ended.outcome}
        self._log.add(
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
        self._work.incidents[token] = Incident(code, element, definition)
        data = {"code": code, "message": message}
        self._log.add("incident_raised", data, element=element, token=token or None, definition=definition)

    def _clear_incident(self, cleared: ClearIncident) -> None:
        self.clear_incident(cleared.token)

    def clear_incident(self, token: str) -> None:
        """Note that an incident is resolved; nothing when there is none."""
        incident = self._work.incidents.pop(token, None)
        if incident is not None:
            element, definition = incident.element, incident.definition
            self._log.add("incident_cleared", {}, element=element, token=token or None, definition=definition)

    def _continue(self, _: Continue) -> None:
        self.going_on = True

    def _finish(self, finish: Finish) -> None:
        for clock in self._clocks.ids:
            self.stop_clock(clock, cancelled=True)
        self._log.add("ended", {"state": finish.state, "variables": _wire(finish.variables)})


def _wire(values: Mapping[str, Any]) -> Any:
    """Values of the engine in the encoding of the wire."""
    return encode(from_python(values))
