"""The case: one prosecutorial-discretion request of one person, without anything that tells who they are."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, json_list, json_object, maybe_instant
from pdflow.records.types import ID


class Case(Table, table=True):
    """A request and where it stands.

    Attributes:
        id: short and random, like ``K7Q-4MX``.
        office: accountable field office now; ``origin_office``: where it was received.
        review_unit: unit outside the office that hears the first appeal (S30).
        state: ``received``, ``acknowledged``, ``inquiring``, ``evidence``, ``deciding``, ``decided``, ``served``,
            ``appeal``, ``hq_review``, ``closed`` ...; set by ``case:state`` of the model's elements.
        channel: ``applicant``, ``counsel``, ``third_party`` or ``own_motion``.
        intake: how it came: ``web``, ``e-mail``, ``mail``, ``phone`` or ``in_person``.
        asked: codes of the forms of discretion asked for.
        custody: place code; ``None``: not held.
        outcome: ``granted``, ``granted_in_part``, ``denied``, ``withdrawn`` or ``moot``.
        decided_at, signed_at: supervisor's approval, and signature (the start of the 48 hours).
        last_evidence_at: instant of the last evidence received, for the measure that catches late signing.
        presumption: presumption of forbearance is on (S2), decided by ``presumption_pack``.
        interpreter: an interpreter is needed (S5).
        protected: 8 U.S.C. 1367 information is held; itself shown only to its own access group.
        practice: a practice case, never counted.
        earlier: case that this one is a new request after.
        flags: other codes.
    """

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_office_state", "office", "state"),)

    id: str = Field(primary_key=True, max_length=16)
    person: str | None = Field(default=None, max_length=ID, foreign_key="persons.id", index=True)
    instance: str | None = Field(default=None, max_length=ID)
    office: str = Field(max_length=16, foreign_key="units.code")
    origin_office: str = Field(max_length=16, foreign_key="units.code")
    review_unit: str | None = Field(default=None, max_length=16, foreign_key="units.code")
    state: str = Field(max_length=24, index=True)
    channel: str = Field(max_length=16)
    intake: str = Field(default="web", max_length=12)
    receipt: str | None = Field(default=None, max_length=24, unique=True)
    asked: list[str] = json_list()
    language: str = Field(default="en", max_length=16)
    interpreter: bool = False
    held: bool = False
    custody: str | None = Field(default=None, max_length=60)
    received_at: datetime = instant(index=True)
    acknowledged_at: datetime | None = maybe_instant()
    last_evidence_at: datetime | None = maybe_instant()
    advised_at: datetime | None = maybe_instant()
    outcome: str | None = Field(default=None, max_length=20, index=True)
    decided_at: datetime | None = maybe_instant()
    signed_at: datetime | None = maybe_instant(index=True)
    closed_at: datetime | None = maybe_instant()
    closed_reason: str | None = Field(default=None, max_length=40)
    presumption: bool = False
    presumption_pack: str | None = Field(default=None, max_length=40)
    protected: bool = False
    practice: bool = False
    simulated: bool = False
    earlier: str | None = Field(default=None, max_length=16, foreign_key="cases.id")
    flags: list[str] = json_list()
    extra: dict[str, Any] = json_object()
    version: int = 1


class HardDate(Table, table=True):
    """A date that cannot be moved: removal, hearing, release.

    Attributes:
        kind: ``removal``, ``hearing``, ``release`` or ``check_in``.
        source: where the office has it from (code).
    """

    __tablename__ = "hard_dates"

    id: str = Field(primary_key=True, max_length=ID)
    case: str = Field(max_length=16, foreign_key="cases.id", index=True)
    kind: str = Field(max_length=16)
    at: datetime = instant(index=True)
    source: str = Field(max_length=40)
    recorded_by: str = Field(max_length=ID)
    recorded_at: datetime = instant()
    cancelled_at: datetime | None = maybe_instant()
