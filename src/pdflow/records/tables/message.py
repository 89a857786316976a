"""Messages between instances: who awaits what, and what has been thrown."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, json_object, maybe_instant
from pdflow.records.types import ID


class Subscription(Table, table=True):
    """An instance awaits a message at a token; ``ended_by_fact`` says that it no longer does."""

    __tablename__ = "subscriptions"
    __table_args__ = (Index("ix_subscriptions_message_key", "message", "key", "ended_by_fact"),)

    instance: str = Field(primary_key=True, max_length=ID, foreign_key="instances.id")
    fact: int = Field(primary_key=True)
    process: str = Field(max_length=ID)
    token: str = Field(max_length=ID)
    message: str = Field(max_length=120)
    key: str | None = Field(default=None, max_length=160)
    since: datetime = instant()
    ended_by_fact: int | None = None


class Message(Table, table=True):
    """A message that was thrown or sent from outside; delivered once, by its id.

    Attributes:
        state: ``buffered`` (nobody awaits it yet), ``matched`` (on its way to ``instance``), ``delivered`` or
            ``expired``.
        number: order of arrival; the oldest is delivered first.
        signal: a broadcast; every instance that it reaches has a row of its own.
    """

    __tablename__ = "messages"
    __table_args__ = (Index("ix_messages_state_name_key", "state", "name", "key"),)

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(max_length=2 * ID, unique=True)
    name: str = Field(max_length=120)
    key: str | None = Field(default=None, max_length=160)
    variables: dict[str, Any] = json_object()
    signal: bool = False
    simulated: bool = False
    source: str | None = Field(default=None, max_length=ID)
    at: datetime = instant()
    expires_at: datetime | None = maybe_instant()
    state: str = Field(default="buffered", max_length=12)
    instance: str | None = Field(default=None, max_length=ID)
    process: str | None = Field(default=None, max_length=ID)
    subscription: int | None = None
    matched_at: datetime | None = maybe_instant()
    delivered_at: datetime | None = maybe_instant()
