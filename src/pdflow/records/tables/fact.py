"""The append-only primary history; instance, task and clock rows derive from it."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, json_object
from pdflow.records.types import ID


class FactRow(Table, table=True):
    """One fact (:class:`pdflow.runtime.messages.Fact`) of an instance.

    Attributes:
        at: instant of the workflow step.
        recorded_at: wall time of the projection; decides nothing.
    """

    __tablename__ = "facts"
    __table_args__ = ({"sqlite_with_rowid": False},)

    instance: str = Field(primary_key=True, max_length=ID, foreign_key="instances.id")
    number: int = Field(primary_key=True)
    kind: str = Field(max_length=24)
    at: datetime = instant()
    recorded_at: datetime = instant()
    element: str | None = Field(default=None, max_length=200)
    token: str | None = Field(default=None, max_length=ID)
    scope: str | None = Field(default=None, max_length=ID)
    item: int | None = None
    definition: str | None = Field(default=None, max_length=64)
    actor: str | None = Field(default=None, max_length=ID)
    command: str | None = Field(default=None, max_length=ID)
    data: dict[str, Any] = json_object()
