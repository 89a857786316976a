"""The evidence of a case as the Case screen lists it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from pdflow.records.tables import Document, EvidenceItem
from pdflow.services.actor import Actor


@dataclass(frozen=True)
class EvidenceRow:
    """One item.

    Attributes:
        excluded: why deciders may not rely on it (S10); its title and document are then withheld.
        document: document id; ``None``: there is no file, or it is withheld.
    """

    id: str
    title: str
    kind: str
    submitter: str
    received_at: datetime
    receipt: str
    disposition: str | None
    reason: str | None
    excluded: str | None
    document: str | None
    media_type: str | None
    size: int | None


def evidence_rows(actor: Actor, session: Session, case: str) -> list[EvidenceRow]:
    """All items that the actor may know of, in the order they came in.

    Protected items (8 U.S.C. 1367) are absent for those who may not see them: not even their number leaks.
    """
    rows = session.exec(
        select(EvidenceItem, Document)
        .join(Document, col(Document.id) == col(EvidenceItem.document), isouter=True)
        .where(EvidenceItem.case == case)
        .order_by(col(EvidenceItem.received_at), col(EvidenceItem.id))
    ).all()
    sees_protected = actor.has("supervisor", "hq_liaison", "hq_reviewer")
    found = []
    for item, document in rows:
        if item.protected and not sees_protected:
            continue
        shown = item.excluded is None
        found.append(
            EvidenceRow(
                id=item.id,
                title=(item.title or item.kind.replace("_", " ")) if shown else "Withheld from deciders",
                kind=item.kind,
                submitter=item.submitter_role,
                received_at=item.received_at,
                receipt=item.receipt,
                disposition=item.disposition,
                reason=item.reason,
                excluded=item.excluded,
                document=document.id if document and shown else None,
                media_type=document.media_type if document and shown else None,
                size=document.size if document and shown else None,
            )
        )
    return found
