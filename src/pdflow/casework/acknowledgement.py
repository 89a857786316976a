"""What the office does first with a request: the person's wish, the office's own reasons, the acknowledgement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from pdflow.casework import _case, hard_dates, people
from pdflow.casework.requests import add_note, day
from pdflow.records.tables import Command, Recipient, Task
from pdflow.services import tasks
from pdflow.services.actor import Actor
from pdflow.services.registry import CommandHandler, command


@command("requests.record-wish")
class RecordWish(CommandHandler):
    """What the person says to a request that somebody else made for them."""

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """The answer is a code."""
        return {"person_agrees": payload["person_agrees"]}

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Keep how they were asked, and the note."""
        text = f"{payload_word(row, 'person_agrees')} ({payload_word(row, 'how')}). {row.payload.get('note', '')}"
        add_note(session, row, "wish", text.strip(), at)


def payload_word(row: Command, key: str) -> str:
    """A code of the payload as words."""
    return str(row.payload[key]).replace("_", " ")


@command("requests.record-reasons")
class RecordReasons(CommandHandler):
    """Why the office acts on its own motion."""

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Keep the reasons."""
        add_note(session, row, "own_motion", row.payload["reasons"], at)


@command("requests.acknowledge")
class Acknowledge(CommandHandler):
    """The request is checked: language, interpreter, custody, and hard dates with their source."""

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """Custody and dates become variables of the case; an unset removal date leaves an earlier one alone."""
        found: dict[str, Any] = {"language": payload["language"], "held": bool(payload["held"])}
        if payload.get("removal_date"):
            found["removal_date"] = day(payload["removal_date"])
        return found

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Write what the office now knows."""
        payload = row.payload
        case = _case.load(session, row.case)
        case.language, case.held = payload["language"], bool(payload["held"])
        case.interpreter = bool(payload.get("interpreter", case.interpreter))
        case.custody = payload.get("custody", case.custody)
        person = session.exec(
            select(Recipient).where(Recipient.case == case.id, Recipient.kind == "person")
        ).first()
        if person is None or (person.language, person.mode) != (payload["language"], payload["mode"]):
            people.change_language(session, case.id, case.person, payload)
        dated = [kind for kind in ("removal", "hearing", "release") if payload.get(f"{kind}_date")]
        for kind in dated:
            hard_dates.add(session, row, kind, payload[f"{kind}_date"], payload["dates_source"], at)
        if dated or case.held:
            tasks.hold(session, case.id, held=case.held, hard_date=hard_dates.earliest(session, case.id))
