"""Liaisons: inquiries with a number, a clock and an answer (S26), oversight without deciding (S27), escalations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from random import Random
from typing import Any

from sqlmodel import Session

from pdflow.casework import _case, packs
from pdflow.casework.requests import Receipt, add_note
from pdflow.records.ids import ulid
from pdflow.records.tables import Case, Command, Flag, Inquiry, Task, Unit
from pdflow.services import forms, starting
from pdflow.services.actor import Actor
from pdflow.services.errors import Refused
from pdflow.services.platform import Platform
from pdflow.services.registry import CommandHandler, JobContext, command, job

PROCESS = "liaison-inquiry"


def numbered(payload: Mapping[str, Any], source: Random | None = None) -> dict[str, Any]:
    """The payload with an id and a number to read aloud."""
    id = ulid(source=source)
    return {**payload, "inquiry": id, "number": f"L-{id[-10:]}"}


@command("liaisons.receive")
class Receive(CommandHandler):
    """Starts ``liaison-inquiry``. The payload is the form ``liaison-request`` with an id (see :func:`numbered`)."""

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """Refuse unknown units and cases."""
        unit = session.get(Unit, payload["unit"])
        if unit is None or not unit.active:
            raise Refused(
                f"Expected the code of a unit with a liaison, such as ATL or HQ, got {payload['unit']!r}.",
                code="unknown-unit",
                places={"/unit": "Choose a unit."},
            )
        if payload.get("case"):
            _case.load(session, payload["case"])
        return {
            "inquiry": payload["inquiry"],
            "case": payload.get("case"),
            "office": payload["unit"],
            "next_step": None,
            "escalation_level": 0,
            "level_at_open": 0,
        }

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Write the inquiry; nothing about the asker's own status is ever kept."""
        payload = row.payload
        session.add(
            Inquiry(
                id=payload["inquiry"],
                number=payload["number"],
                instance=row.instance,
                case=payload.get("case"),
                unit=payload["unit"],
                intake=payload["intake"],
                asked_by=payload.get("asked_by"),
                contact=payload.get("contact"),
                question=payload["question"],
                topic=payload["topic"],
                received_at=at,
            )
        )


def take_in(
    actor: Actor,
    platform: Platform,
    payload: Mapping[str, Any],
    *,
    source: Random | None = None,
    at: datetime | None = None,
    simulated: bool = False,
    anchor: datetime | None = None,
) -> Receipt:
    """Take in an inquiry by any channel.

    Args:
        actor: who takes it in.
        platform: where.
        payload: the form ``liaison-request``.
        source: random numbers for id and number; the system's when absent.
        at: instant at which a simulated inquiry starts.
        simulated: refused unless the settings allow it.
        anchor: instant at which a simulated inquiry becomes an ordinary one.

    Returns:
        Its receipt; ``number`` is the inquiry's number, ``case`` empty where none was named.

    Raises:
        InvalidForm, Refused, NotFound, NotAllowed: nothing was written.
    """
    forms.check(packs.form("liaison-request"), dict(payload))
    numbers = numbered(payload, source)
    starting.start(
        actor,
        platform,
        PROCESS,
        case=payload.get("case"),
        unit=payload["unit"],
        effect="liaisons.receive",
        payload=numbers,
        at=at,
        simulated=simulated,
        anchor=anchor,
    )
    return Receipt(payload.get("case") or "", numbers["number"], _case.digest(numbers), at or platform.now())


def _inquiry(session: Session, task: Task | None) -> Inquiry:
    found = session.get(Inquiry, str(task.properties.get("case:inquiry"))) if task else None
    if found is None:
        raise Refused("This inquiry is no longer on record.", code="no-inquiry")
    return found


@command("liaisons.answer")
class Answer(CommandHandler):
    """Answer an inquiry, ask the office first, or answer and flag the decision for review."""

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """Asking the office or flagging needs a case; a closed one has nobody left who could be asked."""
        inquiry = _inquiry(session, task)
        step = payload["next_step"]
        case = session.get(Case, inquiry.case) if inquiry.case else None
        if step != "done" and case is None:
            raise Refused("This inquiry names no case, so there is nobody to ask; answer it.", code="no-case")
        if step == "ask_office" and case is not None and case.state == "closed":
            raise Refused(
                "The case is closed, so nobody is left to ask; answer from the record.", code="case-closed"
            )
        return {"next_step": step}

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Keep the answer or the question, and the flag."""
        payload = row.payload
        inquiry = _inquiry(session, session.get(Task, row.task))
        if payload["next_step"] == "ask_office":
            add_note(session, row, "question", payload["question"], at)
            return
        inquiry.answer, inquiry.answered_by = payload["answer"], row.actor
        if payload["next_step"] == "flag":
            session.add(
                Flag(
                    id=row.id,
                    case=str(inquiry.case),
                    unit=inquiry.unit,
                    raised_by=row.actor,
                    raised_at=at,
                    reason_code=payload["reason_code"],
                    reason=payload["answer"],
                )
            )


@job("pd.flag-for-review")
def flag(session: Session, context: JobContext) -> dict[str, Any]:
    """The flag was written with the answer; it now counts as raised by this inquiry."""
    found = session.get(Inquiry, context.variables["inquiry"])
    if found is not None:
        found.outcome = "flagged"
    return {}


@job("pd.inquiry-reply")
def reply(session: Session, context: JobContext) -> dict[str, Any]:
    """The answer goes out and the inquiry is closed."""
    found = session.get(Inquiry, context.variables["inquiry"])
    if found is not None and found.answered_at is None:
        found.answered_at, found.state = context.at, "answered"
        found.outcome = found.outcome or "answered"
    return {}


class _Noted(CommandHandler):
    """What somebody did, kept as a note of the case."""

    kind = "note"

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Keep codes and words together."""
        if row.case is None:
            return
        words = [str(row.payload[key]).replace("_", " ") for key in ("cause", "action") if key in row.payload]
        text = ". ".join(filter(None, [*words, row.payload.get("note"), row.payload.get("answer")]))
        add_note(session, row, self.kind, text, at)


@command("liaisons.act-on-date")
class ActOnDate(_Noted):
    """What the liaison did about a removal date."""

    kind = "removal_date"


@command("liaisons.close-escalation")
class CloseEscalation(_Noted):
    """Why it was late, and what was done."""

    kind = "escalation"


@command("liaisons.answer-question")
class AnswerQuestion(_Noted):
    """What the office tells the liaison."""

    kind = "answer"
