"""The nine groups and the presumption of forbearance (S1 to S4).

Which group somebody belongs to stays encrypted in the records; the process learns a boolean and nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlmodel import Session, col, select

from pdflow import dmn
from pdflow.casework import _case, _rows, packs
from pdflow.casework._rows import Row
from pdflow.records.ids import ulid
from pdflow.records.tables import GroupClaim
from pdflow.services import permissions
from pdflow.services.actor import Actor
from pdflow.services.errors import NotFound, Refused
from pdflow.services.platform import Platform
from pdflow.services.registry import JobContext, job

#: Shortest reasons for contesting a claim.
REASONS = 20


@cache
def _decision() -> Any:
    return dmn.load((packs.BPMN / "decisions" / "presumption.dmn").read_bytes())


def presumption(codes: Iterable[str]) -> bool:
    """Whether forbearance is presumed (S2), by the decision ``presumption``; a claim alone is enough."""
    return bool(_decision().evaluate("presumption", {"groups": sorted(set(codes))}))


def claim_row(id: str, case: str, code: str, source: str, by: str, at: datetime) -> Row:
    """The row of a claim; the code must be one of the nine.

    Raises:
        Refused: ``unknown-code``.
    """
    packs.entry("groups", code)
    return {
        "id": id,
        "case": case,
        "group": code,
        "source": source,
        "pack": packs.pinned("groups"),
        "claimed_by": by,
        "claimed_at": at,
    }


def of_case(session: Session, case: str) -> list[GroupClaim]:
    """Every claim, contested ones too, oldest first."""
    return list(
        session.exec(
            select(GroupClaim)
            .where(GroupClaim.case == case)
            .order_by(col(GroupClaim.claimed_at), GroupClaim.id)
        )
    )


def claim(actor: Actor, platform: Platform, case: str, code: str, *, source: str) -> str:
    """Claim a group for the person; who claims needs no proof (their own statement starts the presumption).

    Args:
        actor: who records it.
        platform: where.
        case: case number.
        code: one of the nine groups.
        source: ``applicant``, ``counsel``, ``third_party`` or ``officer``.

    Returns:
        Id of the claim.
    """
    now = platform.now()
    with platform.writing() as session:
        found = _case.load(session, case)
        permissions.require(actor, "groups.claim", found.office)
        row = claim_row(ulid(now), case, code, source, actor.user, now)
        _rows.insert(session, GroupClaim, row)
        found.presumption = True
        found.presumption_pack = packs.pinned("groups")
        _case.audit(session, actor, "groups.claim", case, now)
        return str(row["id"])


def contest(actor: Actor, platform: Platform, claim: str, reasons: str) -> None:
    """Contest a claim with reasons. The claim stays, and so does the presumption (S4).

    Raises:
        NotFound: there is no such claim.
        Refused: without reasons, or contested before (``claim-contest``).
    """
    if len(reasons.strip()) < REASONS:
        raise Refused(
            f"Say why the claim is contested, in at least {REASONS} characters; the claim itself stays on record.",
            code="claim-contest",
        )
    now = platform.now()
    with platform.writing() as session:
        row = session.get(GroupClaim, claim)
        if row is None:
            raise NotFound("There is no such claim on this case.")
        permissions.require(actor, "groups.contest", _case.load(session, row.case).office)
        if row.contest is not None:
            raise Refused(
                "This claim has been contested already; reasons are not rewritten.", code="claim-contest"
            )
        row.contest, row.contested_by, row.contested_at = reasons.strip(), actor.user, now
        _case.audit(session, actor, "groups.contest", row.case, now)


@job("pd.presumption")
def decide(session: Session, context: JobContext) -> dict[str, Any]:
    """Whether the presumption applies, from the claims on record."""
    codes = [row.group for row in of_case(session, context.case or "") if row.group]
    found = presumption(codes)
    case = _case.load(session, context.case)
    case.presumption, case.presumption_pack = found, packs.pinned("groups")
    return {"presumption": found}
