"""What is weighed: answers to the equity domains, factors both ways, and claims of vulnerable groups."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, json_list, maybe_instant, secret
from pdflow.records.types import ID


class DomainAnswer(Table, table=True):
    """A positive-equity domain that the officer must ask about (S17).

    Attributes:
        domain: code of the policy pack.
        state: ``answered``, ``declined`` (asked, declined) or ``unasked``.
        interpreted: with an interpreter; ``None``: none was needed (S5).
    """

    __tablename__ = "domain_answers"
    __table_args__ = (UniqueConstraint("case", "domain"),)

    id: str = Field(primary_key=True, max_length=ID)
    case: str = Field(max_length=16, foreign_key="cases.id", index=True)
    domain: str = Field(max_length=40)
    state: str = Field(default="unasked", max_length=12)
    answer: str | None = secret("domain_answers.answer")
    interpreted: bool | None = None
    asked_by: str | None = Field(default=None, max_length=ID)
    asked_at: datetime | None = maybe_instant()


class Factor(Table, table=True):
    """A factor for or against, whoever raised it (S19).

    Attributes:
        side: ``positive`` or ``adverse``.
        code: of the policy pack; for an adverse ground a closed list (S6).
        source: who raised it: ``applicant``, ``counsel``, ``third_party``, ``officer`` or ``record``.
        finding: ``accepted``, ``partly``, ``not_accepted`` or ``not_considered``; ``reason`` says why.
        weight: word of the pack.
        evidence: ids of the items that support it.
        meets: for a defined term, the fact that meets it and the definition's version (S9).
    """

    __tablename__ = "factors"

    id: str = Field(primary_key=True, max_length=ID)
    case: str = Field(max_length=16, foreign_key="cases.id", index=True)
    side: str = Field(max_length=8)
    code: str = Field(max_length=40)
    source: str = Field(max_length=16)
    finding: str | None = Field(default=None, max_length=16)
    weight: str | None = Field(default=None, max_length=16)
    reason: str | None = secret("factors.reason")
    evidence: list[str] = json_list()
    meets: str | None = secret("factors.meets")
    pack: str = Field(max_length=40)
    raised_by: str | None = Field(default=None, max_length=ID)
    raised_at: datetime = instant()
    found_by: str | None = Field(default=None, max_length=ID)
    found_at: datetime | None = maybe_instant()
    withdrawn_at: datetime | None = maybe_instant()


class GroupClaim(Table, table=True):
    """A vulnerable group that was claimed or found (S1 to S4); may be contested, never deleted.

    The code is encrypted: a list of who belongs to which group must not exist in the clear (domain facts 5.1).

    Attributes:
        group: code of the policy pack, encrypted.
        source: ``applicant``, ``counsel``, ``third_party`` or ``officer``.
        contest: why the officer contests it.
        rebuttal: the evidence said to overcome the presumption, and why (S3).
    """

    __tablename__ = "group_claims"

    id: str = Field(primary_key=True, max_length=ID)
    case: str = Field(max_length=16, foreign_key="cases.id", index=True)
    group: str | None = secret("group_claims.group")
    source: str = Field(max_length=16)
    pack: str = Field(max_length=40)
    claimed_by: str | None = Field(default=None, max_length=ID)
    claimed_at: datetime = instant()
    contest: str | None = secret("group_claims.contest")
    contested_by: str | None = Field(default=None, max_length=ID)
    contested_at: datetime | None = maybe_instant()
    rebuttal: str | None = secret("group_claims.rebuttal")
    rebuttal_evidence: list[str] = json_list()
