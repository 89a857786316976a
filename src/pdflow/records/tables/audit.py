"""Who did what (append-only), and who looked whom up."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, json_object
from pdflow.records.types import ID


class Audit(Table, table=True):
    """One audit record. Rows are only ever added (NIST AU-9, AU-10); a trigger refuses updates and deletes.

    Attributes:
        source: id of what made it (a command, a fact); unique, so a repeat writes nothing.
        subject: ``case:K7Q-4MX``, ``definition:<hash>``, ``user:<id>`` ...
        at: instant of the step; ``recorded_at``: wall time.
        detail: codes only.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject_at", "subject", "at"),)

    number: int | None = Field(default=None, primary_key=True)
    source: str = Field(max_length=2 * ID, unique=True)
    actor: str = Field(max_length=ID, index=True)
    action: str = Field(max_length=60)
    subject: str = Field(max_length=120)
    at: datetime = instant()
    recorded_at: datetime = instant()
    detail: dict[str, Any] = json_object()


class Lookup(Table, table=True):
    """Somebody searched for a person, or opened something sensitive (domain facts 5.1).

    Attributes:
        kind: ``case``, ``receipt``, ``name``, ``a-number``, ``groups``, ``protected`` ...
        term: keyed hash of what was typed, never the text.
        found: how many; ``subject``: what was opened.
    """

    __tablename__ = "lookups"

    id: int | None = Field(default=None, primary_key=True)
    actor: str = Field(max_length=ID, index=True)
    kind: str = Field(max_length=24)
    term: str | None = Field(default=None, max_length=64)
    found: int = 0
    subject: str | None = Field(default=None, max_length=120, index=True)
    at: datetime = instant(index=True)
