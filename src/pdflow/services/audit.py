"""The audit record of what is done outside of processes; commands of processes are recorded by the projection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from pdflow.records.ids import ulid
from pdflow.records.tables import Audit


def record(
    session: Session,
    actor: str,
    action: str,
    subject: str,
    *,
    at: datetime,
    detail: Mapping[str, Any] | None = None,
    source: str | None = None,
) -> None:
    """Add one record; nothing is ever changed or removed.

    Args:
        session: the transaction that also does it.
        actor: user id.
        action: code, like a command's name.
        subject: ``case:<id>``, ``user:<id>``, ``unit:<code>`` ...
        at: wall time.
        detail: codes only.
        source: id by which a repeat is recognised, which then adds nothing; a new one when absent.
    """
    name = source or ulid(at)
    if source is None or session.exec(select(Audit.number).where(Audit.source == name)).first() is None:
        session.add(
            Audit(
                source=name,
                actor=actor,
                action=action,
                subject=subject,
                at=at,
                recorded_at=at,
                detail=dict(detail or {}),
            )
        )
