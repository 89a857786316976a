"""Facts become rows: one small function per kind of fact, applied in order.

Every derived row carries the numbers of the facts that opened, last changed and closed it, so that a fact number that
repeats can be undone (:mod:`pdflow.services.projection.undo`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pdflow.records.tables import Clock, ClockEvent, Incident, Instance, Subscription, Task, TaskGroup
from pdflow.runtime.messages import Fact
from pdflow.services.projection.store import Row, Rows


@dataclass
class Place:
    """The instance that facts belong to, and what is open in it by token."""

    instance: str
    process: str
    case: str | None
    unit: str | None
    simulated: bool
    row: Row
    incidents: dict[str | None, Row]
    subscriptions: dict[str | None, Row]

    def task(self, token: str | None) -> str:
        """Task id of a token."""
        return f"{self.instance}:{token}"


Fold = Callable[[Rows, Place, Fact, datetime], None]


def fold(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """Apply one fact; kinds that derive no row are history alone."""
    function = _FOLDS.get(fact.kind)
    if function is not None:
        function(rows, place, fact, at)


def _started(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    variables = fact.data.get("variables") or {}
    rows.change(Instance, place.row, state="running", variables=variables, held=variables.get("held") is True)


def _ended(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    state = fact.data.get("state") or "completed"
    variables = fact.data.get("variables")
    rows.change(Instance, place.row, state=state, ended_at=at, ended_by_fact=fact.number)
    if variables is not None:
        rows.change(Instance, place.row, variables=variables)


def _task_opened(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """A token that stops, and is tried again, opens the task of the same id anew."""
    before = rows.get(Task, place.task(fact.token))
    if before is not None:
        rows.remove(Task, "id", before["id"])
        rows.remove(TaskGroup, "task", before["id"])
    data = fact.data
    groups = list(data.get("groups") or ())
    assignee = data.get("assignee")
    task = {
        "id": place.task(fact.token),
        "instance": place.instance,
        "token": fact.token,
        "process": place.process,
        "definition": fact.definition,
        "case": place.case,
        "unit": _unit(groups) or place.unit,
        "simulated": place.simulated,
        "element": fact.element or "",
        "name": data.get("name") or fact.element or "",
        "form": data.get("form"),
        "state": "claimed" if assignee else "open",
        "groups": groups,
        "users": list(data.get("users") or ()),
        "assignee": assignee,
        "claimed_at": at if assignee else None,
        "due": instant(data.get("due")),
        "follow_up": instant(data.get("follow_up")),
        "priority": data.get("priority") if data.get("priority") is not None else 50,
        "held": place.row["held"],
        "hard_date": place.row["hard_date"],
        "clock": data.get("clock"),
        "variables": data.get("variables") or {},
        "headers": data.get("headers") or {},
        "properties": data.get("properties") or {},
        "opened_at": at,
        "closed_at": None,
        "closed_by": None,
        "opened_by_fact": fact.number,
        "changed_by_fact": fact.number,
        "closed_by_fact": None,
        "version": before["version"] + 1 if before else 1,
    }
    rows.add(Task, task)
    for group in dict.fromkeys(groups):
        rows.add(TaskGroup, {"group": group, "task": task["id"]})


def _task_closed(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    task = rows.get(Task, place.task(fact.token))
    if task is None:
        return
    rows.change(
        Task,
        task,
        state=fact.data.get("outcome") or "cancelled",
        closed_at=at,
        closed_by=fact.actor,
        changed_by_fact=fact.number,
        closed_by_fact=fact.number,
        version=task["version"] + 1,
    )


def _task_changed(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """New groups release a claim: whoever held it may not be in them (transfer)."""
    task = rows.get(Task, place.task(fact.token))
    if task is None:
        return
    rows.change(Task, task, changed_by_fact=fact.number, version=task["version"] + 1)
    if fact.data.get("due") is not None:
        rows.change(Task, task, due=instant(fact.data["due"]))
    groups = fact.data.get("groups")
    if groups is not None and groups != task["groups"]:
        rows.remove(TaskGroup, "task", task["id"])
        for group in dict.fromkeys(groups):
            rows.add(TaskGroup, {"group": group, "task": task["id"]})
        rows.change(Task, task, groups=list(groups), unit=_unit(groups) or task["unit"])
        if task["state"] == "claimed":
            rows.change(Task, task, state="open", assignee=None, claimed_at=None)


def _clock_started(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    data = fact.data
    rows.add(
        Clock,
        {
            "id": data["clock"],
            "instance": place.instance,
            "process": place.process,
            "case": place.case,
            "policy": data["policy"],
            "subject": data.get("subject"),
            "element": fact.element,
            "unit": data.get("unit") or place.unit,
            "origin_unit": place.row["origin_unit"],
            "holder": data.get("holder") or "office",
            "simulated": place.simulated,
            "held": place.row["held"],
            "started_at": at,
            "due": instant(data["due"]),
            "state": "running",
            "level": None,
            "levels": data.get("levels") or [],
            "stopped_at": None,
            "outcome": None,
            "explanation": None,
            "opened_by_fact": fact.number,
            "changed_by_fact": fact.number,
            "closed_by_fact": None,
        },
    )
    _clock_event(rows, place, fact, at, "started")


def _clock_level(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    clock = rows.get(Clock, fact.data["clock"])
    if clock is None:
        return
    level = fact.data["level"]
    late = level == "breached" or clock["state"] == "breached"
    rows.change(
        Clock, clock, level=level, changed_by_fact=fact.number, state="breached" if late else clock["state"]
    )
    _clock_event(rows, place, fact, at, "level")


def _clock_stopped(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    clock = rows.get(Clock, fact.data["clock"])
    if clock is None:
        return
    outcome = fact.data["outcome"]
    rows.change(
        Clock,
        clock,
        state=outcome,
        outcome=outcome,
        stopped_at=at,
        changed_by_fact=fact.number,
        closed_by_fact=fact.number,
    )
    _clock_event(rows, place, fact, at, "stopped")


def _clock_changed(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    clock = rows.get(Clock, fact.data["clock"])
    if clock is None:
        return
    due = instant(fact.data.get("due")) or clock["due"]
    rows.change(
        Clock, clock, unit=fact.data.get("unit") or clock["unit"], due=due, changed_by_fact=fact.number
    )
    _clock_event(rows, place, fact, at, "changed")


def _escalated(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    _clock_event(rows, place, fact, at, "escalated")


def _clock_event(rows: Rows, place: Place, fact: Fact, at: datetime, kind: str) -> None:
    data = fact.data
    clock = rows.get(Clock, data["clock"])
    extra: dict[str, Any] = {"step": data["step"]} if kind == "escalated" else {}
    if kind == "stopped":
        extra = {"outcome": data["outcome"]}
    rows.add(
        ClockEvent,
        {
            "instance": place.instance,
            "fact": fact.number,
            "clock": data["clock"],
            "kind": kind,
            "at": at,
            "unit": clock["unit"] if clock else data.get("unit"),
            "level": None if data.get("level") is None else str(data["level"]),
            "due": instant(data.get("due")),
            "actor": fact.actor,
            "data": extra,
        },
    )


def _incident_raised(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    incident = {
        "id": f"{place.instance}:{fact.number}",
        "instance": place.instance,
        "process": place.process,
        "case": place.case,
        "unit": place.unit,
        "simulated": place.simulated,
        "token": fact.token,
        "element": fact.element,
        "code": fact.data.get("code") or "incident",
        "message": fact.data.get("message") or "",
        "opened_at": at,
        "cleared_at": None,
        "cleared_by": None,
        "opened_by_fact": fact.number,
        "changed_by_fact": fact.number,
        "closed_by_fact": None,
    }
    place.incidents[fact.token] = rows.add(Incident, incident)


def _incident_cleared(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    incident = place.incidents.pop(fact.token, None)
    if incident is not None:
        rows.change(
            Incident,
            incident,
            cleared_at=at,
            cleared_by=fact.actor,
            changed_by_fact=fact.number,
            closed_by_fact=fact.number,
        )


def _subscribed(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    subscription = {
        "instance": place.instance,
        "fact": fact.number,
        "process": place.process,
        "token": fact.token,
        "message": fact.data["message"],
        "key": fact.data.get("key"),
        "since": at,
        "ended_by_fact": None,
    }
    place.subscriptions[fact.token] = rows.add(Subscription, subscription)


def _unsubscribed(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    subscription = place.subscriptions.pop(fact.token, None)
    if subscription is not None:
        rows.change(Subscription, subscription, ended_by_fact=fact.number)


def _anchored(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """A simulated instance lives in real time from here on; what is open counts from now on."""
    place.simulated = False
    rows.change(Instance, place.row, simulated=False)
    for model in (Task, Clock):
        for row in rows.all(model):
            if row["instance"] == place.instance and row["closed_by_fact"] is None:
                rows.change(model, row, simulated=False)


def instant(text: str | None) -> datetime | None:
    """An ISO instant of the wire."""
    return None if text is None else datetime.fromisoformat(text)


def _unit(groups: list[str]) -> str | None:
    return groups[0].partition(".")[0] if groups and "." in groups[0] else None


_FOLDS: dict[str, Fold] = {
    "started": _started,
    "ended": _ended,
    "anchored": _anchored,
    "task_opened": _task_opened,
    "task_closed": _task_closed,
    "task_changed": _task_changed,
    "clock_started": _clock_started,
    "clock_level": _clock_level,
    "clock_stopped": _clock_stopped,
    "clock_changed": _clock_changed,
    "escalated": _escalated,
    "incident_raised": _incident_raised,
    "incident_cleared": _incident_cleared,
    "subscribed": _subscribed,
    "unsubscribed": _unsubscribed,
}
