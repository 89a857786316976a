"""The clocks of a case: why each runs, what moved it, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from pdflow.records.tables import Clock, ClockEvent, Recipient


@dataclass(frozen=True)
class ClockView:
    """One clock as a lamp.

    Attributes:
        look: key of the dashboard's states: ``on_time``, ``at_risk``, ``late``, ``met``, ``met_late``, ``cancelled``,
            or ``open`` and ``ended`` for a clock that the person holds: that one is never late.
        subject: whose copy it is, for a notice clock: ``person`` or ``counsel`` with a number; ``None``: the case.
        next_level: what is reached next, and when; ``None``: nothing more.
    """

    id: str
    policy: str
    subject: str | None
    unit: str | None
    holder: str
    look: str
    started_at: datetime
    due: datetime
    stopped_at: datetime | None
    next_level: tuple[str, datetime] | None
    events: tuple[ClockEvent, ...]


def case_clocks(session: Session, case: str) -> list[ClockView]:
    """All clocks of a case, the running ones first, then by start."""
    clocks = session.exec(
        select(Clock)
        .where(Clock.case == case)
        .order_by(col(Clock.stopped_at).is_not(None), col(Clock.started_at), col(Clock.id))
    ).all()
    if not clocks:
        return []
    events: dict[str, list[ClockEvent]] = {}
    for event in session.exec(
        select(ClockEvent)
        .where(col(ClockEvent.clock).in_([clock.id for clock in clocks]))
        .order_by(col(ClockEvent.at), col(ClockEvent.fact))
    ):
        events.setdefault(event.clock, []).append(event)
    names = _recipients(session, case)
    return [
        ClockView(
            id=clock.id,
            policy=clock.policy,
            subject=names.get(clock.subject, clock.subject) if clock.subject else None,
            unit=clock.unit,
            holder=clock.holder,
            look=look(clock),
            started_at=clock.started_at,
            due=clock.due,
            stopped_at=clock.stopped_at,
            next_level=_next_level(clock),
            events=tuple(events.get(clock.id, ())),
        )
        for clock in clocks
    ]


def look(clock: Clock) -> str:
    """The state of a clock as the screens name it."""
    if clock.holder == "person" and clock.state != "cancelled":
        return "open" if clock.state == "running" and clock.stopped_at is None else "ended"
    if clock.state == "running":
        return "at_risk" if clock.level else "on_time"
    return {"breached": "late"}.get(clock.state, clock.state)


def _next_level(clock: Clock) -> tuple[str, datetime] | None:
    if clock.stopped_at is not None:
        return None
    names = [name for name, _ in clock.levels]
    reached = names.index(clock.level) + 1 if clock.level in names else 0
    if reached >= len(names):
        return None
    name, at = clock.levels[reached]
    return name, datetime.fromisoformat(at)


def _recipients(session: Session, case: str) -> dict[str, str]:
    """Recipient id to ``person`` or ``counsel 1``: a clock strip shows no names."""
    rows = session.exec(select(Recipient).where(Recipient.case == case).order_by(col(Recipient.id))).all()
    counsel = [row.id for row in rows if row.kind == "counsel"]
    return {
        row.id: f"counsel {counsel.index(row.id) + 1}" if row.kind == "counsel" else "person" for row in rows
    }
