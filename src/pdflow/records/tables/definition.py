"""Deployed definitions and drafts of models."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, maybe_instant
from pdflow.records.types import ID


class Definition(Table, table=True):
    """A manifest (BPMN, DMN, forms, letters, policies) under the SHA-256 of its bytes.

    Attributes:
        version: 1, 2, 3 ... within the process id.
        state: ``proposed``, ``published`` or ``rejected``.
        published_by: a second person, never the author (NIST AC-5).
    """

    __tablename__ = "definitions"
    __table_args__ = (UniqueConstraint("process", "version"),)

    hash: str = Field(primary_key=True, max_length=64)
    process: str = Field(max_length=ID, index=True)
    version: int
    manifest: bytes
    state: str = Field(max_length=16)
    author: str = Field(max_length=ID)
    proposed_at: datetime = instant()
    published_by: str | None = Field(default=None, max_length=ID)
    published_at: datetime | None = maybe_instant(index=True)


class Draft(Table, table=True):
    """A designer's working copy of a model.

    Attributes:
        base: hash of the definition that it was copied from.
        state: ``editing``, ``proposed`` or ``dropped``.
        version: row version; a save that names an older one is refused.
    """

    __tablename__ = "drafts"

    id: str = Field(primary_key=True, max_length=ID)
    process: str = Field(max_length=ID, index=True)
    author: str = Field(max_length=ID, index=True)
    title: str = Field(max_length=120)
    xml: str
    base: str | None = Field(default=None, max_length=64, foreign_key="definitions.hash")
    state: str = Field(default="editing", max_length=16)
    version: int = 1
    created_at: datetime = instant()
    changed_at: datetime = instant()
