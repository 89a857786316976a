"""Find a case: by case number, receipt, A-number (by keyed hash), or name with birth date. Each look-up is logged.

There is no search by group, address or free text: a list of vulnerable people must not be one query away (domain
facts, tensions).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from pdflow.casework.people import name_and_birth, normal_a_number
from pdflow.casework.view.access import may_see
from pdflow.casework.view.head import short_name
from pdflow.records.tables import Case, Identifier, Lookup, Person
from pdflow.services.actor import Actor
from pdflow.services.errors import Refused
from pdflow.services.platform import Platform

_CASE = re.compile(r"^[0-9A-Z]{3}-?[0-9A-Z]{3}$")
_RECEIPT = re.compile(r"^R-?[0-9A-Z]{6,}$")
_A_NUMBER = re.compile(r"^A?[ -]?(\d[ -]?){7,9}$")
_NAME_BORN = re.compile(r"^(?P<names>[^\d]+?)[ ,]+(?P<born>\d{4}-\d{2}-\d{2})$")
#: More hits than this help nobody.
MOST = 20


@dataclass(frozen=True)
class Hit:
    """A case that was found."""

    case: str
    short_name: str
    office: str
    state: str
    received_at: datetime


def find(actor: Actor, platform: Platform, text: str) -> list[Hit]:
    """Return the cases that the text names and the actor may open; the look-up is logged as a keyed hash.

    Args:
        actor: who looks.
        platform: of this process.
        text: ``K7Q-4MX``, a receipt number, an A-number, or ``Given Family 1990-12-31``.

    Raises:
        Refused: the text is none of these (``look-up-form``).
    """
    typed = " ".join(text.split())
    with platform.writing() as session:
        kind, cases = _matches(session, platform, typed)
        seen = [case for case in cases if may_see(actor, session, case)][:MOST]
        session.add(
            Lookup(
                actor=actor.user,
                kind=kind,
                term=platform.records.keys.lookup("look-up", typed.lower()),
                found=len(seen),
                at=platform.now(),
            )
        )
        return [
            Hit(
                case.id,
                short_name(session.get(Person, case.person) if case.person else None),
                case.office,
                case.state,
                case.received_at,
            )
            for case in seen
        ]


def _matches(session: Session, platform: Platform, typed: str) -> tuple[str, list[Case]]:
    upper = typed.upper()
    keys = platform.records.keys
    if _CASE.match(upper):
        number = upper if "-" in upper else f"{upper[:3]}-{upper[3:]}"
        return "case", _cases(session, col(Case.id) == number)
    if _RECEIPT.match(upper):
        return "receipt", _cases(session, col(Case.receipt) == upper)
    if _A_NUMBER.match(upper):
        hashed = keys.lookup("a-number", normal_a_number(upper))
        people = select(Identifier.person).where(Identifier.kind == "a-number", Identifier.lookup == hashed)
        return "a-number", _cases(session, col(Case.person).in_(people))
    named = _NAME_BORN.match(typed)
    if named and " " in named["names"].strip():
        return "name", _cases(
            session, col(Case.person).in_(_people(session, platform, named["names"], named["born"]))
        )
    raise Refused(
        "Expected a case number (K7Q-4MX), a receipt number (R-...), an A-number, or a full name with a birth date "
        "(Luz Arce 1990-12-31).",
        code="look-up-form",
    )


def _people(session: Session, platform: Platform, names: str, born: str) -> list[str]:
    """Ids of people of that name and birth date; where the family name begins is tried at each space."""
    words = names.split()
    hashes = [
        platform.records.keys.lookup(
            "name-born", name_and_birth(" ".join(words[:cut]), " ".join(words[cut:]), born)
        )
        for cut in range(1, len(words))
    ]
    return list(session.exec(select(Person.id).where(col(Person.name_born).in_(hashes))))


def _cases(session: Session, condition: object) -> list[Case]:
    statement = select(Case).where(condition).order_by(col(Case.received_at).desc()).limit(MOST * 5)  # type: ignore[arg-type]
    return list(session.exec(statement))
