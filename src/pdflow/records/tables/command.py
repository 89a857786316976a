"""Commands: what somebody asked for, from the request to the workflow's answer."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, json_object, maybe_instant, secret_json
from pdflow.records.types import ID


class Command(Table, table=True):
    """One command; its id is the update id.

    Attributes:
        name: ``start``, or the name of the :class:`pdflow.runtime.messages.CommandMessage`.
        effect: registered command whose effect the projection applies.
        payload: everything the person sent, personal data and free text included; encrypted, never on the wire.
        wire: the message exactly as it is sent, and sent again: ids and codes only.
        state: ``requested``, ``done`` (its step is written) or ``refused``.
        answered_at: when the workflow answered; without it the row is sent again. Nothing else sets it.
        done_at: instant of the step that did it; ``done_by_fact`` its fact.
        applied_at: wall time at which the effect was applied; once set it is never applied again.
        refusal: code of the refusal; ``refusal_text`` its sentence.
    """

    __tablename__ = "commands"
    __table_args__ = (
        Index("ix_commands_answered_at_sent_at", "answered_at", "sent_at"),
        Index("ix_commands_task_state", "task", "state"),
    )

    id: str = Field(primary_key=True, max_length=ID)
    actor: str = Field(max_length=ID, index=True)
    name: str = Field(max_length=60)
    effect: str | None = Field(default=None, max_length=60)
    process: str = Field(max_length=ID)
    instance: str = Field(max_length=ID, index=True)
    case: str | None = Field(default=None, max_length=16, index=True)
    task: str | None = Field(default=None, max_length=2 * ID)
    payload: Any = secret_json("commands.payload")
    wire: dict[str, Any] = json_object()
    state: str = Field(default="requested", max_length=12)
    requested_at: datetime = instant()
    sent_at: datetime = instant()
    attempts: int = 0
    answered_at: datetime | None = maybe_instant()
    done_at: datetime | None = maybe_instant()
    done_by_fact: int | None = None
    applied_at: datetime | None = maybe_instant()
    refusal: str | None = Field(default=None, max_length=60)
    refusal_text: str | None = None
