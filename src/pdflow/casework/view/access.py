"""Who may open a case: the units that have or had it, its reviewers, Headquarters, oversight and auditors (AC-6)."""

from __future__ import annotations

from sqlmodel import Session, select

from pdflow.records.tables import Case, Transfer
from pdflow.services.actor import Actor
from pdflow.services.errors import NotFound

#: Roles that see the cases of their own unit.
UNIT_ROLES = ("officer", "supervisor", "director", "liaison", "reviewer")
#: Roles that see every case.
EVERYWHERE = ("hq_reviewer", "hq_liaison", "oversight", "auditor")


def open_case(actor: Actor, session: Session, case: str) -> Case:
    """Return a case that the actor may see.

    Raises:
        NotFound: there is no such case, or it belongs to other units; the two are not told apart.
    """
    row = session.get(Case, case)
    if row is None or not may_see(actor, session, row):
        raise NotFound(
            f"There is no case {case} that you may open. Check the number, or ask the office that has it.",
            code="case-not-found",
        )
    return row


def may_see(actor: Actor, session: Session, case: Case) -> bool:
    """Whether one of the actor's units has, had, or reviews the case."""
    if actor.has(*EVERYWHERE):
        return True
    units = actor.units(*UNIT_ROLES)
    if units & {case.office, case.origin_office, case.review_unit}:
        return True
    former = session.exec(select(Transfer.from_unit).where(Transfer.case == case.id)).all()
    return bool(units & set(former))
