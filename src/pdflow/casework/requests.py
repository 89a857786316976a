"""A request comes in, by any channel, and what happens to it at the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any

from sqlmodel import Session, select

from pdflow.casework import _case, _rows, groups, hard_dates, packs, people
from pdflow.casework._rows import Row
from pdflow.records.ids import case_id, ulid
from pdflow.records.seed import area_name
from pdflow.records.tables import (
    Area,
    Case,
    Command,
    GroupClaim,
    Note,
    Party,
    Recipient,
    Task,
    Unit,
)
from pdflow.services import commands, forms, starting, tasks
from pdflow.services.actor import Actor
from pdflow.services.errors import Refused
from pdflow.services.platform import Platform
from pdflow.services.registry import CommandHandler, command

PROCESS = "pd-request"
#: Shortest consent that says anything.
CONSENT = 10


@dataclass(frozen=True)
class Receipt:
    """What the person or submitter takes home: it proves what was sent, and when (S15).

    Attributes:
        case: case number.
        number: receipt number, to read aloud.
        hash: SHA-256 over the receipt number and everything that was sent.
        at: instant of receipt.
    """

    case: str
    number: str
    hash: str
    at: datetime


def numbered(payload: Mapping[str, Any], source: Random | None = None) -> dict[str, Any]:
    """The payload with a case number and a receipt number; both are random and tell nothing of the person."""
    receipt = "R-" + ulid(source=source)[-10:]
    return {**payload, "case": case_id(source), "receipt": receipt}


def receipt_hash(payload: Mapping[str, Any]) -> str:
    """SHA-256 of what was received; the random receipt number in it keeps the text from being guessed."""
    return _case.digest(dict(payload))


def county_office(session: Session, payload: Mapping[str, Any]) -> str | None:
    """The office of the county where the person lives, for states that several offices share."""
    if not payload.get("state") or not payload.get("county"):
        return None
    return session.exec(
        select(Area.office).where(Area.state == payload["state"], Area.county == area_name(payload["county"]))
    ).first()


def check_consent(payload: Mapping[str, Any]) -> None:
    """Refuse a request without consent text (``consent-missing``); asking is risky (domain finding 9)."""
    if len((payload.get("consent") or "").strip()) < CONSENT:
        raise Refused(
            "Consent is missing: write down, in their own words, that the person (or who asks for them) wants "
            "this request, after the warning was read to them.",
            code="consent-missing",
            places={"/consent": "Write down the consent in their own words."},
        )


def day(value: str | None) -> date | None:
    """A date of a form."""
    return date.fromisoformat(value) if value else None


@command("requests.receive")
class Receive(CommandHandler):
    """Starts ``pd-request``. The payload is the form ``request`` with ``case`` and ``receipt`` (see :func:`numbered`)."""

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """Refuse a request without consent text or with unknown units or codes.

        Returns:
            The start variables of the process.
        """
        check_consent(payload)
        for key in ("filed_at", "held_office"):
            if payload.get(key) and not _is_office(session, payload[key]):
                raise Refused(
                    f"Expected the code of a field office, such as ATL, got {payload[key]!r}.",
                    code="unknown-unit",
                    places={f"/{key}": "Choose a field office."},
                )
        if payload["language"] not in packs.languages():
            raise Refused(
                "Choose a language of the list.", code="unknown-code", places={"/language": "Choose one."}
            )
        for code in payload.get("groups", ()):
            packs.entry("groups", code)
        if payload.get("a_number"):
            people.normal_a_number(payload["a_number"])
        return {
            "case": payload["case"],
            "channel": payload["channel"],
            "office": payload["filed_at"],
            "review_unit": None,
            "language": payload["language"],
            "held": bool(payload.get("held")),
            "held_office": payload.get("held_office"),
            "county_office": county_office(session, payload),
            "state": payload.get("state"),
            "filed_at": payload["filed_at"],
            "removal_date": day(payload.get("removal_date")),
            "removal_date_seen": None,
            "presumption": False,
            "outcome": None,
            "recipients": [],
            "escalation_level": 0,
            "level_at_open": 0,
        }

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Write the person, the case, its parties, recipients, claims and dates."""
        payload, case = row.payload, row.payload["case"]
        people.add_person(session, payload, f"{row.id}.p", at)
        _rows.insert(
            session,
            Case,
            {
                "id": case,
                "person": f"{row.id}.p",
                "instance": row.instance,
                "office": payload["filed_at"],
                "origin_office": payload["filed_at"],
                "state": "received",
                "channel": payload["channel"],
                "intake": payload["intake"],
                "receipt": payload["receipt"],
                "asked": payload.get("asked", []),
                "language": payload["language"],
                "interpreter": payload["language"] != "en",
                "held": bool(payload.get("held")),
                "custody": payload.get("custody"),
                "received_at": at,
                "presumption": groups.presumption(payload.get("groups", [])),
                "presumption_pack": packs.pinned("groups"),
                "practice": bool(payload.get("practice")),
                "simulated": bool(payload.get("practice")),
                "earlier": payload.get("earlier"),
                "flags": payload.get("attributes", []),
                "extra": {"receipt_hash": receipt_hash(payload)},
            },
        )
        if payload["channel"] in ("counsel", "third_party"):
            _rows.insert(session, Party, _party(payload, row.id, case, at))
        _rows.insert(session, Recipient, people.person_recipient(payload, case))
        texts = {"consent": payload["consent"], "statement": payload.get("statement")}
        for kind, text in texts.items():
            if text:
                add_note(session, row, kind, text, at)
        source = payload["channel"] if payload["channel"] != "own_motion" else "officer"
        claims = [
            groups.claim_row(f"{row.id}.g{n}", case, code, source, row.actor, at)
            for n, code in enumerate(payload.get("groups", ()))
        ]
        _rows.insert(session, GroupClaim, *claims)
        removal = payload.get("removal_date")
        if removal:
            hard_dates.add(session, row, "removal", removal, "intake", at)
        if payload.get("held") or removal:
            dated = hard_dates.start_of(removal) if removal else None
            tasks.hold(session, case, held=bool(payload.get("held")), hard_date=dated)


def _is_office(session: Session, code: str) -> bool:
    unit = session.get(Unit, code)
    return unit is not None and unit.type == "field_office" and unit.active


def _party(payload: Mapping[str, Any], id: str, case: str, at: datetime) -> Row:
    """Whoever asks for the person; the least possible is kept of them (domain finding 9)."""
    contact = payload.get("submitter_contact")
    key = "email" if contact and "@" in contact else "phone"
    return {
        "id": f"{id}.s",
        "case": case,
        "kind": payload["channel"],
        "name": payload.get("submitter_name"),
        "contact": {key: contact} if contact else None,
        "relation": payload.get("relation"),
        "created_at": at,
    }


def add_note(session: Session, row: Command, kind: str, text: str, at: datetime) -> None:
    """Keep free text of a command with its case."""
    case = row.case or row.payload["case"]
    note = {"id": f"{row.id}.{kind}", "case": case, "author": row.actor, "at": at, "kind": kind, "text": text}
    _rows.insert(session, Note, note)


class _Ending(CommandHandler):
    """Goes to the case as a message that ends it without a decision."""

    kind = "withdrawal"

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Keep the reason."""
        add_note(session, row, self.kind, row.payload["reason"], at)


@command("requests.withdraw")
class Withdraw(_Ending):
    """The person takes the request back."""


@command("requests.close-moot")
class CloseMoot(_Ending):
    """There is nothing left to decide: relief was granted, or the person was removed."""

    kind = "moot"


@command("requests.set-date")
class SetRemovalDate(CommandHandler):
    """A removal date becomes known, or another one; the liaison gets a task at once."""

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """The date becomes a variable; the model sees the change."""
        return {"removal_date": day(payload["date"])}

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Write it with its source."""
        case = _case.load(session, row.case)
        hard_dates.add(session, row, "removal", payload_date(row), row.payload["source"], at)
        tasks.hold(session, case.id, held=case.held, hard_date=hard_dates.earliest(session, case.id))


def payload_date(row: Command) -> str:
    """The date of the payload, as ISO text."""
    return str(row.payload["date"])


def running_instance(platform: Platform, case: str) -> str:
    """The instance that carries an open case.

    Raises:
        NotFound: there is no such case.
        Refused: it is closed (``case-closed``).
    """
    with platform.reading() as session:
        found = _case.load(session, case)
        if found.instance is None or found.state == "closed":
            raise Refused("This case is closed; make a new request that names it.", code="case-closed")
        return found.instance


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
    """Take in a request by any channel; no account and no A-number is needed (S15).

    Args:
        actor: who takes it in.
        platform: where.
        payload: the form ``request``.
        source: random numbers for case and receipt; the system's when absent.
        at: instant at which a simulated case starts.
        simulated: practice case or demo; refused unless the settings allow it.
        anchor: instant at which a simulated case becomes an ordinary one.

    Raises:
        Refused: ``consent-missing``, ``unknown-unit``, ``unknown-code``, ``a-number``; nothing was written.
        InvalidForm: the input does not fit the form; nothing was written.
        NotAllowed: the actor may not take in requests.
    """
    check_consent(payload)
    forms.check(packs.form("request"), dict(payload))
    numbers = numbered(payload, source)
    if simulated and anchor is None:
        # Nothing brings it into real time: a practice case, marked everywhere and never counted.
        numbers["practice"] = True
    starting.start(
        actor,
        platform,
        PROCESS,
        case=numbers["case"],
        unit=payload["filed_at"],
        effect="requests.receive",
        payload=numbers,
        at=at,
        simulated=simulated,
        anchor=anchor,
    )
    return Receipt(numbers["case"], numbers["receipt"], receipt_hash(numbers), at or platform.now())


def tell(
    actor: Actor, platform: Platform, case: str, message: str, effect: str, payload: Mapping[str, Any]
) -> commands.Receipt:
    """Send a message to the instance of a case, with the effect that belongs to it.

    Raises:
        NotFound, NotAllowed, Refused: nothing was written.
    """
    return commands.submit(
        actor,
        platform,
        instance=running_instance(platform, case),
        name="message",
        message=message,
        key=case,
        effect=effect,
        payload={**payload, "case": case},
    )


def withdraw(actor: Actor, platform: Platform, case: str, reason: str) -> commands.Receipt:
    """Take a request back for the person; nothing is decided against them."""
    return tell(actor, platform, case, "pd.withdraw", "requests.withdraw", {"reason": reason})


def close_moot(actor: Actor, platform: Platform, case: str, reason: str) -> commands.Receipt:
    """Close a request that has nothing left to decide."""
    return tell(actor, platform, case, "pd.moot", "requests.close-moot", {"reason": reason})


def set_removal_date(actor: Actor, platform: Platform, case: str, on: date, source: str) -> commands.Receipt:
    """Record a removal date with its source; the liaison gets a task at once."""
    return commands.submit(
        actor,
        platform,
        instance=running_instance(platform, case),
        name="set_variables",
        effect="requests.set-date",
        payload={"case": case, "date": on.isoformat(), "source": source},
    )
