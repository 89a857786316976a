"""Messages between instances: matched under a lock, buffered when early, delivered once.

A message is delivered as a command whose id is the message's id, so a repeat is recognised by the workflow. A signal
reaches every running instance that has declared it, each by a row of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from pdflow.records.ids import ulid
from pdflow.records.tables import FactRow, Instance, Message, Subscription
from pdflow.runtime.messages import CommandMessage
from pdflow.services import definitions
from pdflow.services.actor import SYSTEM
from pdflow.services.errors import InstanceUnavailable
from pdflow.services.platform import Platform
from pdflow.services.wire import to_wire

#: Key of the advisory lock under which PostgreSQL matches; SQLite has one writer anyway.
_LOCK = 0x7064666C6F77


def post(
    session: Session,
    name: str,
    key: str | None,
    variables: Mapping[str, Any],
    *,
    at: datetime,
    id: str | None = None,
    time_to_live: timedelta | None = None,
    simulated: bool = False,
) -> str:
    """Keep a message from outside of any instance; :func:`deliver` does the rest.

    Args:
        session: a writing session.
        name: message name of the model.
        key: correlation key.
        variables: Python values, codes only.
        at: instant.
        id: to recognise a repeat; new when absent.
        time_to_live: how long it waits for somebody; for ever when absent.
        simulated: meant for simulated instances.

    Returns:
        Its id.
    """
    message = id or ulid(at)
    if session.exec(select(Message.number).where(Message.id == message)).first() is None:
        session.add(
            Message(
                id=message,
                name=name,
                key=key,
                variables=to_wire(variables),
                simulated=simulated,
                at=at,
                expires_at=at + time_to_live if time_to_live else None,
            )
        )
    return message


def deliver(platform: Platform, *, limit: int = 200) -> int:
    """Match what can be matched and deliver what is matched; called after projections and by the worker.

    Returns:
        How many were delivered. One whose instance does not answer stays matched and is sent again.
    """
    with platform.writing() as session:
        _lock(session)
        _expire(session, platform.now())
        _broadcast(session, limit)
        _match(session, platform.now(), limit)
        ready = session.exec(
            select(Message).where(Message.state == "matched").order_by(col(Message.number)).limit(limit)
        ).all()
    return sum(_send(platform, message) for message in ready)


def _lock(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _expire(session: Session, now: datetime) -> None:
    for message in session.exec(
        select(Message).where(Message.state == "buffered", col(Message.expires_at) <= now)
    ):
        message.state = "expired"


def _match(session: Session, now: datetime, limit: int) -> None:
    """The oldest message goes to the oldest subscription of its name and key; one message for each subscription."""
    subscribed = (
        (col(Subscription.message) == col(Message.name))
        & col(Subscription.key).is_not_distinct_from(col(Message.key))
        & col(Subscription.ended_by_fact).is_(None)
    )
    pairs = session.exec(
        select(Message, Subscription)
        .join(Subscription, subscribed)
        .where(Message.state == "buffered", col(Message.signal).is_(False))
        .order_by(
            col(Message.number), col(Subscription.since), col(Subscription.instance), col(Subscription.fact)
        )
        .limit(limit * 10)
    ).all()
    busy = set(
        session.exec(select(Message.instance, Message.subscription).where(Message.state == "matched")).all()
    )
    for message, subscription in pairs:
        place = (subscription.instance, subscription.fact)
        if message.state == "buffered" and place not in busy:
            busy.add(place)
            message.state, message.matched_at = "matched", now
            message.instance, message.process = subscription.instance, subscription.process
            message.subscription = subscription.fact


def _broadcast(session: Session, limit: int) -> None:
    """A signal becomes a message to each running instance that knows its name, the thrower apart."""
    signals = session.exec(
        select(Message)
        .where(Message.state == "buffered", col(Message.signal), col(Message.instance).is_(None))
        .order_by(col(Message.number))
        .limit(limit)
    ).all()
    for signal in signals:
        running = session.exec(
            select(Instance).where(
                Instance.state == "running",
                Instance.simulated == signal.simulated,
                func.coalesce(Instance.id != signal.source, True),
            )
        )
        for instance in running:
            if _declares(session, instance, signal.name):
                session.add(_copy(signal, instance))
        signal.state, signal.delivered_at = "delivered", signal.at


def _declares(session: Session, instance: Instance, signal: str) -> bool:
    if instance.definition is None:
        return False
    return f'"{signal}"' in str(definitions.part(session, instance.definition, "bpmn"))


def _copy(signal: Message, instance: Instance) -> Message:
    return Message(
        id=f"{signal.id}:{instance.id}",
        name=signal.name,
        variables=signal.variables,
        signal=True,
        simulated=signal.simulated,
        source=signal.source,
        at=signal.at,
        state="matched",
        instance=instance.id,
        process=instance.process,
        matched_at=signal.at,
    )


def _send(platform: Platform, message: Message) -> bool:
    assert message.instance is not None and message.process is not None
    wire = CommandMessage(
        id=message.id,
        name="signal" if message.signal else "message",
        actor=SYSTEM.user,
        message=message.name,
        key=message.key,
        variables=message.variables,
    )
    try:
        answer = platform.gateway.command(message.process, message.instance, wire)
    except InstanceUnavailable:
        return False
    if answer.status == "running":
        return False
    taken = answer.status in ("done", "repeat") or message.signal
    with platform.writing() as session:
        row = session.exec(select(Message).where(Message.id == message.id).with_for_update()).one()
        if row.state != "matched":
            return False
        if taken or (answer.code == "instance-ended" and _was_taken(session, row)):
            row.state, row.delivered_at = "delivered", platform.now()
            return True
        _back(session, row)
    return False


def _was_taken(session: Session, row: Message) -> bool:
    """The answer was lost and the instance has ended since; it ends only when everything is written."""
    statement = select(FactRow.number).where(
        FactRow.instance == row.instance, FactRow.command == row.id, FactRow.kind == "message_taken"
    )
    return session.exec(statement).first() is not None


def _back(session: Session, row: Message) -> None:
    """Not taken: the subscription is gone, or not yet durable; the message waits for the next one."""
    row.state = "buffered"
    row.instance = row.process = row.subscription = row.matched_at = None
