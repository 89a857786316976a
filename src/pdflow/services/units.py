"""Units: which office answers for a place, who reviews it, and its public contacts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from pdflow.records.seed import area_name
from pdflow.records.tables import Area, Liaison, Unit
from pdflow.services import audit, permissions
from pdflow.services.actor import Actor
from pdflow.services.errors import NotFound, Refused
from pdflow.services.platform import Platform

#: A public contact is stale when nobody has verified it for longer (S25).
STALE_AFTER = timedelta(days=90)


@dataclass(frozen=True)
class Contact:
    """A public contact as the directory shows it."""

    unit: str
    name: str
    phone: str
    email: str
    last_verified: date
    stale: bool


def get(session: Session, code: str) -> Unit:
    """A unit by its code.

    Raises:
        NotFound: there is none.
    """
    unit = session.get(Unit, code)
    if unit is None:
        raise NotFound(f"Expected the code of a unit, got {code!r}.")
    return unit


def all_units(session: Session, *, type: str | None = None) -> list[Unit]:
    """Active units, field offices first, then review units, then Headquarters."""
    statement = select(Unit).where(col(Unit.active))
    if type is not None:
        statement = statement.where(Unit.type == type)
    order = {"field_office": 0, "review": 1, "hq": 2}
    return sorted(session.exec(statement), key=lambda unit: (order.get(unit.type, 3), unit.name))


def states(session: Session) -> list[str]:
    """States and territories in which some office answers, by name."""
    return sorted(session.exec(select(Area.state).distinct()))


def counties(session: Session, state: str) -> list[str]:
    """Counties of a state that several offices share; empty: one office answers for all of it."""
    found = session.exec(select(Area.county).where(func.lower(Area.state) == state.strip().lower()))
    return sorted(county for county in found if county)


def office_for(session: Session, state: str, county: str | None = None) -> str | None:
    """The field office that answers for an address; no ZIP code is needed.

    Args:
        session: for reading.
        state: full name of the state or territory.
        county: with or without " County" or " Parish"; needed only where a state is shared.

    Returns:
        Unit code; ``None``: the county is needed, or nobody answers there (:func:`offices_for` tells which).
    """
    found = offices_for(session, state, county)
    return found[0] if len(found) == 1 else None


def offices_for(session: Session, state: str, county: str | None = None) -> list[str]:
    """Every office that may answer for an address: one, several where the county is missing or unknown, or none."""
    rows = session.exec(
        select(Area.county, Area.office).where(func.lower(Area.state) == state.strip().lower())
    ).all()
    whole = sorted({office for name, office in rows if not name})
    if whole:
        return whole
    if county:
        wanted = area_name(county).lower()
        exact = sorted({office for name, office in rows if name.lower() == wanted})
        if exact:
            return exact
    return sorted({office for _, office in rows})


def review_unit(session: Session, office: str) -> str:
    """The unit outside an office that hears appeals against it (S30).

    Raises:
        Refused: the office has none; an appeal could not be heard.
    """
    unit = get(session, office)
    if unit.review_unit is None:
        raise Refused(
            f"Expected a review unit for {office}; set one before taking requests.", code="no-review-unit"
        )
    return unit.review_unit


def contacts(session: Session, today: date, *, unit: str | None = None) -> list[Contact]:
    """The public directory on a day (S24, S25); stale contacts are marked."""
    statement = select(Liaison).where(Liaison.valid_from <= today)
    if unit is not None:
        statement = statement.where(Liaison.unit == unit)
    return [
        Contact(
            row.unit,
            row.name,
            row.phone,
            row.email,
            row.last_verified,
            today - row.last_verified > STALE_AFTER,
        )
        for row in session.exec(statement.order_by(Liaison.unit, Liaison.name))
        if row.valid_to is None or row.valid_to >= today
    ]


def without_contact(session: Session, today: date) -> list[str]:
    """Field offices and Headquarters without a public contact on a day; the coverage report (S25)."""
    covered = {contact.unit for contact in contacts(session, today)}
    wanted = [unit.code for unit in all_units(session) if unit.type in ("field_office", "hq")]
    return [code for code in wanted if code not in covered]


def verify_contact(actor: Actor, platform: Platform, liaison: int, today: date) -> None:
    """Record that somebody reached a contact today."""
    with platform.writing() as session:
        row = session.get(Liaison, liaison)
        if row is None:
            raise NotFound("There is no such contact.")
        permissions.require(actor, "liaisons.verify-contact", row.unit)
        row.last_verified = today
        audit.record(session, actor.user, "liaisons.verify-contact", f"unit:{row.unit}", at=platform.now())
