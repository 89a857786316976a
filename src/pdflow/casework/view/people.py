"""Who takes part in a case and how they may be reached."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from pdflow.records.tables import Case, Identifier, Party, Person, Recipient


@dataclass(frozen=True)
class PersonView:
    """One person of the case.

    Attributes:
        role: ``person``, ``counsel``, ``representative``, ``third_party`` or ``recipient``.
        reach: how to reach them, as given.
        caution: how not to reach them (safe contact); shown before anything else.
        details: further lines: language and mode, numbers with all but the last digits hidden.
    """

    role: str
    name: str
    reach: str
    caution: str
    details: tuple[str, ...]


def people(session: Session, case: Case) -> list[PersonView]:
    """The person concerned first, then parties, then recipients of notices."""
    found = []
    person = session.get(Person, case.person) if case.person else None
    if person is not None:
        found.append(_concerned(session, person))
    for party in session.exec(
        select(Party)
        .where(Party.case == case.id, col(Party.ended_at).is_(None))
        .order_by(col(Party.created_at))
    ):
        if party.kind == "applicant":
            continue
        contact = party.contact
        reach = (
            ", ".join(str(v) for v in contact.values() if v)
            if isinstance(contact, dict)
            else str(contact or "")
        )
        on_file = ("Appearance on file",) if party.appearance else ()
        relation = (party.relation,) if party.relation else ()
        found.append(PersonView(party.kind, party.name or "name not given", reach, "", (*relation, *on_file)))
    for row in session.exec(select(Recipient).where(Recipient.case == case.id).order_by(col(Recipient.id))):
        how = f"Copy in {row.language}, {row.mode.replace('_', ' ')}, by {row.channel}"
        found.append(PersonView("recipient", row.name or row.kind, row.address or "", "", (how,)))
    return found


def _concerned(session: Session, person: Person) -> PersonView:
    numbers = session.exec(select(Identifier).where(Identifier.person == person.id)).all()
    details = [f"Language {person.language}, {person.mode.replace('_', ' ')}"]
    if person.born:
        details.append(f"Born {person.born}")
    details += [f"{number.kind} ending in {number.tail}" for number in numbers]
    return PersonView(
        role="person",
        name=" ".join(part for part in (person.given, person.family) if part) or "name not known",
        reach=", ".join(part for part in (person.phone, person.email) if part),
        caution=person.safe_contact or "",
        details=tuple(details),
    )
