"""A case changes its office: tasks go along, clocks keep who was accountable for which stretch of time (domain facts 1.11)."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from pdflow.casework import _case
from pdflow.casework.requests import tell
from pdflow.records.tables import Instance, Task, Transfer, Unit
from pdflow.services.actor import Actor
from pdflow.services.commands import Receipt
from pdflow.services.errors import Refused
from pdflow.services.platform import Platform
from pdflow.services.registry import CommandHandler, JobContext, command, job

MESSAGE = "pd.transfer"


@command("requests.transfer")
class Move(CommandHandler):
    """Goes to the case as the message ``pd.transfer``."""

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """Refuse what is no field office, or the office that has the case already."""
        case = _case.load(session, payload["case"])
        unit = session.get(Unit, payload["to_office"])
        if unit is None or unit.type != "field_office" or not unit.active:
            raise Refused(
                f"Expected the code of a field office, such as ATL, got {payload['to_office']!r}.",
                code="unknown-unit",
                places={"/to_office": "Choose a field office."},
            )
        if unit.code == case.office:
            raise Refused(f"The case is with {unit.name} already.", code="same-office")
        return {"to_office": unit.code}


def transfer(
    actor: Actor, platform: Platform, case: str, to_office: str, reason: str = "person_moved"
) -> Receipt:
    """Hand a case to another field office.

    Raises:
        NotFound, NotAllowed, Refused: nothing was written.
    """
    return tell(
        actor, platform, case, MESSAGE, "requests.transfer", {"to_office": to_office, "reason": reason}
    )


@job("pd.transfer")
def hand_over(session: Session, context: JobContext) -> dict[str, Any]:
    """Write the transfer, and say which office and review unit answer from now on."""
    case = _case.load(session, context.case)
    unit = session.get(Unit, context.variables["to_office"])
    assert unit is not None, "checked when the transfer was asked for"
    if session.get(Transfer, context.key) is None:
        session.add(
            Transfer(
                id=context.key,
                case=case.id,
                from_unit=case.office,
                to_unit=unit.code,
                reason_code="person_moved",
                at=context.at,
                by="system",
            )
        )
        case.office, case.review_unit = unit.code, unit.review_unit
        session.get_one(Instance, context.instance).unit = unit.code
    return {"office": unit.code, "review_unit": unit.review_unit}
