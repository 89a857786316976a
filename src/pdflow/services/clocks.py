"""What the SLA screen asks: who is late now, what falls due, and how well duties were kept.

Rules of the figures (domain facts 3.2; "figures that cannot flatter"):

- Only clocks that an office holds are duties; those that a person holds ("open until") are never late.
- *On time* = of the duties **due** in the period, those stopped by their due instant; open late counts as late, and a
  duty does not leave the figure by being done late or transferred.
- The unit is the one accountable at the due instant (or now, if it is not due yet); *origin* is where the case began.
- Cancelled clocks (the duty is gone) and simulated ones are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeVar

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from pdflow.records.tables import Clock, ClockEvent

#: Below this number of duties a share says more about chance than about the office: counts only.
FEW = 10
By = Literal["accountable", "origin"]
_Time = TypeVar("_Time", timedelta, float)


@dataclass
class Figures:
    """Duties of one unit (or of one unit and policy).

    Attributes:
        late_now: open and past due now.
        oldest_due: due instant of the longest overdue.
        due_soon: open, due within the next 24 hours.
        due: duties that fell due in the period.
        on_time: of those, stopped by their due instant.
        durations: of duties started in the period, from start to stop, or to now for those that run (censored).
    """

    unit: str
    late_now: int = 0
    oldest_due: datetime | None = None
    due_soon: int = 0
    due: int = 0
    on_time: int = 0
    durations: list[tuple[timedelta, bool]] = field(default_factory=list)

    @property
    def share(self) -> float | None:
        """Share on time; ``None`` under 10."""
        return self.on_time / self.due if self.due >= FEW else None

    @property
    def median(self) -> timedelta | None:
        """Median duration with running duties as censored (Kaplan and Meier 1958)."""
        return quantile(self.durations, 0.5)

    @property
    def p90(self) -> timedelta | None:
        """90th percentile; ``None``: not reached yet."""
        return quantile(self.durations, 0.9)


def late_now(
    session: Session,
    *,
    now: datetime,
    units: Collection[str] | None = None,
    policies: Collection[str] | None = None,
    by: By = "accountable",
    simulated: bool = False,
    limit: int = 500,
) -> list[Clock]:
    """Duties that are open and past due, the longest first."""
    statement = (
        select(Clock)
        .where(*_duties(now, units, policies, by, simulated), _open(now), col(Clock.due) < now)
        .order_by(col(Clock.due), col(Clock.id))
        .limit(limit)
    )
    return list(session.exec(statement))


def due_soon(
    session: Session,
    *,
    now: datetime,
    within: timedelta = timedelta(hours=24),
    units: Collection[str] | None = None,
    policies: Collection[str] | None = None,
    by: By = "accountable",
    simulated: bool = False,
    limit: int = 500,
) -> list[Clock]:
    """Open duties that fall due within a time, the nearest first."""
    statement = (
        select(Clock)
        .where(
            *_duties(now, units, policies, by, simulated),
            _open(now),
            col(Clock.due) >= now,
            col(Clock.due) <= now + within,
        )
        .order_by(col(Clock.due), col(Clock.id))
        .limit(limit)
    )
    return list(session.exec(statement))


def figures(
    session: Session,
    *,
    now: datetime,
    since: datetime,
    until: datetime | None = None,
    policies: Collection[str] | None = None,
    by: By = "accountable",
    simulated: bool = False,
) -> dict[str, Figures]:
    """Figures by unit code, as of an instant.

    Args:
        session: for reading.
        now: the instant as of which everything is told; a past one gives the figures that were true then.
        since: start of the period.
        until: its end; ``now`` when absent.
        policies: only these.
        by: accountable unit, or unit where the case began.
        simulated: of practice cases instead of real ones.
    """
    end = min(until or now, now)
    found: dict[str, Figures] = {}
    for clock, unit in _as_of(session, now, since, policies, by, simulated):
        row = found.setdefault(unit, Figures(unit))
        stopped = clock.stopped_at if clock.stopped_at and clock.stopped_at <= now else None
        if stopped is None:
            if clock.due < now:
                row.late_now += 1
                row.oldest_due = min(row.oldest_due or clock.due, clock.due)
            elif clock.due <= now + timedelta(hours=24):
                row.due_soon += 1
        if since <= clock.due <= end and (clock.due < now or stopped is not None):
            row.due += 1
            row.on_time += stopped is not None and stopped <= clock.due
        if since <= clock.started_at <= end:
            row.durations.append(((stopped or now) - clock.started_at, stopped is not None))
    return found


def of_case(session: Session, case: str) -> list[Clock]:
    """Clocks of a case, in the order of their start."""
    return list(
        session.exec(select(Clock).where(Clock.case == case).order_by(col(Clock.started_at), col(Clock.id)))
    )


def events(session: Session, clock: str) -> list[ClockEvent]:
    """Everything that happened to a clock: why it runs, what moved it, who was told."""
    statement = select(ClockEvent).where(ClockEvent.clock == clock).order_by(col(ClockEvent.fact))
    return list(session.exec(statement))


def quantile(durations: Iterable[tuple[_Time, bool]], share: float) -> _Time | None:
    """Time by which a share of duties is done, those that still run counted as censored.

    Args:
        durations: time, or share of the allowed time, and whether the duty ended then (``False``: it runs on).
        share: 0.5 for the median.

    Returns:
        ``None`` when so few have ended that the share is not reached.
    """
    rows = sorted(durations, key=lambda row: (row[0], not row[1]))
    surviving, at_risk = 1.0, len(rows)
    for time, ended in rows:
        if ended:
            surviving *= 1 - 1 / at_risk
            if 1 - surviving >= share - 1e-12:
                return time
        at_risk -= 1
    return None


def _as_of(
    session: Session,
    now: datetime,
    since: datetime,
    policies: Collection[str] | None,
    by: By,
    simulated: bool,
) -> list[tuple[Clock, str]]:
    """Duties that matter, each with the unit that answers for it."""
    statement = select(Clock).where(
        *_duties(now, None, policies, by, simulated),
        or_(
            col(Clock.stopped_at).is_(None),
            col(Clock.stopped_at) >= since,
            col(Clock.due) >= since,
        ),
    )
    clocks = session.exec(statement).all()
    if by == "origin":
        return [(clock, clock.origin_unit or clock.unit or "") for clock in clocks]
    moves = _moves(session, [clock.id for clock in clocks])
    return [(clock, _accountable(clock, moves.get(clock.id), min(clock.due, now))) for clock in clocks]


def _moves(session: Session, clocks: list[str]) -> dict[str, list[tuple[datetime, str | None]]]:
    """Accountable unit per stretch of time, of the clocks that have moved at all."""
    changed = set(session.exec(select(ClockEvent.clock).where(ClockEvent.kind == "changed").distinct()))
    wanted = sorted(changed.intersection(clocks))
    found: dict[str, list[tuple[datetime, str | None]]] = defaultdict(list)
    for start in range(0, len(wanted), 500):
        rows = session.exec(
            select(ClockEvent)
            .where(
                col(ClockEvent.clock).in_(wanted[start : start + 500]),
                col(ClockEvent.kind).in_(("started", "changed")),
            )
            .order_by(col(ClockEvent.at), col(ClockEvent.fact))
        )
        for row in rows:
            found[row.clock].append((row.at, row.unit))
    return found


def _accountable(clock: Clock, moves: list[tuple[datetime, str | None]] | None, at: datetime) -> str:
    unit = clock.unit
    for begin, code in moves or ():
        if begin <= at:
            unit = code
    return unit or ""


def _open(now: datetime) -> ColumnElement[bool]:
    return or_(col(Clock.stopped_at).is_(None), col(Clock.stopped_at) > now)


def _duties(
    now: datetime,
    units: Collection[str] | None,
    policies: Collection[str] | None,
    by: By,
    simulated: bool,
) -> list[ColumnElement[bool]]:
    """Duties of offices that had started as of an instant and were not cancelled by then."""
    chosen: list[ColumnElement[bool]] = [
        col(Clock.holder) == "office",
        col(Clock.started_at) <= now,
        or_(col(Clock.state) != "cancelled", col(Clock.stopped_at) > now),
        col(Clock.simulated).is_(simulated),
    ]
    if units is not None:
        column = col(Clock.origin_unit) if by == "origin" else col(Clock.unit)
        chosen.append(column.in_(list(units)))
    if policies is not None:
        chosen.append(col(Clock.policy).in_(list(policies)))
    return chosen
