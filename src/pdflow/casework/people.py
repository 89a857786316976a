"""The person concerned, counsel, submitters, and who gets copies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from pdflow.casework import _rows
from pdflow.casework._rows import Row
from pdflow.records.crypto import keys_of
from pdflow.records.tables import Command, Identifier, Party, Person, Recipient, Task, table_of
from pdflow.services.actor import Actor
from pdflow.services.errors import Refused
from pdflow.services.registry import CommandHandler, command

#: Modes that need somebody beside the person: nothing is served by machine (S21).
SPOKEN = ("oral", "sign")


def normal_a_number(text: str) -> str:
    """An A-number as nine digits.

    Older numbers have seven or eight digits and are padded with zeros on the left; there is no check digit
    (domain facts 5.2).

    Raises:
        Refused: not seven to nine digits (``a-number``).
    """
    digits = re.sub(r"[^0-9]", "", text)
    if not 7 <= len(digits) <= 9:
        raise Refused(
            "Expected an A-number with seven to nine digits; leave the field empty if it is not known.",
            code="a-number",
        )
    return digits.zfill(9)


def name_and_birth(given: str, family: str, born: str) -> str:
    """What the look-up hash of a name and a birth date is made of: lower case, single spaces."""
    return "|".join(" ".join(part.lower().split()) for part in (given, family, born))


def add_person(session: Session, payload: Mapping[str, Any], id: str, at: datetime) -> None:
    """Write the person of a request, and an identifier when an A-number was offered."""
    keys = keys_of(session.get_bind().dialect)
    given, family, born = payload["given"], payload["family"], payload.get("born")
    place = {key: payload[key] for key in ("street", "state", "county") if payload.get(key)}
    _rows.insert(
        session,
        Person,
        {
            "id": id,
            "given": given,
            "family": family,
            "born": born,
            "name_born": keys.lookup("name-born", name_and_birth(given, family, born)) if born else None,
            "phone": payload.get("phone"),
            "email": payload.get("email"),
            "address": place or None,
            "safe_contact": payload.get("safe_contact"),
            "language": payload["language"],
            "mode": payload.get("mode", "text"),
            "created_at": at,
        },
    )
    if payload.get("a_number"):
        number = normal_a_number(payload["a_number"])
        _rows.insert(
            session,
            Identifier,
            {
                "id": f"{id}.a",
                "person": id,
                "kind": "a-number",
                "lookup": keys.lookup("a-number", number),
                "value": number,
                "tail": number[-3:],
            },
        )


def channels(payload: Mapping[str, Any]) -> list[str]:
    """Safe ways to reach the person, best first; by hand where nothing else is known or somebody must read aloud."""
    if payload.get("mode") in SPOKEN:
        return ["hand"]
    found = []
    if payload.get("email"):
        found.append("e-mail")
    if payload.get("street") and not payload.get("held"):
        found.append("mail")
    return [*found, "hand"] if "mail" not in found else found


def person_recipient(payload: Mapping[str, Any], case: str) -> Row:
    """The person as a recipient of copies (S20)."""
    ways = channels(payload)
    return {
        "id": f"{case}.1",
        "case": case,
        "kind": "person",
        "name": f"{payload['given']} {payload['family']}",
        "address": payload.get("email") or payload.get("street"),
        "channel": ways[0],
        "channels": ways,
        "language": payload["language"],
        "mode": payload.get("mode", "text"),
    }


def counsel_recipient(party: Party, case: str, place: int) -> Recipient:
    """Counsel of record as a recipient of copies (S20), in English."""
    contact = party.contact or {}
    mail = contact.get("email")
    return Recipient(
        id=f"{case}.{place}",
        case=case,
        party=party.id,
        kind="counsel",
        name=party.name,
        address=mail,
        channel="e-mail" if mail else "hand",
        channels=["e-mail", "hand"] if mail else ["hand"],
        language="en",
    )


def change_language(session: Session, case: str, person: str | None, payload: Mapping[str, Any]) -> None:
    """Language and mode as the office now knows them, for the person and their copies."""
    values: dict[str, Any] = {"language": payload["language"], "mode": payload["mode"]}
    if person:
        persons = table_of(Person)
        session.execute(persons.update().where(persons.c.id == person).values(values))
    if payload["mode"] in SPOKEN:
        values |= {"channel": "hand", "channels": ["hand"]}
    recipients = table_of(Recipient)
    mine = (recipients.c.case == case) & (recipients.c.kind == "person")
    session.execute(recipients.update().where(mine).values(values))


@command("people.confirm-counsel")
class ConfirmCounsel(CommandHandler):
    """Whether a notice of appearance is on file: only counsel of record gets copies (S20)."""

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        """The answer is a code."""
        return {"appearance": payload["appearance"]}

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        """Counsel whose appearance is on file becomes a recipient; somebody who is not counsel stays a submitter."""
        answer = row.payload["appearance"]
        party = session.exec(
            select(Party).where(
                Party.case == row.case, Party.kind == "counsel", col(Party.ended_at).is_(None)
            )
        ).first()
        if party is None or row.case is None:
            return
        if answer == "on_file":
            party.appearance = at
            session.add(counsel_recipient(party, row.case, 2))
        elif answer == "none":
            party.kind = "representative"
