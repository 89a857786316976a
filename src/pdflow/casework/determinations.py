"""Determinations: written, approved by a second person before anything adverse, signed, and never changed again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from pdflow.casework import _case, _rows, evidence, gates, packs, people
from pdflow.records.tables import Command, Determination, Factor, Flag, GroupClaim, Task, Translation
from pdflow.services.actor import Actor
from pdflow.services.errors import Refused
from pdflow.services.registry import CommandHandler, command


def recipient_variables(session: Session, case: str) -> list[dict[str, Any]]:
    """Recipients as the process knows them: id, language and channel, nothing that tells who they are.

    Raises:
        Refused: the case has nobody to serve (``no-recipient``).
    """
    found = _case.recipients(session, case)
    if not found:
        raise Refused(
            "Nobody is on record to be served; add the person as a recipient first.", code="no-recipient"
        )
    return [
        {
            "id": row.id,
            "language": row.language,
            "channel": "hand" if row.mode in people.SPOKEN else row.channel,
        }
        for row in found
    ]


def documentation(determination: Determination) -> dict[str, Any]:
    """What a signature covers; its SHA-256 is kept with it, so that any later change shows (S19)."""
    fields = ("id", "case", "level", "outcome", "review_result", "given", "grounds", "analysis", "author")
    return {name: getattr(determination, name) for name in (*fields, "approved_by", "pack")}


def seal(determination: Determination, by: str, at: datetime) -> None:
    """Sign: from here on nothing of it changes; corrections are appended as another one."""
    determination.state, determination.signed_by, determination.signed_at = "signed", by, at
    determination.text_hash = _case.digest(documentation(determination))


def add_translation(
    session: Session, row: Command, kind: str, subject: str, language: str, text: str, at: datetime
) -> None:
    """Keep words in another language with the name of who checked them (S21)."""
    checked_by = row.payload.get("checked_by") or row.payload.get("translation_checked_by")
    _rows.insert(
        session,
        Translation,
        {
            "id": f"{row.id}.{kind[0]}",
            "case": str(row.case),
            "kind": kind,
            "subject": subject,
            "language": language,
            "text": text,
            "checked_by": checked_by,
            "made_by": row.actor,
            "made_at": at,
        },
    )


@command("determination.write")
class Write(CommandHandler):
    """Weigh both sides and propose an outcome."""

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """Every gate of :mod:`pdflow.casework.gates`."""
        case = _case.load(session, task.case if task else None)
        found = gates.before_any(session, case, payload)
        adverse = payload["proposed"] in gates.ADVERSE
        if adverse:
            gates.before_adverse(session, case, payload, found)
        return {
            "proposed": payload["proposed"],
            "needs_hq_approval": adverse and gates.needs_headquarters(payload),
        }

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Write the proposal, the findings and the rebuttals."""
        payload = row.payload
        case = _case.load(session, row.case)
        _rows.insert(
            session,
            Determination,
            {
                "id": row.id,
                "case": case.id,
                "instance": row.instance,
                "level": "office",
                "unit": case.office,
                "outcome": payload["proposed"],
                "asked": case.asked,
                "given": payload.get("given", []),
                "grounds": payload.get("grounds", []),
                "analysis": _analysis(payload),
                "author": row.actor,
                "proposed_at": at,
                "pack": packs.pinned("grounds"),
                "simulated": case.simulated,
            },
        )
        evidence.dispose(session, row, at)
        _findings(session, payload, row.actor, at)
        if payload["proposed"] in gates.ADVERSE and payload.get("groups"):
            session.execute(
                update(GroupClaim),
                [{"id": entry["item"], "rebuttal": entry["rebuttal"]} for entry in payload["groups"]],
            )
            if gates.copied(payload["groups"]):
                session.add(
                    Flag(
                        id=f"{row.id}.copied",
                        case=case.id,
                        unit=case.office,
                        raised_by="system",
                        raised_at=at,
                        reason_code="copied_rebuttal",
                    )
                )
        if payload.get("analysis_translated"):
            add_translation(
                session, row, "reasons", row.id, case.language, payload["analysis_translated"], at
            )


def _analysis(payload: Mapping[str, Any]) -> str:
    parts = [payload["analysis"]]
    if payload.get("justification"):
        parts.append(f"National security justification: {payload['justification']}")
    if payload.get("treatment_considered"):
        parts.append(f"Rehabilitation and treatment: {payload['treatment_considered']}")
    return "\n\n".join(parts)


def _findings(session: Session, payload: Mapping[str, Any], by: str, at: datetime) -> None:
    rows = [
        {
            "id": entry["item"],
            "finding": entry["finding"],
            "weight": entry.get("weight"),
            "reason": entry["reason"],
            "meets": entry.get("meets"),
            "found_by": by,
            "found_at": at,
        }
        for entry in payload["factors"]
    ]
    if rows:
        session.execute(update(Factor), rows)


class Approval(CommandHandler):
    """What an approver may not be, and what approving does."""

    variable = "approved"
    state = "approved"

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """Refuse the author, and whoever approved before (S18)."""
        written = _case.latest_determination(session, str(task.case if task else ""))
        if actor.user in (written.author, written.approved_by):
            raise Refused(
                "You wrote or already approved this determination; a second, different person must approve it.",
                code="same-person",
            )
        return {self.variable: payload["decision"] == "approve"}

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Approve it, or return it with what has to change."""
        written = _case.latest_determination(session, str(row.case))
        if row.payload["decision"] == "return":
            written.state, written.returned_reason = "returned", row.payload["reasons"]
            return
        written.state, written.approved_by, written.approved_at = self.state, row.actor, at
        _case.load(session, row.case).decided_at = at


@command("determination.approve")
class Approve(Approval):
    """Approval by a supervisor of the office."""


@command("determination.approve-hq")
class ApproveHeadquarters(Approval):
    """Approval of a national security ground by Headquarters (S7)."""

    variable = "hq_approved"
    state = "hq_approved"


@command("determination.sign")
class Sign(CommandHandler):
    """The signature starts the 48 hours of each recipient (S22)."""

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """Refuse what is signed already, an adverse outcome without its approvals, and an item without disposition."""
        case = str(task.case if task else "")
        written = _case.latest_determination(session, case)
        if written.state == "signed":
            raise Refused("This determination is signed and can no longer be changed.", code="already-signed")
        if written.outcome in gates.ADVERSE:
            needed = "hq_approved" if gates.needs_headquarters({"grounds": written.grounds}) else "approved"
            if written.state != needed or written.approved_by in (None, written.author):
                raise Refused(
                    "An adverse determination is signed only after a second, different person has approved it.",
                    code="not-approved",
                )
        evidence.require_every_item(evidence.undisposed(session, case), payload.get("evidence", ()))
        return {"outcome": written.outcome, "recipients": recipient_variables(session, case)}

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Seal it and give the case its outcome."""
        evidence.dispose(session, row, at)
        written = _case.latest_determination(session, str(row.case))
        seal(written, row.actor, at)
        case = _case.load(session, row.case)
        case.outcome, case.signed_at = written.outcome, at
        if written.approved_at is None:
            case.decided_at = at


def determinations(session: Session, case: str) -> list[Determination]:
    """Every determination of a case, oldest first."""
    return list(
        session.exec(
            select(Determination)
            .where(Determination.case == case)
            .order_by(col(Determination.proposed_at), Determination.id)
        )
    )
