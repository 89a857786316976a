"""Units and where they answer: offices are data, not constants; they open, close and change their areas."""

from datetime import date

from sqlmodel import Field

from pdflow.records.tables.base import Table


class Unit(Table, table=True):
    """A field office, a review unit or Headquarters.

    Attributes:
        type: ``field_office``, ``review`` or ``hq``.
        time_zone: IANA name, for display only; every instant is kept in UTC.
        review_unit: for a field office, the unit outside it that reviews its decisions (S30).
    """

    __tablename__ = "units"

    code: str = Field(primary_key=True, max_length=16)
    type: str = Field(max_length=16)
    name: str = Field(max_length=80)
    time_zone: str = Field(max_length=40)
    review_unit: str | None = Field(default=None, max_length=16, foreign_key="units.code")
    active: bool = True


class Area(Table, table=True):
    """A state, or a county of it, for which a field office answers.

    Attributes:
        state: full name as in the source list.
        county: without " County" or " Parish"; empty: the whole state.
    """

    __tablename__ = "areas"

    state: str = Field(primary_key=True, max_length=60)
    county: str = Field(primary_key=True, max_length=60)
    office: str = Field(max_length=16, foreign_key="units.code", index=True)


class Liaison(Table, table=True):
    """A public contact of a unit for prosecutorial discretion (S24, S25).

    Attributes:
        last_verified: when somebody last called the number and reached the desk; stale contacts turn red.
        valid_from, valid_to: the days on which this contact holds; ``None``: until further notice.
    """

    __tablename__ = "liaisons"

    id: int | None = Field(default=None, primary_key=True)
    unit: str = Field(max_length=16, foreign_key="units.code", index=True)
    name: str = Field(max_length=80)
    phone: str = Field(max_length=30)
    email: str = Field(max_length=120)
    valid_from: date
    valid_to: date | None = None
    last_verified: date
