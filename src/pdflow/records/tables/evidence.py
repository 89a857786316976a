"""Evidence items: everything submitted, each with a receipt and, before a signature, a disposition (S15, S19)."""

from datetime import datetime

from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, maybe_instant, secret
from pdflow.records.types import ID


class EvidenceItem(Table, table=True):
    """One submitted item.

    Attributes:
        kind: code of the evidence list (domain facts 1.10).
        submitter: party id; ``None``: the office.
        receipt: number given to the submitter; ``receipt_hash``: SHA-256 that it carries.
        excluded: code of the rule that keeps it out of the decider's view (S10); ``None``: not excluded.
        prohibited_source: from an abuser, trafficker or perpetrator alone (8 U.S.C. 1367(a)(1)).
        disposition: ``accepted``, ``partly`` or ``not_accepted``; ``reason`` says why.
        opened_at: when the decider first opened it; reviewers have their own rows in ``evidence_views``.
    """

    __tablename__ = "evidence"

    id: str = Field(primary_key=True, max_length=ID)
    case: str = Field(max_length=16, foreign_key="cases.id", index=True)
    document: str | None = Field(default=None, max_length=ID, foreign_key="documents.id")
    kind: str = Field(max_length=40)
    title: str | None = secret("evidence.title")
    submitter: str | None = Field(default=None, max_length=ID, foreign_key="parties.id")
    submitter_role: str = Field(default="applicant", max_length=16)
    received_at: datetime = instant()
    receipt: str = Field(max_length=24, unique=True)
    receipt_hash: str = Field(max_length=64)
    excluded: str | None = Field(default=None, max_length=40)
    prohibited_source: bool = False
    protected: bool = False
    disposition: str | None = Field(default=None, max_length=16)
    reason: str | None = secret("evidence.reason")
    disposed_by: str | None = Field(default=None, max_length=ID)
    disposed_at: datetime | None = maybe_instant()
    opened_at: datetime | None = maybe_instant()


class EvidenceView(Table, table=True):
    """Somebody opened an item at some level of decision (S31: a reviewer opens every one)."""

    __tablename__ = "evidence_views"

    id: str = Field(primary_key=True, max_length=ID)
    evidence: str = Field(max_length=ID, foreign_key="evidence.id", index=True)
    user: str = Field(max_length=ID)
    level: str = Field(max_length=16)
    at: datetime = instant()
    disposition: str | None = Field(default=None, max_length=16)
    reason: str | None = secret("evidence_views.reason")
