"""The command protocol: a row first, then the update, and nothing but the workflow's answer settles it.

1. One transaction writes the command row (with personal data and free text) and whatever it claims.
2. :func:`send` sends the row's message; ids and codes only.
3. The projection of the step applies the effect and marks the row done.
4. Only the workflow's answer sets ``answered_at``; :func:`resend` sends again every row without one.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlmodel import Session, col, select

from pdflow.records.errors import RecordsUnavailable
from pdflow.records.ids import ulid
from pdflow.records.tables import Command, Incident, Instance, Task
from pdflow.runtime.messages import Answer, CommandMessage, StartInstance
from pdflow.services import permissions
from pdflow.services.actor import Actor
from pdflow.services.errors import InstanceUnavailable, NotFound, Refused
from pdflow.services.gateway import PATIENCE
from pdflow.services.platform import Platform
from pdflow.services.registry import find_command
from pdflow.services.wire import instant_text, to_wire

#: Pauses, in seconds, before the same update is sent again because the workflow does not see yet what the row says.
PAUSES = (0.05, 0.2, 0.5)
#: Attempts after which a person should look at a command that the workflow keeps refusing against the records.
MANY = 20

START = "start"


@dataclass(frozen=True)
class Receipt:
    """What became of a command.

    Attributes:
        status: ``done`` (written), or ``running``: accepted, kept, and sent again until it is done.
        last_fact: number of the last fact of the step; 0 while it runs.
    """

    command: str
    instance: str
    status: Literal["done", "running"]
    last_fact: int = 0


def submit(
    actor: Actor,
    platform: Platform,
    *,
    instance: str,
    name: str,
    effect: str | None = None,
    payload: Any = None,
    variables: Mapping[str, Any] | None = None,
    task: str | None = None,
    message: str | None = None,
    key: str | None = None,
    at: datetime | None = None,
    command: str | None = None,
    deadline: timedelta = PATIENCE,
) -> Receipt:
    """Give a running instance a command that completes no task (for that: :func:`pdflow.services.tasks.complete`).

    Args:
        actor: needs the role for ``effect``, or for ``name`` when there is no effect.
        platform: of this process.
        instance: id of the instance.
        name: ``message``, ``signal``, ``cancel``, ``advance``, ``retry``, ``set_variables`` ...
        effect: registered command that checks the payload and changes domain records when the step is written.
        payload: what the person sent; personal data and free text stay in the row.
        variables: Python values, codes only; those of the effect's check are added.
        task: token place ``<instance>:<token>`` for ``retry`` and ``set_variables``.
        message: name of the message or signal.
        key: correlation key.
        at: instant, for a simulated instance only.
        command: id of an earlier try of the same request, so that it is done once; new when absent.
        deadline: how long to wait for the step to be written.

    Raises:
        NotAllowed, NotFound, Refused: nothing was written, or the workflow refused.
    """
    with platform.writing() as session:
        earlier = session.get(Command, command) if command else None
        if earlier is None:
            row = session.get(Instance, instance)
            if row is None:
                raise NotFound("There is no such process instance.")
            permissions.require(actor, effect or name, row.unit)
            handler = find_command(effect)
            sent = dict(variables or {})
            if handler is not None:
                sent |= handler.validate(session, actor, None, payload)
            wire = CommandMessage(
                id=command or ulid(platform.now()),
                name=name,
                actor=actor.user,
                effect=effect,
                task=task,
                message=message,
                key=key,
                variables=to_wire(sent),
                at=instant_text(at) if at else None,
            )
            now = platform.now()
            record(
                session,
                wire,
                process=row.process,
                instance=instance,
                case=row.case,
                payload=payload,
                at=now,
            )
            command = wire.id
    assert command is not None
    return send(platform, command, deadline=deadline)


def record(
    session: Session,
    wire: CommandMessage | StartInstance,
    *,
    process: str,
    instance: str,
    case: str | None,
    payload: Any,
    at: datetime,
    effect: str | None = None,
) -> Command:
    """Insert the row of a command; the caller commits, then sends.

    Args:
        session: the transaction that also holds what the command claims.
        wire: what will be sent.
        process: of the instance.
        instance: its id.
        case: case id, for screens and the audit record.
        payload: what the person sent; encrypted.
        at: wall time.
        effect: of a start; a command message names its own.
    """
    if isinstance(wire, StartInstance):
        command, name, task = wire.command, START, None
    else:
        command, name, effect = wire.id, wire.name, wire.effect
        task = wire.task if wire.name == "complete" else None
    if command is None or wire.actor is None:
        raise ValueError("Expected a start with the id of its command and its actor.")
    row = Command(
        id=command,
        actor=wire.actor,
        name=name,
        effect=effect,
        process=process,
        instance=instance,
        case=case,
        task=task,
        payload=payload,
        wire=asdict(wire),
        requested_at=at,
        sent_at=at,
    )
    session.add(row)
    return row


def send(platform: Platform, command: str, *, deadline: timedelta = PATIENCE) -> Receipt:
    """Send a committed command, again if need be.

    Whatever does not answer on the way, server, worker or database: the command is kept, so the receipt says
    ``running`` and :func:`resend` goes on.

    Raises:
        NotFound: there is no such command.
        Refused: the workflow refused; the task, if any, is back with whoever had claimed it.
    """
    with platform.reading() as session:
        row = session.get(Command, command)
    if row is None:
        raise NotFound("There is no such command.")
    if row.answered_at is not None:
        return _settled(row)
    try:
        return _send(platform, row, deadline)
    except (InstanceUnavailable, RecordsUnavailable):
        return Receipt(row.id, row.instance, "running")


def _send(platform: Platform, row: Command, deadline: timedelta) -> Receipt:
    for pause in (*PAUSES, None):
        answer = _call(platform, row, deadline)
        if answer.status == "running":
            return Receipt(row.id, row.instance, "running")
        if answer.status != "refused" or not _contradicts_records(platform, row, answer):
            return _settle(platform, row.id, answer)
        if pause is None:
            break
        time.sleep(pause)
    _count_contradiction(platform, row.id, answer)
    return Receipt(row.id, row.instance, "running")


def resend(platform: Platform, *, limit: int = 200) -> int:
    """Send again every command that the workflow has not answered; called by the worker every few seconds.

    Returns:
        How many were sent.
    """
    now = platform.now()
    before = now - timedelta(seconds=platform.settings.resend_after_seconds)
    with platform.writing() as session:
        rows = session.exec(
            select(Command)
            .where(col(Command.answered_at).is_(None), col(Command.sent_at) <= before)
            .order_by(col(Command.requested_at), col(Command.id))
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.sent_at, row.attempts = now, row.attempts + 1
        waiting = [row.id for row in rows]
    for command in waiting:
        try:
            send(platform, command)
        except Refused:
            continue  # the row and its task say so; nobody waits for this answer
    return len(waiting)


def pending(session: Session, task: str) -> Command | None:
    """The command on its way for a task."""
    return session.exec(
        select(Command).where(
            Command.task == task, Command.state == "requested", col(Command.answered_at).is_(None)
        )
    ).first()


def _call(platform: Platform, row: Command, deadline: timedelta) -> Answer:
    if row.name == START:
        return platform.gateway.start(StartInstance(**row.wire), deadline)
    return platform.gateway.command(row.process, row.instance, CommandMessage(**row.wire), deadline)


def _contradicts_records(platform: Platform, row: Command, answer: Answer) -> bool:
    """The workflow does not see what the records show as open: a row may be visible before the step is durable."""
    with platform.reading() as session:
        if answer.code == "task-not-open" and row.task is not None:
            task = session.get(Task, row.task)
            return task is not None and task.closed_by_fact is None
        if answer.code == "instance-unknown":
            instance = session.get(Instance, row.instance)
            return instance is not None and instance.state == "running"
        if answer.code == "instance-ended":
            instance = session.get(Instance, row.instance)
            return instance is None or instance.state == "running"
    return False


def _settle(platform: Platform, command: str, answer: Answer) -> Receipt:
    with platform.writing() as session:
        row = session.get_one(Command, command, with_for_update=True)
        if row.answered_at is None:
            row.answered_at = platform.now()
            if answer.status == "refused" and not _done_before_end(session, row, answer):
                _refuse(session, row, answer)
    return _settled(row, answer.last_fact)


def _done_before_end(session: Session, row: Command, answer: Answer) -> bool:
    """The step was written, its answer lost, and the instance has ended since: it ends only when all is written."""
    instance = session.get(Instance, row.instance)
    ended = instance is not None and instance.state != "running"
    return answer.code == "instance-ended" and ended and row.state == "done"


def _refuse(session: Session, row: Command, answer: Answer) -> None:
    row.refusal, row.refusal_text = answer.code or "refused", answer.sentence
    task = session.get(Task, row.task) if row.task else None
    if task is not None and task.state == "completing":
        task.state, task.version = "claimed", task.version + 1
    if row.applied_at is not None:
        _report(
            session,
            row,
            "effect-without-step",
            "The records hold the effect of a command that the workflow refused.",
        )
    row.state = "refused"


def _settled(row: Command, last_fact: int = 0) -> Receipt:
    if row.refusal is not None:
        raise Refused(row.refusal_text or "The process refused this.", code=row.refusal)
    return Receipt(row.id, row.instance, "done", last_fact or row.done_by_fact or 0)


def _count_contradiction(platform: Platform, command: str, answer: Answer) -> None:
    with platform.writing() as session:
        row = session.get_one(Command, command)
        if row.attempts >= MANY:
            _report(
                session,
                row,
                "records-ahead",
                f"The workflow keeps answering {answer.code} where the records say open.",
            )


def _report(session: Session, row: Command, code: str, message: str) -> None:
    """Open an incident that no fact raised, once for each command."""
    name = f"{row.id}:{code}"
    if session.get(Incident, name) is None:
        session.add(
            Incident(
                id=name,
                instance=row.instance,
                process=row.process,
                case=row.case,
                code=code,
                message=message,
                opened_at=row.sent_at,
            )
        )
