"""Incidents: what stopped, and trying it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from pdflow.records.tables import Incident
from pdflow.services import audit, commands, permissions
from pdflow.services.actor import Actor
from pdflow.services.commands import Receipt
from pdflow.services.errors import Conflict, NotFound
from pdflow.services.platform import Platform


def open_incidents(
    session: Session, *, instance: str | None = None, case: str | None = None
) -> list[Incident]:
    """Incidents that nobody has cleared, oldest first; of one instance or case, or all."""
    statement = select(Incident).where(col(Incident.cleared_at).is_(None))
    if instance is not None:
        statement = statement.where(Incident.instance == instance)
    if case is not None:
        statement = statement.where(Incident.case == case)
    return list(session.exec(statement.order_by(col(Incident.opened_at), col(Incident.id))))


def retry(
    actor: Actor, platform: Platform, incident: str, variables: Mapping[str, Any] | None = None
) -> Receipt:
    """Try the element again, with corrected variables if any.

    Raises:
        Conflict: it is cleared already, or no retry can clear it (then :func:`close` it when it is looked into).
    """
    with platform.reading() as session:
        row = _get(session, incident)
    if row.opened_by_fact is None or row.instance is None:
        raise Conflict("There is nothing to try again: no step of a process raised this.", code="no-retry")
    task = f"{row.instance}:{row.token}" if row.token else None
    return commands.submit(
        actor, platform, instance=row.instance, name="retry", task=task, variables=variables
    )


def close(actor: Actor, platform: Platform, incident: str, reason: str) -> None:
    """Say that an incident which no step raised is looked into.

    Args:
        actor: an administrator.
        platform: of this process.
        incident: its id.
        reason: a code.
    """
    permissions.require(actor, "retry", None)
    with platform.writing() as session:
        row = _get(session, incident)
        if row.opened_by_fact is not None:
            raise Conflict("Only trying again clears what a step of a process raised.", code="needs-retry")
        row.cleared_at, row.cleared_by = platform.now(), actor.user
        subject = f"incident:{incident}"
        audit.record(
            session, actor.user, "incident.close", subject, at=row.cleared_at, detail={"reason": reason}
        )


def _get(session: Session, incident: str) -> Incident:
    row = session.get(Incident, incident)
    if row is None:
        raise NotFound("There is no such incident.")
    if row.cleared_at is not None:
        raise Conflict("This incident is cleared already.", code="cleared")
    return row
