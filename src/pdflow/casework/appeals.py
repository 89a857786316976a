"""Appeals: free, by any channel, without a lawyer (S28, S29)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from pdflow.casework import _case, packs
from pdflow.casework.requests import tell
from pdflow.records.tables import Appeal, Command, Determination, Task
from pdflow.services import forms
from pdflow.services.actor import Actor
from pdflow.services.commands import Receipt
from pdflow.services.errors import Refused
from pdflow.services.platform import Platform
from pdflow.services.registry import CommandHandler, command

MESSAGE = "pd.appeal"
ADVERSE = ("denied", "granted_in_part")


def standing(session: Session, case: str) -> tuple[Determination, str]:
    """The determination that can be appealed now, and the level that would hear it: ``review`` or ``hq``.

    Raises:
        Refused: ``no-determination``, or nothing adverse stands (``nothing-to-appeal``).
    """
    last = _case.latest_appeal(session, case)
    level = "review" if last is None or last.result in (None, "sent_back") else "hq"
    found = _case.latest_determination(session, case, "review" if level == "hq" else "office")
    if found.signed_at is None or found.outcome not in ADVERSE:
        raise Refused(
            "Nothing stands against the person, so there is nothing to appeal.", code="nothing-to-appeal"
        )
    return found, level


@command("appeals.file")
class File(CommandHandler):
    """Goes to the case as the message ``pd.appeal``."""

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """Grounds come from the list, and something adverse stands that is not under appeal already."""
        for code in payload["grounds"]:
            packs.entry("appeal-grounds", code)
        case = _case.load(session, payload["case"])
        last = _case.latest_appeal(session, case.id)
        if last is not None and last.result is None:
            raise Refused(
                "An appeal is being reviewed already; add evidence to it instead.", code="appeal-open"
            )
        if last is not None and last.level == "hq" and last.result != "sent_back":
            raise Refused(
                "Headquarters was the last level of review; a new request may be made if the situation changes.",
                code="last-level",
            )
        standing(session, case.id)
        return {}

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Write the appeal."""
        case = _case.load(session, row.payload["case"])
        found, level = standing(session, case.id)
        session.add(
            Appeal(
                id=row.id,
                case=case.id,
                determination=found.id,
                level=level,
                unit="HQ" if level == "hq" else str(case.review_unit),
                intake=row.payload["intake"],
                filed_by=row.actor,
                filed_at=at,
                grounds=row.payload["grounds"],
                statement=row.payload.get("statement"),
            )
        )


def file(actor: Actor, platform: Platform, case: str, payload: Mapping[str, Any]) -> Receipt:
    """File an appeal for the person, by any channel (S29).

    Args:
        actor: who takes it in.
        platform: where.
        case: case number.
        payload: the form ``appeal``.

    Raises:
        InvalidForm, Refused: ``appeal-open``, ``last-level``, ``nothing-to-appeal``, ``case-closed`` (the window is
            over), ``not-taken``; nothing was written.
    """
    forms.check(packs.form("appeal"), dict(payload))
    return tell(actor, platform, case, MESSAGE, "appeals.file", payload)
