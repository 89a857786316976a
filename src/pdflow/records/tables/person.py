"""The person concerned, apart from the case; what tells who they are is encrypted."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, maybe_instant, secret, secret_json
from pdflow.records.types import ID


class Person(Table, table=True):
    """Who the case is about.

    Attributes:
        given, family: as they want to be called; every screen shows these and nothing more.
        born: ISO date, encrypted; ``name_born`` is the keyed hash of normalised name and birth date for look-up.
        safe_contact: how not to reach them (no voicemail, no letters home; domain facts 5.1).
    """

    __tablename__ = "persons"

    id: str = Field(primary_key=True, max_length=ID)
    given: str | None = secret("persons.given")
    family: str | None = secret("persons.family")
    born: str | None = secret("persons.born")
    name_born: str | None = Field(default=None, max_length=64, index=True)
    phone: str | None = secret("persons.phone")
    email: str | None = secret("persons.email")
    address: Any = secret_json("persons.address")
    safe_contact: str | None = secret("persons.safe_contact")
    language: str = Field(default="en", max_length=16)
    mode: str = Field(default="text", max_length=16)
    created_at: datetime = instant()


class Identifier(Table, table=True):
    """A number that a person is known by; one person may have several (domain facts 5.2).

    Attributes:
        kind: ``a-number``, ``receipt``, ``docket`` ...
        lookup: keyed hash of the normalised value.
        tail: last three characters, shown.
    """

    __tablename__ = "identifiers"

    id: str = Field(primary_key=True, max_length=ID)
    person: str = Field(max_length=ID, foreign_key="persons.id", index=True)
    kind: str = Field(max_length=16)
    lookup: str = Field(max_length=64, index=True)
    value: str | None = secret("identifiers.value")
    tail: str = Field(max_length=4)


class Demographics(Table, table=True):
    """Voluntary self-report for public figures; read by no operational screen (OMB SPD 15, 2024).

    Attributes:
        race_ethnicity: codes, encrypted; ``country`` of origin as ISO 3166 alpha-3, encrypted.
        source: who gave it: ``self``, ``counsel``, ``record`` or ``declined``.
    """

    __tablename__ = "demographics"

    person: str = Field(primary_key=True, max_length=ID, foreign_key="persons.id")
    race_ethnicity: Any = secret_json("demographics.race_ethnicity")
    country: str | None = secret("demographics.country")
    age_band: str | None = secret("demographics.age_band")
    gender: str | None = secret("demographics.gender")
    source: str = Field(max_length=16)
    given_at: datetime | None = maybe_instant()
