"""Review outside the field office, and at Headquarters: every item opened, every ground answered (S30 to S32)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, col, select

from pdflow.casework import _case, _rows, evidence, packs
from pdflow.casework.contents import appeal_open
from pdflow.casework.determinations import add_translation, seal
from pdflow.records.tables import Appeal, Case, Command, Determination, EvidenceView, Task
from pdflow.services.actor import Actor
from pdflow.services.errors import Refused
from pdflow.services.registry import CommandHandler, command

#: What a result makes of the outcome; an affirmed one stays, one sent back is decided again.
OUTCOMES = {"reversed": "granted", "modified": "granted_in_part"}


def involved_before(session: Session, case: str, user: str) -> bool:
    """Whether somebody wrote, approved, signed or reviewed anything in a case, or completed any task of it."""
    wrote = session.exec(
        select(Determination.id)
        .where(Determination.case == case)
        .where(
            or_(
                col(Determination.author) == user,
                col(Determination.approved_by) == user,
                col(Determination.signed_by) == user,
            )
        )
        .limit(1)
    ).first()
    if wrote is not None:
        return True
    touched = session.exec(select(Task.id).where(Task.case == case, Task.closed_by == user).limit(1)).first()
    if touched is not None:
        return True
    return (
        session.exec(select(Appeal.id).where(Appeal.case == case, Appeal.reviewer == user).limit(1)).first()
        is not None
    )


class Decide(CommandHandler):
    """Decide an appeal."""

    level = "review"

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """Refuse a reviewer of the case's office or one involved earlier (S30), and unopened items (S31)."""
        case = _case.load(session, task.case if task else None)
        if case.office in actor.units() or case.origin_office in actor.units():
            raise Refused(
                "A reviewer comes from outside the field office; hand this to somebody else.",
                code="same-office",
            )
        if involved_before(session, case.id, actor.user):
            raise Refused(
                "You had a part in this case before, so you cannot review it; hand this to somebody else.",
                code="involved-before",
            )
        unopened = [row["item"] for row in payload["evidence"] if row.get("opened") is not True]
        if unopened:
            raise Refused(
                f"{len(unopened)} items have not been opened; open and dispose of each.", code="item-unopened"
            )
        evidence.require_every_item(evidence.to_weigh(session, case.id), payload["evidence"])
        result = payload["review_result"]
        return {"review_result": result, "outcome": OUTCOMES.get(result, case.outcome)}

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Write the result; it takes effect at once (S32)."""
        payload, case = row.payload, _case.load(session, row.case)
        _rows.insert(session, EvidenceView, *_views(payload, row, self.level, at))
        appeal = appeal_open(session, case.id)
        if appeal is not None:
            appeal.reviewer, appeal.result, appeal.decided_at = row.actor, payload["review_result"], at
            appeal.reasons = payload["reasons"]
        if payload["review_result"] == "sent_back":
            return
        self._determine(session, row, case, payload, at)

    def _determine(
        self, session: Session, row: Command, case: Case, payload: Mapping[str, Any], at: datetime
    ) -> None:
        before = _case.latest_determination(session, case.id)
        result = payload["review_result"]
        made = Determination(
            id=row.id,
            case=case.id,
            instance=row.instance,
            level=self.level,
            unit="HQ" if self.level == "hq" else str(case.review_unit),
            outcome=OUTCOMES.get(result, case.outcome or before.outcome),
            review_result=result,
            asked=case.asked,
            given=payload.get("given", before.given),
            grounds=before.grounds if result != "reversed" else [],
            analysis=payload["reasons"],
            author=row.actor,
            proposed_at=at,
            supersedes=before.id,
            pack=packs.pinned("grounds"),
            simulated=case.simulated,
        )
        seal(made, row.actor, at)
        session.add(made)
        case.outcome = made.outcome
        if payload.get("reasons_translated"):
            add_translation(
                session, row, "reasons", made.id, case.language, payload["reasons_translated"], at
            )


def _views(payload: Mapping[str, Any], row: Command, level: str, at: datetime) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{row.id}.v{n}",
            "evidence": entry["item"],
            "user": row.actor,
            "level": level,
            "at": at,
            "disposition": entry["disposition"],
            "reason": entry.get("reason"),
        }
        for n, entry in enumerate(payload["evidence"])
    ]


@command("reviews.decide")
class DecideAppeal(Decide):
    """The first level: an area review unit."""


@command("reviews.decide-hq")
class DecideHeadquarters(Decide):
    """The last level: Headquarters."""

    level = "hq"
