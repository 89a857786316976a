"""Incidents: what a person must look at before a case goes on."""

from datetime import datetime

from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, maybe_instant
from pdflow.records.types import ID


class Incident(Table, table=True):
    """Something stopped, or the records and a workflow disagree.

    Attributes:
        id: ``<instance>:<fact>`` for one that a fact raised; else a ULID.
        token: where in the instance; ``None`` for one found by ``verify`` or the dispatcher.
        code: stable; ``message`` is a sentence without personal data.
        opened_by_fact: ``None`` for one that no fact raised; then ``cleared_by`` is a person.
    """

    __tablename__ = "incidents"

    id: str = Field(primary_key=True, max_length=2 * ID)
    instance: str | None = Field(default=None, max_length=ID, index=True)
    process: str | None = Field(default=None, max_length=ID)
    case: str | None = Field(default=None, max_length=16)
    unit: str | None = Field(default=None, max_length=16)
    simulated: bool = False
    token: str | None = Field(default=None, max_length=ID)
    element: str | None = Field(default=None, max_length=200)
    code: str = Field(max_length=60)
    message: str
    opened_at: datetime = instant()
    cleared_at: datetime | None = maybe_instant(index=True)
    cleared_by: str | None = Field(default=None, max_length=ID)
    opened_by_fact: int | None = None
    changed_by_fact: int | None = None
    closed_by_fact: int | None = None
