"""Liaison inquiries, transfers between units, and notes."""

from datetime import datetime

from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, maybe_instant, secret
from pdflow.records.types import ID


class Inquiry(Table, table=True):
    """A question to a liaison: it has a number, a clock, an answer and an outcome (S26)."""

    __tablename__ = "inquiries"

    id: str = Field(primary_key=True, max_length=ID)
    number: str = Field(max_length=24, unique=True)
    instance: str | None = Field(default=None, max_length=ID)
    case: str | None = Field(default=None, max_length=16, foreign_key="cases.id", index=True)
    unit: str = Field(max_length=16, foreign_key="units.code", index=True)
    intake: str = Field(default="phone", max_length=12)
    asked_by: str | None = secret("inquiries.asked_by")
    contact: str | None = secret("inquiries.contact")
    question: str | None = secret("inquiries.question")
    topic: str = Field(max_length=40)
    received_at: datetime = instant()
    answer: str | None = secret("inquiries.answer")
    answered_by: str | None = Field(default=None, max_length=ID)
    answered_at: datetime | None = maybe_instant()
    outcome: str | None = Field(default=None, max_length=24)
    state: str = Field(default="open", max_length=12)


class Flag(Table, table=True):
    """A liaison flags a decision of their office for review (S27)."""

    __tablename__ = "flags"

    id: str = Field(primary_key=True, max_length=ID)
    case: str = Field(max_length=16, foreign_key="cases.id", index=True)
    unit: str = Field(max_length=16, foreign_key="units.code")
    raised_by: str = Field(max_length=ID)
    raised_at: datetime = instant()
    reason_code: str = Field(max_length=40)
    reason: str | None = secret("flags.reason")
    result: str | None = Field(default=None, max_length=24)
    closed_at: datetime | None = maybe_instant()


class Transfer(Table, table=True):
    """A case changed its office; clocks keep their accountable unit per stretch of time."""

    __tablename__ = "transfers"

    id: str = Field(primary_key=True, max_length=ID)
    case: str = Field(max_length=16, foreign_key="cases.id", index=True)
    from_unit: str = Field(max_length=16, foreign_key="units.code")
    to_unit: str = Field(max_length=16, foreign_key="units.code")
    reason_code: str = Field(max_length=40)
    at: datetime = instant()
    by: str = Field(max_length=ID)
    accepted_by: str | None = Field(default=None, max_length=ID)
    accepted_at: datetime | None = maybe_instant()


class Note(Table, table=True):
    """Free text about a case; corrections are further notes, nothing is rewritten."""

    __tablename__ = "notes"

    id: str = Field(primary_key=True, max_length=ID)
    case: str = Field(max_length=16, foreign_key="cases.id", index=True)
    author: str = Field(max_length=ID)
    at: datetime = instant()
    kind: str = Field(default="note", max_length=24)
    text: str | None = secret("notes.text")
    protected: bool = False
    corrects: str | None = Field(default=None, max_length=ID, foreign_key="notes.id")
