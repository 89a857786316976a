"""The duty to inquire: the officer asks about every equity domain (S17), with an interpreter where one is needed (S5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from pdflow.casework import _case, _rows, factors, groups, packs
from pdflow.records.tables import Command, DomainAnswer, Factor, GroupClaim, Task
from pdflow.services.actor import Actor
from pdflow.services.errors import Refused
from pdflow.services.registry import CommandHandler, command

_INTERPRETED = {"present": True, "missing": False, "not_needed": None}


def unasked(session: Session, case: str) -> int:
    """How many domains have been neither answered nor declined."""
    asked = session.exec(
        select(func.count())
        .select_from(DomainAnswer)
        .where(DomainAnswer.case == case, col(DomainAnswer.state) != "unasked")
    ).one()
    return len(packs.entries("domains")) - asked


@command("inquiry.record")
class RecordInquiry(CommandHandler):
    """Answers to every domain, and the factors that came up."""

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """Refuse an unasked domain, and adverse factors from an interview without the interpreter who was needed."""
        given = {row["item"] for row in payload["domains"]}
        missing = [code for code in packs.entries("domains") if code not in given]
        if missing:
            raise Refused(
                f"{len(missing)} of {len(packs.entries('domains'))} domains are unasked: "
                f"{', '.join(packs.title('domains', code) for code in missing[:3])}. "
                "Ask about each, or note that the person declined.",
                code="domain-unasked",
                places={"/domains": "Every domain must be asked."},
            )
        for row in payload["domains"]:
            packs.entry("domains", row["item"])
        for code in (*payload.get("positive", ()), *payload.get("adverse", ())):
            packs.entry("factors", code)
        if payload.get("adverse") and any(row.get("interpreted") == "missing" for row in payload["domains"]):
            raise Refused(
                "An interview without the interpreter who was needed cannot support an adverse factor. "
                "Leave the adverse factors out, or ask again with an interpreter.",
                code="uninterpreted-interview",
                places={"/adverse": "Not from an interview without an interpreter."},
            )
        return {"more_evidence": bool(payload.get("more_evidence"))}

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Write answers, factors, and groups that the officer found; a missing interpreter is itself one (S5)."""
        payload, case = row.payload, str(row.case)
        _rows.insert(
            session,
            DomainAnswer,
            *(
                {
                    "id": f"{row.id}.d{n}",
                    "case": case,
                    "domain": answer["item"],
                    "state": answer["state"],
                    "answer": answer.get("answer"),
                    "interpreted": _INTERPRETED[answer.get("interpreted", "not_needed")],
                    "asked_by": row.actor,
                    "asked_at": at,
                }
                for n, answer in enumerate(payload["domains"])
            ),
        )
        known = {(factor.code, factor.source) for factor in factors.of_case(session, case)}
        codes = [*payload.get("positive", ()), *payload.get("adverse", ())]
        _rows.insert(
            session,
            Factor,
            *(
                factors.factor_row(f"{row.id}.f{n}", case, code, "officer", row.actor, at)
                for n, code in enumerate(codes)
                if (code, "officer") not in known
            ),
        )
        found = list(payload.get("groups", ()))
        if any(answer.get("interpreted") == "missing" for answer in payload["domains"]):
            found.append("limited_english")
        if found:
            claimed = {claim.group for claim in groups.of_case(session, case)}
            new = [code for code in dict.fromkeys(found) if code not in claimed]
            _rows.insert(
                session,
                GroupClaim,
                *(
                    groups.claim_row(f"{row.id}.g{n}", case, code, "officer", row.actor, at)
                    for n, code in enumerate(new)
                ),
            )
            _case.load(session, case).presumption = True
