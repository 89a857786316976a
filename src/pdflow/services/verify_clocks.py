"""Recomputes every clock from its facts and the policy that its instance pinned; the records must agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from sqlmodel import Session, col, select

from pdflow.records.tables import Clock, FactRow, Instance
from pdflow.services import definitions
from pdflow.services.platform import Platform
from pdflow.services.verify import Gap
from pdflow.sla import (
    ClockError,
    ClockEvent,
    LevelReached,
    Policy,
    Reached,
    Reassigned,
    Started,
    Stopped,
    disagreements,
    fold,
    read_policy,
)

_KINDS = ("clock_started", "clock_level", "clock_changed", "clock_stopped")


def verify_clocks(platform: Platform) -> tuple[int, list[Gap]]:
    """Compare every clock with its facts.

    Returns:
        How many clocks were recomputed, and each disagreement.
    """
    gaps: list[Gap] = []
    count = 0
    policies: dict[tuple[str, str], Policy] = {}
    with platform.reading() as session:
        rows = session.exec(
            select(FactRow)
            .where(col(FactRow.kind).in_(_KINDS))
            .order_by(FactRow.instance, col(FactRow.number))
            .execution_options(yield_per=2000)
        )
        for instance, facts in groupby(rows, key=lambda fact: fact.instance):
            row = session.get_one(Instance, instance)
            held = {
                clock.id: clock for clock in session.exec(select(Clock).where(Clock.instance == instance))
            }
            for name, theirs in _by_clock(facts).items():
                count += 1
                found = _disagreements(session, theirs, held.pop(name, None), policies)
                gaps += [Gap(instance, row.process, f"Clock {name}: {sentence}.") for sentence in found]
            gaps += [Gap(instance, row.process, f"Clock {name} has no facts.") for name in held]
    return count, gaps


def _by_clock(facts: Iterable[FactRow]) -> dict[str, list[FactRow]]:
    found: dict[str, list[FactRow]] = defaultdict(list)
    for fact in facts:
        found[fact.data["clock"]].append(fact)
    return found


def _disagreements(
    session: Session, facts: list[FactRow], row: Clock | None, policies: dict[tuple[str, str], Policy]
) -> list[str]:
    if row is None:
        return ["it is in the facts and not in the records"]
    events = [_event(fact) for fact in facts]
    key = (facts[0].definition or "", row.policy)
    if key not in policies:
        policies[key] = read_policy(definitions.part(session, key[0], "policies")[row.policy])
    found = disagreements(policies[key], events)
    try:
        clock = fold(events)
    except ClockError:
        return found  # already among them
    for what, here, there in (
        ("start", row.started_at, clock.started),
        ("due instant", row.due, clock.due),
        ("stop", row.stopped_at, clock.stopped),
        ("outcome", row.outcome, clock.outcome),
        ("unit", row.unit, clock.unit),
    ):
        if here != there:
            found.append(f"the records give the {what} as {here}, the facts as {there}")
    return found


def _event(fact: FactRow) -> ClockEvent:
    data = fact.data
    if fact.kind == "clock_started":
        levels = tuple(Reached(name, datetime.fromisoformat(at)) for name, at in data["levels"])
        return Started(
            fact.at,
            data["clock"],
            data["policy"],
            data["subject"],
            data["unit"],
            data["holder"],
            datetime.fromisoformat(data["due"]),
            levels,
        )
    if fact.kind == "clock_level":
        return LevelReached(fact.at, data["level"])
    if fact.kind == "clock_changed":
        return Reassigned(fact.at, data["unit"])
    return Stopped(fact.at, data["outcome"])
