"""Tables and migrations agree, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import exc, func, text
from sqlmodel import select

from pdflow.records import migrations, seed
from pdflow.records.session import Records
from pdflow.records.tables import Area, Audit, Liaison, Person, Unit
from tests.conftest import VERIFIED

AT = datetime(2026, 11, 24, 9, 30, 0, 123456, tzinfo=UTC)


def test_the_migrated_database_is_what_the_tables_declare(records: Records) -> None:
    assert migrations.differences(records.engine) == []
    assert migrations.is_current(records.engine)


def test_upgrading_twice_changes_nothing(records: Records) -> None:
    migrations.upgrade(records.url)
    assert migrations.is_current(records.engine)


def test_the_seed_has_25_offices_each_reviewed_by_a_unit_outside_it(records: Records) -> None:
    with records.reading() as session:
        offices = session.exec(select(Unit).where(Unit.type == "field_office")).all()
        reviewers = set(session.exec(select(Unit.code).where(Unit.type == "review")))
        contacts = session.exec(select(Liaison)).all()
        areas = session.exec(select(func.count()).select_from(Area)).one()
    assert len(offices) == 25
    assert reviewers == {"REV-EAST", "REV-CENTRAL", "REV-WEST"} == {office.review_unit for office in offices}
    assert areas == 426
    assert {contact.unit for contact in contacts} >= {office.code for office in offices} | {"HQ"}
    assert all("555-01" in contact.phone and contact.email.endswith("example.org") for contact in contacts)


def test_planting_the_seed_again_writes_nothing(records: Records) -> None:
    with records.writing() as session:
        assert seed.plant(session, verified=VERIFIED) is False


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=10)), timezone(timedelta(hours=-5))])
def test_an_instant_comes_back_the_same_and_in_utc(records: Records, zone: timezone) -> None:
    with records.writing() as session:
        session.add(Person(id="p", created_at=AT.astimezone(zone)))
    with records.reading() as session:
        read = session.exec(select(Person)).one().created_at
    assert read == AT
    assert read.utcoffset() == timedelta(0)


def test_an_instant_without_a_zone_is_refused(records: Records) -> None:
    with pytest.raises(exc.StatementError, match="time zone"), records.writing() as session:
        session.add(Person(id="p", created_at=datetime(2026, 11, 24, 9, 0)))


def test_instants_compare_in_the_database_as_they_do_in_time(records: Records) -> None:
    with records.writing() as session:
        for number, offset in enumerate((0, 1, 999_999, 60_000_000)):
            session.add(
                Person(id=str(number), created_at=AT.replace(microsecond=0) + timedelta(microseconds=offset))
            )
    with records.reading() as session:
        late = session.exec(select(Person.id).where(Person.created_at > AT.replace(microsecond=1)))
        assert sorted(late) == ["2", "3"]


@pytest.mark.parametrize("statement", ["UPDATE audit SET action = 'x'", "DELETE FROM audit"])
def test_an_audit_record_cannot_be_rewritten_even_by_sql(records: Records, statement: str) -> None:
    with records.writing() as session:
        session.add(Audit(source="c", actor="u", action="a", subject="case:X", at=AT, recorded_at=AT))
    with pytest.raises(exc.DBAPIError, match="append-only"), records.writing() as session:
        session.execute(text(statement))
    with records.reading() as session:
        assert session.exec(select(Audit.action)).one() == "a"
