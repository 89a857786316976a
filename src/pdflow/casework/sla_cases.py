"""The cases behind a figure of the SLA board: who has each, which step used the time, why, and what was done about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from pdflow.casework import packs
from pdflow.casework.view.access import EVERYWHERE, UNIT_ROLES, may_see
from pdflow.records.tables import Case, ClockEvent, Command, Determination, EvidenceItem, Task, User
from pdflow.services.actor import Actor
from pdflow.services.clocks import FEW, quantile
from pdflow.services.sla_board import Duty, Scope

#: Rows of one list at most; the figures count all.
MOST = 500


@dataclass(frozen=True)
class LateCase:
    """One duty of a case as the list shows it.

    Attributes:
        holder: who has the case: a name, or whom its task is offered to; ``None``: nobody has to act.
        since: since when.
        step: the task that used most of the time, and how long it took.
        cause, action: why it is late and what was done, as said when the last escalation was closed.
        escalated: to whom the clock went last, and when.
    """

    duty: Duty
    holder: str | None
    since: datetime | None
    step: str | None
    step_time: timedelta
    cause: str | None
    action: str | None
    escalated: tuple[str, datetime] | None


@dataclass(frozen=True)
class Listing:
    """Cases that the viewer may open, and how many more there are that they may not."""

    rows: tuple[LateCase, ...]
    hidden: int


@dataclass(frozen=True)
class Spread:
    """How long something takes, with what still runs as censored.

    Attributes:
        measured: how many began in the period; ``running`` of them have not ended.
        median, p90: ``None``: under 10, or not reached.
    """

    measured: int
    running: int
    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True)
class Signing:
    """Times that show a signature held back until its 48 hours are easy to keep (domain facts 3.2, rule 4).

    Attributes:
        approval: from the supervisor's approval to the signature.
        evidence: from the last evidence received to the signature.
    """

    approval: Spread
    evidence: Spread


def list_cases(actor: Actor, session: Session, duties: Iterable[Duty], at: datetime) -> Listing:
    """The duties in the order of their due instants, as far as the viewer may open their cases."""
    wanted = sorted(duties, key=lambda duty: (duty.due, duty.clock))
    open_to_me = _visible(actor, session, wanted)
    shown = [duty for duty in wanted if duty.clock in open_to_me][:MOST]
    tasks = _tasks(session, {duty.instance for duty in shown})
    names = _names(session, tasks)
    escalations = _escalations(session, [duty.clock for duty in shown], at)
    said = _said(session, {duty.case for duty in shown if duty.case}, at)
    rows = tuple(
        _row(duty, tasks.get(duty.instance, []), names, escalations, said.get(duty.case or "", []), at)
        for duty in shown
    )
    return Listing(rows, len(wanted) - len(open_to_me))


def signing(session: Session, scope: Scope, unit: str | None) -> Signing:
    """Times to signature of the office's determinations, of what began in the period."""
    cases = {case.id: case for case in session.exec(_counted(scope, unit))}
    written = session.exec(
        select(Determination)
        .where(Determination.level == "office", col(Determination.proposed_at) <= scope.at)
        .order_by(col(Determination.proposed_at))
    )
    by_case: dict[str, list[Determination]] = defaultdict(list)
    for determination in written:
        if determination.case in cases:
            by_case[determination.case].append(determination)
    approvals = [
        (each.approved_at, _before(each.signed_at, scope.at))
        for found in by_case.values()
        for each in found
        if each.approved_at is not None
        and (each.state in ("approved", "signed") or each.signed_at is not None)
    ]
    received = _received(session)
    evidence = []
    for id, case in cases.items():
        signatures = (_before(each.signed_at, scope.at) for each in by_case.get(id, ()))
        signed = min((signature for signature in signatures if signature), default=None)
        if signed is None and _before(case.closed_at, scope.at):
            continue  # withdrawn or moot: it never came to a signature
        arrived = [instant for instant in received.get(id, ()) if instant <= (signed or scope.at)]
        if arrived:
            evidence.append((max(arrived), signed))
    return Signing(_spread(approvals, scope), _spread(evidence, scope))


def _counted(scope: Scope, unit: str | None) -> Any:
    statement = select(Case).where(col(Case.practice).is_(False), col(Case.received_at) <= scope.at)
    if unit is not None:
        office = col(Case.origin_office) if scope.by == "origin" else col(Case.office)
        statement = statement.where(office == unit)
    if scope.held is not None:
        statement = statement.where(col(Case.held).is_(scope.held))
    if scope.interpreter is not None:
        statement = statement.where(col(Case.interpreter).is_(scope.interpreter))
    return statement


def _received(session: Session) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = defaultdict(list)
    for case, at in session.exec(select(EvidenceItem.case, EvidenceItem.received_at)):
        found[case].append(at)
    return found


def _before(instant: datetime | None, at: datetime) -> datetime | None:
    return instant if instant is not None and instant <= at else None


def _spread(spans: Iterable[tuple[datetime, datetime | None]], scope: Scope) -> Spread:
    measured = [
        ((end or scope.at) - begin, end is not None)
        for begin, end in spans
        if scope.since <= begin <= scope.at
    ]
    enough = len(measured) >= FEW
    return Spread(
        measured=len(measured),
        running=sum(not ended for _, ended in measured),
        median=quantile(measured, 0.5) if enough else None,
        p90=quantile(measured, 0.9) if enough else None,
    )


def _visible(actor: Actor, session: Session, duties: Sequence[Duty]) -> set[str]:
    """Clocks whose cases the viewer may open; those of no case belong to their unit."""
    if actor.has(*EVERYWHERE):
        return {duty.clock for duty in duties}
    wanted = {duty.case for duty in duties if duty.case}
    cases = session.exec(select(Case).where(col(Case.id).in_(wanted)))
    mine = {case.id for case in cases if may_see(actor, session, case)}
    units = actor.units(*UNIT_ROLES)
    return {duty.clock for duty in duties if (duty.case in mine if duty.case else duty.unit in units)}


def _tasks(session: Session, instances: set[str]) -> dict[str, list[Task]]:
    """Tasks of the steps; those about the case (escalations, questions, dates) are marked ``case:task``."""
    found: dict[str, list[Task]] = defaultdict(list)
    rows = session.exec(
        select(Task).where(col(Task.instance).in_(instances)).order_by(col(Task.opened_at), col(Task.id))
    )
    for task in rows:
        if "case:task" not in task.properties:
            found[task.instance].append(task)
    return found


def _names(session: Session, tasks: dict[str, list[Task]]) -> dict[str, str]:
    users = {user for found in tasks.values() for task in found for user in (task.assignee, task.closed_by)}
    return dict(session.exec(select(User.id, User.name).where(col(User.id).in_(users - {None}))).all())


def _escalations(session: Session, clocks: list[str], at: datetime) -> dict[str, tuple[str, datetime]]:
    rows = session.exec(
        select(ClockEvent)
        .where(col(ClockEvent.clock).in_(clocks), ClockEvent.kind == "escalated", col(ClockEvent.at) <= at)
        .order_by(col(ClockEvent.at), col(ClockEvent.fact))
    )
    return {row.clock: (str(row.data.get("step", "")), row.at) for row in rows}


def _said(session: Session, cases: set[str], at: datetime) -> dict[str, list[Command]]:
    """What was said when escalations of these cases were closed, oldest first."""
    found: dict[str, list[Command]] = defaultdict(list)
    rows = session.exec(
        select(Command)
        .where(
            col(Command.case).in_(cases),
            Command.effect == "liaisons.close-escalation",
            Command.state == "done",
            col(Command.done_at) <= at,
        )
        .order_by(col(Command.done_at), col(Command.id))
    )
    for row in rows:
        found[row.case or ""].append(row)
    return found


def _row(
    duty: Duty,
    tasks: Sequence[Task],
    names: dict[str, str],
    escalations: dict[str, tuple[str, datetime]],
    said: Sequence[Command],
    at: datetime,
) -> LateCase:
    end = duty.stopped_at or at
    measured = [task for task in tasks if task.clock == duty.clock] or list(tasks)
    spent: dict[str, timedelta] = defaultdict(timedelta)
    for task in measured:
        closed = _before(task.closed_at, end) or end
        spent[task.name] += max(closed - max(task.opened_at, duty.started_at), timedelta(0))
    step = max(spent, key=lambda name: spent[name], default=None)
    now_open = [t for t in measured if t.opened_at <= at and _before(t.closed_at, at) is None]
    holder, since = _holder(now_open[0], names) if now_open else (None, None)
    answer: dict[str, Any] = next(
        (row.payload for row in reversed(said) if row.done_at and row.done_at >= duty.started_at), {}
    )
    return LateCase(
        duty=duty,
        holder=holder,
        since=since,
        step=step if step and spent[step] else None,
        step_time=spent[step] if step else timedelta(0),
        cause=_title("cause", answer.get("cause")),
        action=_title("action", answer.get("action")),
        escalated=escalations.get(duty.clock),
    )


def _holder(task: Task, names: dict[str, str]) -> tuple[str, datetime]:
    """Who had an open task; one that was done since was with whoever did it."""
    user = task.assignee or task.closed_by
    if user is not None:
        return names.get(user, user), task.claimed_at or task.opened_at
    offered = [group.rpartition(".") for group in task.groups]
    words = " or ".join(f"{role.replace('_', ' ')} of {unit}" for unit, _, role in offered)
    return words or "nobody", task.opened_at


def _title(field: str, code: str | None) -> str | None:
    """A code of the escalation form in its words."""
    choices = packs.form("escalation")["properties"][field]["oneOf"]
    return next((str(choice["title"]) for choice in choices if choice["const"] == code), code)
