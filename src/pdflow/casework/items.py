"""The case's items that a task's form has a row for (``x-items``): evidence, factors, group claims, domains.

The screens draw them and the rows of a completed form name them by id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from pdflow.casework import packs
from pdflow.records.tables import DomainAnswer, EvidenceItem, Factor, GroupClaim, Task
from pdflow.services import definitions

#: Forms that list only the evidence that arrived after the weighing.
DECIDING = ("determination", "signature")


@dataclass(frozen=True)
class CaseItem:
    """One row of an ``x-items`` list.

    Attributes:
        id: evidence, factor or claim id, or the code of a domain; stored in the row as ``item``.
        document: id of the document beside the row; ``None``: there is none.
    """

    id: str
    title: str
    detail: str = ""
    document: str | None = None


def for_task(session: Session, task: Task, language: str = "en") -> dict[str, list[CaseItem]]:
    """The items of the task's case by kind, each list in a fixed order; a task without a case has none.

    Args:
        session: a reading session.
        task: the task whose form is drawn or answered; only kinds that the form has rows for are read.
        language: of the titles that come from policy packs.
    """
    if task.case is None:
        return {}
    wanted = _wanted(session, task)
    found = {kind: read(session, task.case, language) for kind, read in _KINDS.items() if kind in wanted}
    if task.form in DECIDING and found.get("evidence"):
        # Everything else was weighed before: only what arrived since then still needs a disposition.
        weighed = set(
            session.exec(
                select(EvidenceItem.id).where(
                    EvidenceItem.case == task.case, col(EvidenceItem.disposition).is_not(None)
                )
            )
        )
        found["evidence"] = [item for item in found["evidence"] if item.id not in weighed]
    return found


_known: dict[tuple[str | None, str | None], set[str]] = {}


def _wanted(session: Session, task: Task) -> set[str]:
    """Kinds of items of a task's form; a form of a definition never changes, so they are found once."""
    pinned = (task.definition, task.form)
    if pinned not in _known:
        _known[pinned] = _kinds(definitions.form(session, *pinned))
    return _known[pinned]


def _kinds(schema: Any) -> set[str]:
    """Kinds of items that a form has rows for, at any depth."""
    if isinstance(schema, list):
        return {kind for each in schema for kind in _kinds(each)}
    if not isinstance(schema, Mapping):
        return set()
    own = {schema["x-items"]} if isinstance(schema.get("x-items"), str) else set()
    return own | {kind for each in schema.values() for kind in _kinds(each)}


def _evidence(session: Session, case: str, language: str) -> list[CaseItem]:
    """Everything submitted but what is kept out of the decider's view (S10)."""
    rows = session.exec(
        select(EvidenceItem)
        .where(EvidenceItem.case == case, col(EvidenceItem.excluded).is_(None))
        .order_by(col(EvidenceItem.received_at), col(EvidenceItem.id))
    )
    return [
        CaseItem(
            row.id,
            row.title or packs.title("evidence", row.kind, language),
            f"{packs.title('evidence', row.kind, language)}, from {row.submitter_role.replace('_', ' ')}, "
            f"receipt {row.receipt}",
            row.document,
        )
        for row in rows
    ]


def _factors(session: Session, case: str, language: str) -> list[CaseItem]:
    rows = session.exec(
        select(Factor)
        .where(Factor.case == case, col(Factor.withdrawn_at).is_(None))
        .order_by(col(Factor.side).desc(), col(Factor.raised_at), col(Factor.id))
    )
    sides = {"positive": "In favor", "adverse": "Against"}
    return [
        CaseItem(
            row.id,
            packs.title("factors", row.code, language),
            f"{sides[row.side]}; raised by {row.source.replace('_', ' ')}",
        )
        for row in rows
    ]


def _groups(session: Session, case: str, language: str) -> list[CaseItem]:
    rows = session.exec(
        select(GroupClaim)
        .where(GroupClaim.case == case)
        .order_by(col(GroupClaim.claimed_at), col(GroupClaim.id))
    )
    return [
        CaseItem(
            row.id,
            packs.title("groups", row.group or "", language),
            f"Claimed by {row.source.replace('_', ' ')}" + ("; contested" if row.contest else ""),
        )
        for row in rows
    ]


def _domains(session: Session, case: str, language: str) -> list[CaseItem]:
    """Every domain of the pack in force, asked or not (S17)."""
    asked = {row.domain: row for row in session.exec(select(DomainAnswer).where(DomainAnswer.case == case))}
    return [
        CaseItem(code, packs.title("domains", code, language), _asked(asked.get(code)))
        for code in packs.entries("domains")
    ]


def _asked(row: DomainAnswer | None) -> str:
    if row is None or row.state == "unasked":
        return "Not asked yet"
    return "Asked; declined to answer" if row.state == "declined" else "Asked and answered"


_KINDS: dict[str, Callable[[Session, str, str], list[CaseItem]]] = {
    "evidence": _evidence,
    "factors": _factors,
    "groups": _groups,
    "domains": _domains,
}
