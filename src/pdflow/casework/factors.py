"""Factors for and against, whoever raises them (S18, S19), and what may never support one (S5, S9, S10, S11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from pdflow.casework import _case, _rows, packs
from pdflow.casework._rows import Row
from pdflow.records.ids import ulid
from pdflow.records.tables import EvidenceItem, Factor
from pdflow.services import permissions
from pdflow.services.actor import Actor
from pdflow.services.errors import Refused
from pdflow.services.platform import Platform

#: Findings under which a factor carries weight.
CARRIES = ("accepted", "partly")


def of_case(session: Session, case: str) -> list[Factor]:
    """Factors that stand, those for the person first."""
    return list(
        session.exec(
            select(Factor)
            .where(Factor.case == case, col(Factor.withdrawn_at).is_(None))
            .order_by(col(Factor.side).desc(), col(Factor.raised_at), Factor.id)
        )
    )


def factor_row(
    id: str, case: str, code: str, source: str, by: str, at: datetime, evidence: Sequence[str] = ()
) -> Row:
    """The row of a factor; its side is the catalogue's.

    Raises:
        Refused: ``unknown-code``.
    """
    entry = packs.entry("factors", code)
    return {
        "id": id,
        "case": case,
        "side": entry["side"],
        "code": code,
        "source": source,
        "evidence": list(evidence),
        "pack": packs.pinned("factors"),
        "raised_by": by,
        "raised_at": at,
    }


def raise_factor(
    actor: Actor, platform: Platform, case: str, code: str, *, source: str, evidence: Sequence[str] = ()
) -> str:
    """Raise a factor, with the items that support it.

    Args:
        actor: who records it.
        platform: where.
        case: case number.
        code: of the factor catalogue.
        source: who raised it: ``applicant``, ``counsel``, ``third_party``, ``officer`` or ``record``.
        evidence: ids of items of the same case.

    Returns:
        Id of the factor.

    Raises:
        Refused: ``unknown-code``, ``evidence-foreign``, ``evidence-excluded`` or ``prohibited-source``.
    """
    now = platform.now()
    with platform.writing() as session:
        permissions.require(actor, "evidence.submit", _case.load(session, case).office)
        row = factor_row(ulid(now), case, code, source, actor.user, now, evidence)
        check_support(row["side"], case, _items(session, evidence), len(evidence))
        _rows.insert(session, Factor, row)
        _case.audit(session, actor, "factors.raise", case, now, code=code)
        return str(row["id"])


def check_support(side: str, case: str, items: Sequence[EvidenceItem], named: int) -> None:
    """Refuse support that may not count.

    Args:
        side: ``positive`` or ``adverse``.
        case: case number.
        items: the items found.
        named: how many were named.

    Raises:
        Refused: items of another case; for an adverse factor, excluded items (S10) or such as come from an abuser,
            trafficker or perpetrator alone (8 U.S.C. 1367(a)(1)).
    """
    if len(items) != named or any(item.case != case for item in items):
        raise Refused("Name items of this case only.", code="evidence-foreign")
    if side == "positive":
        return
    if any(item.excluded for item in items):
        raise Refused(
            "Pending charges, police reports, gang allegations and Red Notices cannot support an adverse factor; "
            "remove the link.",
            code="evidence-excluded",
        )
    if any(item.prohibited_source for item in items):
        raise Refused(
            "This item comes only from an abuser, trafficker or perpetrator; by 8 U.S.C. 1367 nothing adverse may "
            "rest on it.",
            code="prohibited-source",
        )


def check_all_support(session: Session, case: str, factors: Sequence[Factor]) -> None:
    """The same for every factor of a case, in one query; an item may have been excluded since it was linked."""
    named = {item for factor in factors for item in factor.evidence}
    items = {item.id: item for item in _items(session, sorted(named))}
    for factor in factors:
        found = [items[item] for item in factor.evidence if item in items]
        check_support(factor.side, case, found, len(factor.evidence))


def _items(session: Session, ids: Sequence[str]) -> list[EvidenceItem]:
    if not ids:
        return []
    return list(session.exec(select(EvidenceItem).where(col(EvidenceItem.id).in_(ids))))


def check_findings(factors: Sequence[Factor], rows: Sequence[Mapping[str, Any]]) -> None:
    """Every factor has a finding (S19), and a defined term names the fact that meets it (S9).

    Raises:
        Refused: ``factor-unweighed`` or ``term-undefined``.
    """
    given = {row["item"]: row for row in rows}
    missing = [factor.code for factor in factors if factor.id not in given]
    if missing:
        raise Refused(
            f"{len(missing)} of {len(factors)} factors have no finding yet: {', '.join(missing[:5])}.",
            code="factor-unweighed",
            places={"/factors": "Every factor needs a finding."},
        )
    for factor in factors:
        row, term = given[factor.id], packs.entry("factors", factor.code).get("term")
        if term and row["finding"] in CARRIES and not (row.get("meets") or "").strip():
            raise Refused(
                f"'{packs.title('factors', factor.code)}' uses the defined word '{term}': name the fact that meets "
                "its definition in the glossary.",
                code="term-undefined",
                places={"/factors": f"Name the fact that meets '{term}'."},
            )


def check_not_minor_alone(factors: Sequence[Factor], rows: Sequence[Mapping[str, Any]]) -> None:
    """Driving under the influence and minor convictions cannot carry a denial alone (S11).

    Raises:
        Refused: ``minor-alone`` or ``no-adverse-factor``.
    """
    findings = {row["item"]: row["finding"] for row in rows}
    carrying = [
        factor for factor in factors if factor.side == "adverse" and findings.get(factor.id) in CARRIES
    ]
    if not carrying:
        raise Refused(
            "Nothing adverse is accepted, so nothing can be refused or limited; propose to grant, or weigh again.",
            code="no-adverse-factor",
        )
    if all(packs.entry("factors", factor.code).get("never_alone") for factor in carrying):
        raise Refused(
            "Driving under the influence and minor convictions alone cannot carry a refusal.",
            code="minor-alone",
        )
