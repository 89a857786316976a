"""SLA clocks and everything that happened to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, json_list, json_object, maybe_instant
from pdflow.records.types import ID


class Clock(Table, table=True):
    """A clock ``<instance>:<clock>`` of one policy and one subject.

    Attributes:
        subject: ``None``: the case; else one recipient.
        unit: accountable unit now; per stretch of time it is in :class:`ClockEvent`.
        origin_unit: the unit that was accountable when the instance began.
        holder: ``office`` (a duty, counted) or ``person`` (open until, never red, never counted).
        state: ``running``, ``paused``, ``breached`` (open and late), ``met``, ``met_late`` or ``cancelled``.
        level: last level reached (``half``, ``warning``, ``breached``, ``overdue``).
        levels: ``[[name, instant], ...]`` as set at the start or at the last change.
    """

    __tablename__ = "clocks"
    __table_args__ = (
        Index("ix_clocks_due_stopped_at", "due", "stopped_at"),
        Index("ix_clocks_unit_policy", "unit", "policy"),
    )

    id: str = Field(primary_key=True, max_length=2 * ID)
    instance: str = Field(max_length=ID, foreign_key="instances.id", index=True)
    process: str = Field(max_length=ID)
    case: str | None = Field(default=None, max_length=16, index=True)
    policy: str = Field(max_length=60)
    subject: str | None = Field(default=None, max_length=ID)
    element: str | None = Field(default=None, max_length=200)
    unit: str | None = Field(default=None, max_length=16)
    origin_unit: str | None = Field(default=None, max_length=16)
    holder: str = Field(default="office", max_length=8)
    simulated: bool = False
    held: bool = False
    started_at: datetime = instant()
    due: datetime = instant()
    state: str = Field(max_length=12, index=True)
    level: str | None = Field(default=None, max_length=24)
    levels: list[Any] = json_list()
    stopped_at: datetime | None = maybe_instant()
    outcome: str | None = Field(default=None, max_length=12)
    explanation: str | None = Field(default=None, max_length=60)
    opened_by_fact: int
    changed_by_fact: int
    closed_by_fact: int | None = None


class ClockEvent(Table, table=True):
    """One thing that happened to a clock; its state can be recomputed from these at any time.

    Attributes:
        kind: ``started``, ``level``, ``stopped``, ``changed`` or ``escalated``.
    """

    __tablename__ = "clock_events"
    __table_args__ = ({"sqlite_with_rowid": False},)

    instance: str = Field(primary_key=True, max_length=ID, foreign_key="instances.id")
    fact: int = Field(primary_key=True)
    clock: str = Field(max_length=2 * ID, index=True)
    kind: str = Field(max_length=12)
    at: datetime = instant(index=True)
    unit: str | None = Field(default=None, max_length=16)
    level: str | None = Field(default=None, max_length=24)
    due: datetime | None = maybe_instant()
    actor: str | None = Field(default=None, max_length=ID)
    data: dict[str, Any] = json_object()
