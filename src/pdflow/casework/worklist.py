"""My queue: what I should do next and why, what is late, and what my office waits for from others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from pdflow.casework.view.head import DOING, short_name
from pdflow.records.tables import Case, Notice, NoticeAttempt, Person, Task, Unit, User
from pdflow.services import tasks
from pdflow.services.actor import Actor

Filter = Literal["all", "late", "today", "held", "waiting"]
#: No queue is longer than people can read; the counts say how much there is.
MOST = 1000


@dataclass(frozen=True)
class Row:
    """One task as the queue shows it.

    Attributes:
        chips: short labels: ``Held``, a hard date, ``Interpreter``, ``Practice``.
        step: what is being done in the case, in words.
        holder: who has claimed it; ``None``: nobody.
        mine: claimed by the viewer.
        zone: IANA zone of the task's unit.
    """

    task: str
    name: str
    element: str
    process: str
    case: str | None
    short_name: str
    due: datetime | None
    opened_at: datetime
    held: bool
    hard_date: datetime | None
    chips: tuple[str, ...]
    step: str
    holder: str | None
    mine: bool
    unit: str | None
    zone: str
    practice: bool

    def late(self, now: datetime) -> bool:
        """Past its due instant; at the instant itself it is in time."""
        return self.due is not None and now > self.due

    def urgent(self, now: datetime) -> bool:
        """Somebody is held, or a date that cannot be moved is within 72 hours."""
        return self.held or (self.hard_date is not None and self.hard_date <= now + tasks.SOON)


@dataclass(frozen=True)
class Since:
    """What is new since the viewer was here last."""

    at: datetime
    new: int
    bounced: int
    held: int


@dataclass(frozen=True)
class Worklist:
    """Rows and counts of the viewer's queue.

    Attributes:
        counts: filter -> number of tasks; ``waiting`` counts those that others must do.
        next_due: the next due instant among what waits for the viewer.
    """

    rows: tuple[Row, ...]
    waiting: tuple[Row, ...]
    counts: dict[str, int]
    since: Since | None
    next_due: datetime | None

    def filtered(self, chosen: Filter, now: datetime) -> Sequence[Row]:
        """The rows that a filter leaves."""
        if chosen == "waiting":
            return self.waiting
        return [row for row in self.rows if chosen == "all" or _fits(row, chosen, now)]


def worklist(actor: Actor, session: Session, now: datetime, left: datetime | None = None) -> Worklist:
    """The viewer's queue: theirs and their groups' unclaimed tasks, and what their units wait for from others.

    Args:
        actor: the viewer.
        session: a reading session.
        now: for what is late and what is due today.
        left: when the viewer was here last, to say what is new; ``None``: nothing is said.
    """
    own = tasks.queue(actor, session, now=now, limit=MOST)
    units = actor.units()
    ids = {task.id for task in own}
    others = session.exec(
        select(Task)
        .where(col(Task.state).in_(tasks.OPEN), col(Task.unit).in_(units))
        .order_by(col(Task.due).is_(None), col(Task.due), col(Task.id))
        .limit(MOST)
    ).all()
    rows = _rows(actor, session, own)
    waiting = _rows(actor, session, [task for task in others if task.id not in ids])
    counts = {chosen: sum(_fits(row, chosen, now) for row in rows) for chosen in ("late", "today", "held")}
    upcoming = [row.due for row in rows if row.due is not None and row.due >= now]
    return Worklist(
        rows=tuple(rows),
        waiting=tuple(waiting),
        counts={"all": len(rows), **counts, "waiting": len(waiting)},
        since=_since(session, rows, left) if left else None,
        next_due=min(upcoming, default=None),
    )


def _fits(row: Row, chosen: str, now: datetime) -> bool:
    if chosen == "late":
        return row.late(now)
    if chosen == "held":
        return row.urgent(now)
    zone = ZoneInfo(row.zone)
    return row.due is not None and row.due.astimezone(zone).date() == now.astimezone(zone).date()


def _rows(actor: Actor, session: Session, found: Sequence[Task]) -> list[Row]:
    cases: dict[str, tuple[Case | None, Person | None]] = {
        case.id: (case, person)
        for case, person in session.exec(
            select(Case, Person)
            .join(Person, col(Person.id) == col(Case.person), isouter=True)
            .where(col(Case.id).in_({task.case for task in found if task.case}))
        )
    }
    names = dict(
        session.exec(
            select(User.id, User.name).where(col(User.id).in_({t.assignee for t in found if t.assignee}))
        ).all()
    )
    zones = dict(session.exec(select(Unit.code, Unit.time_zone)).all())
    return [_row(actor, task, cases.get(task.case or "", (None, None)), names, zones) for task in found]


def _row(
    actor: Actor,
    task: Task,
    about: tuple[Case | None, Person | None],
    names: dict[str, str],
    zones: dict[str, str],
) -> Row:
    case, person = about
    return Row(
        task=task.id,
        name=task.name,
        element=task.element,
        process=task.process,
        case=task.case,
        short_name=short_name(person) if case else "",
        due=task.due,
        opened_at=task.opened_at,
        held=task.held,
        hard_date=task.hard_date,
        chips=_chips(task, case),
        step=DOING.get(case.state, case.state) if case else task.process.replace("-", " "),
        holder=names.get(task.assignee, task.assignee) if task.assignee else None,
        mine=task.assignee == actor.user,
        unit=task.unit,
        zone=zones.get(task.unit or "", "UTC"),
        practice=case.practice if case else task.simulated,
    )


def _chips(task: Task, case: Case | None) -> tuple[str, ...]:
    chips = ["Held"] if task.held else []
    if case is not None and case.interpreter:
        chips.append(f"Interpreter: {case.language}")
    if case is not None and case.practice:
        chips.append("Practice")
    return tuple(chips)


def _since(session: Session, rows: Sequence[Row], seen: datetime) -> Since:
    """New tasks, bounced notices and newly held people since the viewer's last visit."""
    new = [row for row in rows if row.opened_at > seen]
    cases = {row.case for row in rows if row.case}
    bounced = session.exec(
        select(NoticeAttempt.id)
        .join(Notice, col(Notice.id) == col(NoticeAttempt.notice))
        .where(col(NoticeAttempt.at) > seen, NoticeAttempt.result == "bounced", col(Notice.case).in_(cases))
    ).all()
    return Since(seen, len(new), len(bounced), sum(row.held for row in new))
