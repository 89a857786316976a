"""Which office answers for a place, and its public contacts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from pdflow.records.session import Records
from pdflow.records.tables import Liaison
from pdflow.services import units
from pdflow.services.actor import Actor, Grant
from pdflow.services.errors import NotAllowed, NotFound, Refused
from pdflow.services.platform import Platform
from tests.conftest import VERIFIED


@pytest.mark.parametrize(
    ("state", "county", "office"),
    [
        ("Georgia", None, "ATL"),
        ("georgia ", "Fulton County", "ATL"),
        ("Texas", "Harris", "HOU"),
        ("Texas", "Harris County", "HOU"),
        ("Texas", "El Paso County", "ELP"),
        ("New York", "Erie", "BUF"),
        ("New York", "kings county", "NYC"),
        ("California", "Imperial", "SND"),
        ("Louisiana", "Orleans Parish", "NOL"),
        ("Guam", None, "SFR"),
        ("Puerto Rico", "San Juan", "MIA"),
        ("District of Columbia", None, "WAS"),
        ("Texas", None, None),
        ("American Samoa", None, None),
        ("", "", None),
    ],
)
def test_an_address_without_a_zip_code_finds_its_office(
    records: Records, state: str, county: str | None, office: str | None
) -> None:
    with records.reading() as session:
        assert units.office_for(session, state, county) == office


def test_a_shared_state_names_the_offices_to_choose_from(records: Records) -> None:
    with records.reading() as session:
        assert units.offices_for(session, "New York") == ["BUF", "NYC"]
        assert units.offices_for(session, "New York", "Nowhere") == ["BUF", "NYC"]
        assert len(units.counties(session, "Texas")) == 254
        assert units.counties(session, "Ohio") == []
        assert "Guam" in units.states(session) and len(units.states(session)) == 55


def test_an_office_is_reviewed_outside_itself_and_headquarters_by_nobody(records: Records) -> None:
    with records.reading() as session:
        for unit in units.all_units(session, type="field_office"):
            assert units.review_unit(session, unit.code).startswith("REV-")
        with pytest.raises(Refused, match="review unit"):
            units.review_unit(session, "HQ")
        with pytest.raises(NotFound):
            units.get(session, "XXX")
        assert [unit.type for unit in units.all_units(session)][-1] == "hq"


def test_every_office_has_a_public_contact_that_goes_stale_unless_verified(platform: Platform) -> None:
    later = VERIFIED + units.STALE_AFTER
    with platform.reading() as session:
        assert units.without_contact(session, VERIFIED) == []
        assert len(units.without_contact(session, VERIFIED - timedelta(days=1))) == 26
        (contact,) = units.contacts(session, later, unit="ATL")
        assert contact.stale is False
        assert all(contact.stale for contact in units.contacts(session, later + timedelta(days=1)))
        number = session.exec(select(Liaison.id).where(Liaison.unit == "ATL")).one()
    assert number is not None
    liaison = Actor("l", frozenset({Grant("liaison", "ATL")}))
    with pytest.raises(NotAllowed):
        units.verify_contact(Actor("x", frozenset({Grant("liaison", "DAL")})), platform, number, later)
    units.verify_contact(liaison, platform, number, later)
    with platform.reading() as session:
        (contact,) = units.contacts(session, later + timedelta(days=1), unit="ATL")
    assert contact.stale is False and contact.last_verified == later


def test_a_contact_that_is_no_longer_valid_leaves_a_gap_in_the_directory(records: Records) -> None:
    with records.writing() as session:
        session.exec(select(Liaison).where(Liaison.unit == "ATL")).one().valid_to = date(2026, 11, 20)
    with records.reading() as session:
        assert units.without_contact(session, date(2026, 11, 20)) == []
        assert units.without_contact(session, date(2026, 11, 21)) == ["ATL"]
