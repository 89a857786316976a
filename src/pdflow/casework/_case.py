"""Reading a case's rows inside a transaction; what several effects need."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from pdflow.records.tables import Appeal, Case, Determination, Recipient
from pdflow.services.actor import Actor
from pdflow.services.audit import record
from pdflow.services.errors import NotFound, Refused


def load(session: Session, case: str | None) -> Case:
    """The case.

    Raises:
        NotFound: there is none of this number.
    """
    found = session.get(Case, case) if case else None
    if found is None:
        raise NotFound("Expected the number of a case, such as K7Q-4MX; look it up under Find a case.")
    return found


def latest_determination(session: Session, case: str, level: str = "office") -> Determination:
    """The determination that stands at a level.

    Raises:
        Refused: nothing has been written yet (``no-determination``).
    """
    found = session.exec(
        select(Determination)
        .where(Determination.case == case, Determination.level == level)
        .order_by(col(Determination.proposed_at).desc(), col(Determination.id).desc())
        .limit(1)
    ).first()
    if found is None:
        raise Refused("There is no determination yet; write it first.", code="no-determination")
    return found


def latest_appeal(session: Session, case: str) -> Appeal | None:
    """The last appeal that was filed."""
    return session.exec(
        select(Appeal)
        .where(Appeal.case == case)
        .order_by(col(Appeal.filed_at).desc(), col(Appeal.id).desc())
        .limit(1)
    ).first()


def recipients(session: Session, case: str) -> list[Recipient]:
    """Everybody who gets the full documentation (S20): the person first, then counsel."""
    return list(
        session.exec(
            select(Recipient)
            .where(Recipient.case == case, col(Recipient.active).is_(True))
            .order_by(col(Recipient.kind).desc(), Recipient.id)
        )
    )


def digest(value: Any) -> str:
    """SHA-256 of a value's canonical JSON, in hexadecimal."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def audit(session: Session, actor: Actor, action: str, case: str, now: datetime, **detail: Any) -> None:
    """Write the audit record of something about a case that is not a command of a process."""
    record(session, actor.user, action, f"case:{case}", at=now, detail=detail)
