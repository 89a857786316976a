"""The audit record and the log of look-ups: only ever added to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from pdflow.records.ids import ulid
from pdflow.records.tables import Audit, Lookup
from pdflow.services.actor import Actor


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: str,
    *,
    at: datetime,
    detail: Mapping[str, Any] | None = None,
    source: str | None = None,
) -> None:
    """Add what somebody did outside of a process (commands of processes are recorded by the projection).

    Args:
        session: the transaction that also does it.
        actor: who.
        action: code, like a command's name.
        subject: ``case:<id>``, ``user:<id>``, ``unit:<code>`` ...
        at: wall time.
        detail: codes only.
        source: id by which a repeat is recognised; new when absent.
    """
    name = source or ulid(at)
    if session.exec(select(Audit.number).where(Audit.source == name)).first() is None:
        session.add(
            Audit(
                source=name,
                actor=actor.user,
                action=action,
                subject=subject,
                at=at,
                recorded_at=at,
                detail=dict(detail or {}),
            )
        )


def looked_up(
    session: Session,
    actor: Actor,
    kind: str,
    *,
    at: datetime,
    term: str | None = None,
    found: int = 0,
    subject: str | None = None,
) -> None:
    """Log a search for a person, or a look at something sensitive (domain facts 5.1: log every view).

    Args:
        session: a writing session.
        actor: who looked.
        kind: what was searched by or opened: ``case``, ``name``, ``a-number``, ``receipt``, ``groups`` ...
        at: wall time.
        term: keyed hash of what was typed (:meth:`pdflow.records.crypto.KeyRing.lookup`), never the text.
        found: how many were found.
        subject: ``case:<id>`` that was opened.
    """
    session.add(Lookup(actor=actor.user, kind=kind, term=term, found=found, subject=subject, at=at))


def of_subject(session: Session, subject: str) -> list[Audit]:
    """What was done with a subject, in order."""
    statement = select(Audit).where(Audit.subject == subject)
    return list(session.exec(statement.order_by(col(Audit.at), col(Audit.number))))


def looks_at(session: Session, subject: str) -> list[Lookup]:
    """Who looked at a subject, in order."""
    statement = select(Lookup).where(Lookup.subject == subject)
    return list(session.exec(statement.order_by(col(Lookup.at), col(Lookup.id))))
