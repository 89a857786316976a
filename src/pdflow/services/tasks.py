"""User tasks: the queue, and what people do with a task.

A claim, a draft and a release touch the task's row alone; completing goes through the command protocol.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, false, func, or_
from sqlmodel import Session, col, select

from pdflow.records.ids import ulid
from pdflow.records.tables import Command, Instance, Task, TaskDraft, TaskGroup
from pdflow.runtime.messages import CommandMessage
from pdflow.services import commands, definitions, forms, permissions
from pdflow.services.actor import SYSTEM, Actor
from pdflow.services.commands import Receipt
from pdflow.services.errors import Conflict, NotAllowed, NotFound
from pdflow.services.gateway import PATIENCE
from pdflow.services.platform import Platform
from pdflow.services.registry import find_command
from pdflow.services.wire import instant_text, to_wire

#: States of a task that somebody still has to do.
OPEN = ("open", "claimed", "completing")
#: A held person or a date that cannot be moved comes first when it is this near.
SOON = timedelta(hours=72)


def queue(
    actor: Actor,
    session: Session,
    *,
    now: datetime,
    mine: bool = False,
    units: Collection[str] | None = None,
    limit: int = 200,
) -> list[Task]:
    """Open tasks that the actor may do: theirs, and unclaimed ones offered to their groups.

    Order: somebody held or a hard date within 72 h first, then least time left; no due date last.

    Args:
        actor: whose queue.
        session: for reading.
        now: to tell what is near.
        mine: only what they have claimed.
        units: only tasks of these units.
        limit: rows at most.
    """
    statement = select(Task).where(_visible(actor, mine=mine), col(Task.state).in_(("open", "claimed")))
    if units is not None:
        statement = statement.where(col(Task.unit).in_(list(units)))
    near = or_(col(Task.held), func.coalesce(col(Task.hard_date) <= now + SOON, false()))
    ordered = statement.order_by(near.desc(), col(Task.due).is_(None), col(Task.due), col(Task.id))
    return list(session.exec(ordered.limit(limit)))


def of_case(session: Session, case: str, *, states: Sequence[str] = OPEN) -> list[Task]:
    """Tasks of a case, oldest first; who may see the case is decided by the caller."""
    statement = select(Task).where(Task.case == case, col(Task.state).in_(list(states)))
    return list(session.exec(statement.order_by(col(Task.opened_at), col(Task.id))))


def get(actor: Actor, session: Session, task_id: str) -> Task:
    """A task that the actor may do, may reassign, or did.

    Raises:
        NotFound: there is none, or it is not theirs to know of.
    """
    task = session.get(Task, task_id)
    if task is None or not (_may_do(actor, task) or _knows(actor, task)):
        raise NotFound("There is no such task, or it is not yours to see.")
    return task


def form(session: Session, task: Task) -> dict[str, Any]:
    """The JSON Schema of the task's form, as deployed with its definition; empty: it has none."""
    return definitions.form(session, task.definition, task.form)


def claim(actor: Actor, platform: Platform, task_id: str) -> Task:
    """Take an open task.

    Raises:
        NotFound: there is none for this actor.
        Conflict: ``claimed``: somebody was first; the sentence says when. ``not-open``: it is over.
    """
    with platform.writing() as session:
        task = _doable(actor, session, task_id)
        if task.state == "open":
            task.state, task.assignee, task.claimed_at = "claimed", actor.user, platform.now()
            task.version += 1
        elif task.assignee != actor.user or task.state != "claimed":
            raise _taken(task)
        return task


def start(actor: Actor, platform: Platform, task_id: str) -> tuple[Task, Any]:
    """Claim and open in one press.

    Returns:
        The task and the actor's draft of its form (``None``: none yet).
    """
    task = claim(actor, platform, task_id)
    with platform.reading() as session:
        return task, draft(actor, session, task_id)


def release(actor: Actor, platform: Platform, task_id: str) -> Task:
    """Give a claimed task back to its groups; the draft stays."""
    with platform.writing() as session:
        task = _claimed(actor, session, task_id)
        task.state, task.assignee, task.claimed_at = "open", None, None
        task.version += 1
        return task


def reassign(actor: Actor, platform: Platform, task_id: str, user: Actor | None) -> Task:
    """Give a task to somebody who may do it, or back to its groups.

    Raises:
        NotAllowed: the actor has no role for this in the task's unit, or ``user`` may not do the task.
        Conflict: a completion is on its way, or the task is over.
    """
    with platform.writing() as session:
        task = _locked(session, task_id)
        permissions.require(actor, "task.reassign", task.unit)
        if task.state not in ("open", "claimed"):
            raise _taken(task)
        if user is not None and not _may_do(user, task):
            raise NotAllowed("Expected somebody who has the role for this task.")
        task.state = "claimed" if user else "open"
        task.assignee = user.user if user else None
        task.claimed_at = platform.now() if user else None
        task.version += 1
        return task


def draft(actor: Actor, session: Session, task_id: str) -> Any:
    """What the actor has typed and not sent; after a refusal it is still there."""
    row = session.get(TaskDraft, (task_id, actor.user))
    return row.payload if row else None


def save_draft(actor: Actor, platform: Platform, task_id: str, payload: Any) -> datetime:
    """Keep unfinished input; called every few seconds while somebody types.

    Returns:
        Wall time at which it was kept.
    """
    if forms.size(payload) > forms.MAX_CHARACTERS:
        raise forms.too_long()
    with platform.writing() as session:
        _claimed(actor, session, task_id)
        now = platform.now()
        session.merge(TaskDraft(task=task_id, user=actor.user, payload=payload, saved_at=now))
        return now


def complete(
    actor: Actor,
    platform: Platform,
    task_id: str,
    payload: Any = None,
    *,
    version: int | None = None,
    at: datetime | None = None,
    deadline: timedelta = PATIENCE,
) -> Receipt:
    """Complete a claimed task with the value of its form.

    Args:
        actor: who has claimed it.
        platform: of this process.
        task_id: ``<instance>:<token>``.
        payload: the form's value; stays in the command row, encrypted.
        version: row version that the person saw; another one is a conflict.
        at: instant, for a simulated instance only.
        deadline: how long to wait for the step to be written.

    Raises:
        InvalidForm: the input does not fit; nothing was written.
        Refused: by a rule of the command (nothing was written) or by the process (the task is theirs again).
        Conflict, NotAllowed, NotFound: nothing was written.
    """
    with platform.writing() as session:
        task = _locked(session, task_id)
        if task.state == "completing" and task.assignee == actor.user:
            pending = commands.pending(session, task_id)
            command = pending.id if pending else None
        else:
            command = _request(actor, platform, session, task, payload, version, at).id
    if command is None:
        raise Conflict("This task is being completed already.", code="completing")
    return commands.send(platform, command, deadline=deadline)


def hold(session: Session, case: str, *, held: bool, hard_date: datetime | None) -> None:
    """Mark a case's instances and open tasks: somebody is held, a date cannot be moved. For effects and listeners."""
    for instance in session.exec(select(Instance).where(Instance.case == case, Instance.state == "running")):
        instance.held, instance.hard_date = held, hard_date
    for task in session.exec(select(Task).where(Task.case == case, col(Task.closed_at).is_(None))):
        task.held, task.hard_date = held, hard_date


def _request(
    actor: Actor,
    platform: Platform,
    session: Session,
    task: Task,
    payload: Any,
    version: int | None,
    at: datetime | None,
) -> Command:
    """Steps 1 of the protocol: everything is checked, the row is written, the task is completing."""
    if not _may_do(actor, task):
        raise NotFound("There is no such task, or it is not yours to see.")
    if task.state != "claimed" or task.assignee != actor.user:
        raise _taken(task)
    if version is not None and version != task.version:
        raise Conflict("This task has changed since you opened it. Look at it again; your text is kept.")
    schema = form(session, task)
    variables: dict[str, Any] = {}
    effect = forms.command_of(schema) if schema else None
    if schema:
        forms.check(schema, payload)
        variables = forms.variables(schema, payload)
    if effect is not None:
        permissions.require(actor, effect, task.unit)
        handler = find_command(effect)
        if handler is None:
            raise NotFound(
                f"Expected the command {effect!r} to be registered; deploy the release that has it."
            )
        variables |= handler.validate(session, actor, task, payload)
    wire = CommandMessage(
        id=ulid(platform.now()),
        name="complete",
        actor=actor.user,
        effect=effect,
        task=task.id,
        variables=to_wire(variables),
        at=instant_text(at) if at else None,
    )
    task.state = "completing"
    task.version += 1
    if payload is not None:
        session.merge(TaskDraft(task=task.id, user=actor.user, payload=payload, saved_at=platform.now()))
    return commands.record(
        session,
        wire,
        process=task.process,
        instance=task.instance,
        case=task.case,
        payload=payload,
        at=platform.now(),
    )


def _visible(actor: Actor, *, mine: bool) -> ColumnElement[bool]:
    claimed = col(Task.assignee) == actor.user
    if mine:
        return claimed
    offered = exists().where(
        col(TaskGroup.task) == col(Task.id), col(TaskGroup.group).in_(sorted(actor.groups))
    )
    return or_(claimed, col(Task.assignee).is_(None) & offered)


def _may_do(actor: Actor, task: Task) -> bool:
    if actor.user == SYSTEM.user or task.assignee == actor.user or actor.user in task.users:
        return True
    return not actor.groups.isdisjoint(task.groups) or not (task.groups or task.users)


def _knows(actor: Actor, task: Task) -> bool:
    return task.closed_by == actor.user or permissions.allowed(actor, "task.reassign", task.unit)


def _locked(session: Session, task_id: str) -> Task:
    task = session.get(Task, task_id, with_for_update=True)
    if task is None:
        raise NotFound("There is no such task, or it is not yours to see.")
    return task


def _doable(actor: Actor, session: Session, task_id: str) -> Task:
    task = _locked(session, task_id)
    if not _may_do(actor, task):
        raise NotFound("There is no such task, or it is not yours to see.")
    return task


def _claimed(actor: Actor, session: Session, task_id: str) -> Task:
    task = _doable(actor, session, task_id)
    if task.state != "claimed" or task.assignee != actor.user:
        raise _taken(task)
    return task


def _taken(task: Task) -> Conflict:
    if task.state in ("completed", "cancelled"):
        return Conflict(f"This task is over: it was {task.state}.", code="not-open")
    if task.state == "completing":
        return Conflict("This task is being completed.", code="completing")
    if task.state == "open":
        return Conflict("Start this task first.", code="not-claimed")
    return Conflict("Somebody else has this task.", code="claimed", who=task.assignee, since=task.claimed_at)
