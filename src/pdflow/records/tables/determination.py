"""Determinations: written by one person, signed by another, immutable from then on (S18, S19)."""

from datetime import datetime

from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, json_list, maybe_instant, secret
from pdflow.records.types import ID


class Determination(Table, table=True):
    """A decision at one level.

    Attributes:
        level: ``office``, ``review`` or ``hq``.
        outcome: ``granted``, ``granted_in_part`` or ``denied``; on review ``affirmed``, ``modified``, ``reversed`` or
            ``sent_back`` in ``review_result``.
        grounds: codes of the closed list; ``given``: forms of discretion given.
        text_hash: SHA-256 of the signed documentation; ``document``: its bytes.
        supersedes: determination that this one corrects or replaces.
        pack: policy pack in force, pinned.
    """

    __tablename__ = "determinations"

    id: str = Field(primary_key=True, max_length=ID)
    case: str = Field(max_length=16, foreign_key="cases.id", index=True)
    instance: str | None = Field(default=None, max_length=ID)
    level: str = Field(max_length=8)
    unit: str = Field(max_length=16, foreign_key="units.code", index=True)
    state: str = Field(default="proposed", max_length=12)
    outcome: str = Field(max_length=20)
    review_result: str | None = Field(default=None, max_length=12)
    asked: list[str] = json_list()
    given: list[str] = json_list()
    grounds: list[str] = json_list()
    analysis: str | None = secret("determinations.analysis")
    conditions: str | None = secret("determinations.conditions")
    author: str = Field(max_length=ID)
    proposed_at: datetime = instant()
    approved_by: str | None = Field(default=None, max_length=ID)
    approved_at: datetime | None = maybe_instant()
    returned_reason: str | None = secret("determinations.returned_reason")
    signed_by: str | None = Field(default=None, max_length=ID)
    signed_at: datetime | None = maybe_instant(index=True)
    text_hash: str | None = Field(default=None, max_length=64)
    document: str | None = Field(default=None, max_length=ID, foreign_key="documents.id")
    supersedes: str | None = Field(default=None, max_length=ID, foreign_key="determinations.id")
    pack: str = Field(max_length=40)
    simulated: bool = False
