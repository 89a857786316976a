"""What facts make of clocks; each leaves an event from which the clock can be recomputed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pdflow.records.tables import Clock, ClockEvent
from pdflow.runtime.messages import Fact
from pdflow.services.projection.place import Place, instant
from pdflow.services.projection.store import Rows


def clock_started(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """A duty begins."""
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


def clock_level(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """A level is reached; from ``breached`` on the clock is late."""
    clock = rows.get(Clock, fact.data["clock"])
    if clock is None:
        return
    level = fact.data["level"]
    late = level == "breached" or clock["state"] == "breached"
    rows.change(
        Clock, clock, level=level, changed_by_fact=fact.number, state="breached" if late else clock["state"]
    )
    _clock_event(rows, place, fact, at, "level")


def clock_stopped(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """The duty is done, or gone."""
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


def clock_changed(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """Another unit is accountable, or the due instant has moved."""
    clock = rows.get(Clock, fact.data["clock"])
    if clock is None:
        return
    due = instant(fact.data.get("due")) or clock["due"]
    rows.change(
        Clock, clock, unit=fact.data.get("unit") or clock["unit"], due=due, changed_by_fact=fact.number
    )
    _clock_event(rows, place, fact, at, "changed")


def escalated(rows: Rows, place: Place, fact: Fact, at: datetime) -> None:
    """Somebody was told."""
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
