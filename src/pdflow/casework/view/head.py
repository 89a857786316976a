"""The head of a case: one sentence that says who has it, what is next and what is late, and the chips beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, col, select

from pdflow.records.tables import Case, HardDate, Instance, Person, Task, Unit, User
from pdflow.services.actor import Actor

#: Case state -> what is being done, in the words of the page.
DOING = {
    "received": "received",
    "acknowledged": "acknowledged",
    "inquiring": "inquiring",
    "evidence_asked": "waiting for evidence",
    "weighing_evidence": "weighing the evidence",
    "deciding": "writing the determination",
    "awaiting_approval": "waiting for a second person's approval",
    "awaiting_signature": "waiting for the signature",
    "notifying": "serving the notice",
    "appeal_open": "open for appeal",
    "under_review": "under review outside the office",
    "at_headquarters": "at Headquarters",
    "closed": "closed",
}
#: Task states in which somebody still has to act.
OPEN = ("open", "claimed", "completing")


@dataclass(frozen=True)
class OpenTask:
    """A task that the case waits for.

    Attributes:
        holder: name of who has claimed it; ``None``: offered to ``groups``.
        since: when it was opened or claimed.
    """

    id: str
    name: str
    element: str
    state: str
    holder: str | None
    holder_id: str | None
    groups: tuple[str, ...]
    since: datetime
    due: datetime | None
    mine: bool


@dataclass(frozen=True)
class Head:
    """What is always visible.

    Attributes:
        short_name: initial and family name; the full name is on the People tab.
        zone: IANA zone of the accountable office.
        dates: hard dates that still hold: kind, instant, source.
        process: process id and instance of the running life-cycle, for its diagram.
    """

    case: str
    short_name: str
    state: str
    doing: str
    office: str
    office_name: str
    zone: str
    review_unit: str | None
    outcome: str | None
    held: bool
    custody: str | None
    language: str
    interpreter: bool
    presumption: bool
    practice: bool
    simulated: bool
    channel: str
    received_at: datetime
    signed_at: datetime | None
    closed_at: datetime | None
    instance: str | None
    process: str | None
    definition: str | None
    tasks: tuple[OpenTask, ...] = ()
    dates: tuple[tuple[str, datetime, str], ...] = field(default=())


def head(actor: Actor, session: Session, case: Case) -> Head:
    """Collect the head of a case that :func:`open_case` returned."""
    office = session.get(Unit, case.office)
    person = session.get(Person, case.person) if case.person else None
    instance = session.get(Instance, case.instance) if case.instance else None
    dates = session.exec(
        select(HardDate)
        .where(HardDate.case == case.id, col(HardDate.cancelled_at).is_(None))
        .order_by(col(HardDate.at))
    )
    return Head(
        case=case.id,
        short_name=short_name(person),
        state=case.state,
        doing=DOING.get(case.state, case.state.replace("_", " ")),
        office=case.office,
        office_name=office.name if office else case.office,
        zone=office.time_zone if office else "UTC",
        review_unit=case.review_unit,
        outcome=case.outcome,
        held=case.held,
        custody=case.custody,
        language=case.language,
        interpreter=case.interpreter,
        presumption=case.presumption,
        practice=case.practice,
        simulated=case.simulated,
        channel=case.channel,
        received_at=case.received_at,
        signed_at=case.signed_at,
        closed_at=case.closed_at,
        instance=case.instance,
        process=instance.process if instance else None,
        definition=instance.definition if instance else None,
        tasks=open_tasks(actor, session, case.id),
        dates=tuple((row.kind, row.at, row.source) for row in dates),
    )


def short_name(person: Person | None) -> str:
    """Initial and family name, enough to recognise a case one knows."""
    if person is None or not person.family:
        return "name not known"
    return f"{person.given[:1]}. {person.family}" if person.given else person.family


def open_tasks(actor: Actor, session: Session, case: str) -> tuple[OpenTask, ...]:
    """The open tasks of a case, the most urgent first."""
    rows = session.exec(
        select(Task, User.name)
        .join(User, col(User.id) == col(Task.assignee), isouter=True)
        .where(Task.case == case, col(Task.state).in_(OPEN))
        .order_by(col(Task.due).is_(None), col(Task.due), col(Task.opened_at))
    ).all()
    return tuple(
        OpenTask(
            id=task.id,
            name=task.name,
            element=task.element,
            state=task.state,
            holder=name or task.assignee,
            holder_id=task.assignee,
            groups=tuple(task.groups),
            since=task.claimed_at or task.opened_at,
            due=task.due,
            mine=task.assignee == actor.user
            or (task.assignee is None and bool(actor.groups & set(task.groups))),
        )
        for task, name in rows
    )
