"""Users of the product and what they may do where."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, maybe_instant
from pdflow.records.types import ID


class User(Table, table=True):
    """Somebody who signs in; staff, counsel or an applicant.

    Attributes:
        login: lower case, what they type.
        subject: subject claim of the identity provider; ``None`` for a local account.
        password: ``scrypt$SALT$HASH``; ``None``: may not sign in with a password.
    """

    __tablename__ = "users"

    id: str = Field(primary_key=True, max_length=ID)
    login: str = Field(max_length=80, unique=True)
    name: str = Field(max_length=120)
    email: str | None = Field(default=None, max_length=160)
    subject: str | None = Field(default=None, max_length=160, unique=True)
    password: str | None = Field(default=None, max_length=200)
    language: str = Field(default="en", max_length=16)
    time_zone: str | None = Field(default=None, max_length=40)
    active: bool = True
    created_at: datetime = instant()
    last_seen_at: datetime | None = maybe_instant()


class Grant(Table, table=True):
    """A role of a user in a unit; ``revoked_at`` ends it, the row stays (NIST AC-2)."""

    __tablename__ = "grants"
    __table_args__ = (UniqueConstraint("user", "role", "unit"),)

    id: int | None = Field(default=None, primary_key=True)
    user: str = Field(max_length=ID, foreign_key="users.id", index=True)
    role: str = Field(max_length=24)
    unit: str = Field(max_length=16, foreign_key="units.code")
    granted_by: str = Field(max_length=ID)
    granted_at: datetime = instant()
    revoked_at: datetime | None = maybe_instant()
