"""The SLA board: duties as they stood at an instant, and figures of them that cannot flatter.

Rules (domain facts 3.2):

- Only clocks that an office holds are duties; those that a person holds (appeal window, evidence deadline) are *windows*:
  open, then ended, never late and never counted.
- *Late now* is open and past due. *On time* is, of the duties **due** in the period, those stopped by their due instant;
  an open late one counts as late, and no duty leaves the figure by being done late or by a transfer.
- The unit is the one accountable at the due instant (now, if it is not due yet); *origin* is where the case began.
- Cancelled clocks (the duty is gone) are left out, and so are practice cases.
- Median and 90th percentile take running duties as censored (Kaplan and Meier 1958), as a share of the time allowed, so
  that duties with different limits can stand in one figure.

Everything is told as of an instant, from the instants of the clocks and their events, so that a link with an instant in
it shows the same figures for ever.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Row, and_, or_
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from pdflow.records.tables import Case, Clock, ClockEvent, Definition, Unit, table_of
from pdflow.services import definitions
from pdflow.services.clocks import FEW, By, quantile

#: Length of the period, and distance to the one that it is compared with.
PERIOD = timedelta(days=30)
#: "Due soon" looks this far ahead.
SOON = timedelta(hours=24)
#: Duties in one statement that looks up events.
_CHUNK = 500


@dataclass(frozen=True)
class Scope:
    """What the board looks at.

    Attributes:
        at: instant as of which everything is told.
        by: accountable unit, or the unit where the case began.
        policy: the clock that rows and figures are of; ``None``: all of them.
        held: only of people who were held (or not) when the clock started.
        interpreter: only of cases that need (or do not need) an interpreter.
    """

    at: datetime
    by: By = "accountable"
    policy: str | None = None
    held: bool | None = None
    interpreter: bool | None = None

    @property
    def since(self) -> datetime:
        """Start of the period."""
        return self.at - PERIOD

    def earlier(self) -> Scope:
        """The same one period ago."""
        return replace(self, at=self.since)


@dataclass(frozen=True, slots=True)
class Duty:
    """One clock as it stood at an instant.

    Attributes:
        holder: ``office``: a duty; ``person``: a window, never late and never counted.
        unit: the unit that answers for it, by the rule of the scope.
        stopped_at: ``None``: it was open.
    """

    clock: str
    instance: str
    case: str | None
    policy: str
    subject: str | None
    holder: str
    unit: str
    started_at: datetime
    due: datetime
    stopped_at: datetime | None

    def late(self, at: datetime) -> bool:
        """Open and past due; at exactly the due instant it is in time."""
        return self.stopped_at is None and self.due < at

    def soon(self, at: datetime) -> bool:
        """Open, and due within 24 hours."""
        return self.stopped_at is None and at <= self.due <= at + SOON

    def fell_due(self, since: datetime, at: datetime) -> bool:
        """Due in the period; one that is open at its due instant can still be met at that instant."""
        return since <= self.due <= at and (self.due < at or self.stopped_at is not None)

    @property
    def on_time(self) -> bool:
        """Stopped by its due instant."""
        return self.stopped_at is not None and self.stopped_at <= self.due

    def used(self, at: datetime) -> tuple[float, bool]:
        """Share of the allowed time that it took (so far), and whether it has ended."""
        return ((self.stopped_at or at) - self.started_at) / (self.due - self.started_at), bool(
            self.stopped_at
        )


@dataclass(frozen=True)
class Tally:
    """Figures of a set of duties.

    Attributes:
        oldest: due instant of the longest overdue.
        due: duties that fell due in the period; ``on_time`` of them.
        started: duties that started in the period: what the percentiles are of.
        median, p90: share of the allowed time by which half, or nine in ten, are done; ``None``: under 10, or so few
            are done that it is not reached.
    """

    late: int
    oldest: datetime | None
    soon: int
    due: int
    on_time: int
    started: int
    median: float | None
    p90: float | None

    @property
    def share(self) -> float | None:
        """Share on time; ``None`` under 10, where it says more about chance than about the office."""
        return self.on_time / self.due if self.due >= FEW else None

    @property
    def missed(self) -> int:
        """Duties of the period that were not done in time, those still open among them."""
        return self.due - self.on_time


@dataclass(frozen=True)
class UnitRow:
    """One row of the table."""

    code: str
    name: str
    type: str
    tally: Tally


@dataclass(frozen=True)
class Board:
    """The duties and windows of a scope.

    Attributes:
        duties: what offices owe; ``windows``: what people may still do. Both of all units and policies.
        before: duties as they stood one period ago.
        rows: field offices, review units, Headquarters; within each the one with most late duties first, then the one
            whose oldest has been late longest.
    """

    scope: Scope
    duties: tuple[Duty, ...]
    before: tuple[Duty, ...]
    windows: tuple[Duty, ...]
    rows: tuple[UnitRow, ...]

    def of(self, unit: str | None = None, policy: str | None = None) -> list[Duty]:
        """Duties of one unit or of all; of the scope's policy unless another one is named."""
        return _chosen(self.duties, unit, policy or self.scope.policy)

    def tally(self, unit: str | None = None, policy: str | None = None) -> Tally:
        """Figures now, of the duties that :meth:`of` gives."""
        return tally(self.of(unit, policy), self.scope.at)

    def tally_before(self, unit: str | None = None, policy: str | None = None) -> Tally:
        """The same figures one period ago."""
        return tally(_chosen(self.before, unit, policy or self.scope.policy), self.scope.since)

    @property
    def worst(self) -> tuple[str, str, int] | None:
        """Policy, unit and number of the most late duties of one kind in one unit."""
        counts: dict[tuple[str, str], int] = defaultdict(int)
        for duty in self.of():
            if duty.late(self.scope.at):
                counts[duty.policy, duty.unit] += 1
        if not counts:
            return None
        (policy, unit), count = min(counts.items(), key=lambda item: (-item[1], item[0]))
        return policy, unit, count


@dataclass(frozen=True)
class PolicyName:
    """A clock as people speak of it."""

    id: str
    title: str
    holder: str
    target: str


def board(session: Session, scope: Scope) -> Board:
    """Read the board as of an instant."""
    clocks = _clocks(session, scope)
    moves = _moves(session, [clock.id for clock in clocks])
    now = _as_of(clocks, moves, scope)
    duties = tuple(duty for duty in now if duty.holder == "office")
    return Board(
        scope=scope,
        duties=duties,
        before=tuple(d for d in _as_of(clocks, moves, scope.earlier()) if d.holder == "office"),
        windows=tuple(duty for duty in now if duty.holder == "person"),
        rows=_rows(session, _chosen(duties, None, scope.policy), scope.at),
    )


def tally(duties: Iterable[Duty], at: datetime) -> Tally:
    """Count duties as of an instant, over the period that ends there."""
    chosen, since = list(duties), at - PERIOD
    late = [duty.due for duty in chosen if duty.late(at)]
    fell_due = [duty for duty in chosen if duty.fell_due(since, at)]
    started = [duty.used(at) for duty in chosen if duty.started_at >= since]
    enough = len(started) >= FEW
    return Tally(
        late=len(late),
        oldest=min(late, default=None),
        soon=sum(duty.soon(at) for duty in chosen),
        due=len(fell_due),
        on_time=sum(duty.on_time for duty in fell_due),
        started=len(started),
        median=quantile(started, 0.5) if enough else None,
        p90=quantile(started, 0.9) if enough else None,
    )


def _chosen(duties: Iterable[Duty], unit: str | None, policy: str | None) -> list[Duty]:
    return [duty for duty in duties if unit in (None, duty.unit) and policy in (None, duty.policy)]


def policies(session: Session) -> dict[str, PolicyName]:
    """Every policy of the published definitions, by id, in the order of the newest pack."""
    found: dict[str, PolicyName] = {}
    processes = session.exec(select(Definition.process).distinct().order_by(Definition.process)).all()
    for hash in definitions.resolve(session, processes).values():
        for id, policy in definitions.part(session, hash, "policies").items():
            found[id] = PolicyName(id, policy["title"], policy["holder"], policy["target"])
    return found


#: What a duty is made of; whole entities would take three times as long for the thousands of clocks of a board.
_COLUMNS = [
    "id",
    "instance",
    "case",
    "policy",
    "subject",
    "unit",
    "origin_unit",
    "holder",
    "state",
    "started_at",
    "due",
    "stopped_at",
]


def _clocks(session: Session, scope: Scope) -> Sequence[Row[tuple[object, ...]]]:
    """Clocks that matter to this period or the one before."""
    oldest = scope.earlier().since
    statement = (
        core_select(*(table_of(Clock).c[name] for name in _COLUMNS))
        .join(Case, col(Case.id) == col(Clock.case), isouter=True)
        .where(
            col(Clock.started_at) <= scope.at,
            or_(
                col(Clock.stopped_at).is_(None),
                col(Clock.stopped_at) >= oldest,
                col(Clock.due) >= oldest,
            ),
            # The demo's cases are simulated until its "now" and count; practice cases never do.
            or_(
                col(Clock.simulated).is_(False),
                and_(col(Case.id).is_not(None), col(Case.practice).is_(False)),
            ),
        )
    )
    if scope.held is not None:
        statement = statement.where(col(Clock.held).is_(scope.held))
    if scope.interpreter is not None:
        statement = statement.where(col(Case.interpreter).is_(scope.interpreter))
    return session.connection().execute(statement).all()


_Moves = dict[str, list[tuple[datetime, str | None, datetime | None]]]


def _moves(session: Session, clocks: Sequence[str]) -> _Moves:
    """Unit and due instant per stretch of time, of the clocks that were moved at all."""
    changed = set(session.exec(select(ClockEvent.clock).where(ClockEvent.kind == "changed").distinct()))
    wanted = sorted(changed.intersection(clocks))
    found: _Moves = defaultdict(list)
    for start in range(0, len(wanted), _CHUNK):
        rows = session.exec(
            select(ClockEvent.clock, ClockEvent.at, ClockEvent.unit, ClockEvent.due)
            .where(
                col(ClockEvent.clock).in_(wanted[start : start + _CHUNK]),
                col(ClockEvent.kind).in_(("started", "changed")),
            )
            .order_by(col(ClockEvent.at), col(ClockEvent.fact))
        )
        for clock, at, unit, due in rows:
            found[clock].append((at, unit, due))
    return found


def _as_of(clocks: Iterable[Row[tuple[object, ...]]], moves: _Moves, scope: Scope) -> list[Duty]:
    """State of each clock at the instant of a scope; those that did not exist then are left out."""
    found = []
    for clock in clocks:
        stopped = clock.stopped_at if clock.stopped_at and clock.stopped_at <= scope.at else None
        if clock.started_at > scope.at or (stopped and clock.state == "cancelled"):
            continue
        due, unit = clock.due, clock.unit
        history = moves.get(clock.id, ())
        for begin, _, changed in history:
            if begin <= scope.at:
                due = changed or due
        for begin, changed_unit, _ in history:
            if begin <= min(due, scope.at):
                unit = changed_unit
        if scope.by == "origin":
            unit = clock.origin_unit or unit
        found.append(
            Duty(
                clock=clock.id,
                instance=clock.instance,
                case=clock.case,
                policy=clock.policy,
                subject=clock.subject,
                holder=clock.holder,
                unit=unit or "",
                started_at=clock.started_at,
                due=due,
                stopped_at=stopped,
            )
        )
    return found


_ORDER = {"field_office": 0, "review": 1, "hq": 2}


def _rows(session: Session, duties: Iterable[Duty], at: datetime) -> tuple[UnitRow, ...]:
    theirs: dict[str, list[Duty]] = defaultdict(list)
    for duty in duties:
        theirs[duty.unit].append(duty)
    rows = [
        UnitRow(unit.code, unit.name, unit.type, tally(theirs[unit.code], at))
        for unit in session.exec(select(Unit).where(or_(col(Unit.active), col(Unit.code).in_(list(theirs)))))
    ]

    def order(row: UnitRow) -> tuple[int, int, float, str]:
        oldest = row.tally.oldest.timestamp() if row.tally.oldest else 0.0
        return _ORDER.get(row.type, 3), -row.tally.late, oldest, row.name

    return tuple(sorted(rows, key=order))
