"""What every table shares: the metadata, naming of constraints, and fields of our column types."""

from collections.abc import Mapping
from typing import Any, cast

import sqlalchemy
from sqlalchemy import Column, MetaData
from sqlmodel import Field, SQLModel

from pdflow.records.types import EncryptedJson, EncryptedText, Json, UtcDateTime

#: Constraints have names, so that a migration can alter them on SQLite (batch mode) and PostgreSQL alike.
NAMES: Mapping[str, str] = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel):
    """Base of all tables of the product."""

    metadata = MetaData(naming_convention=dict(NAMES))


def table_of(model: type[Table]) -> sqlalchemy.Table:
    """The Core table of a model, for statements that write many rows."""
    return cast(sqlalchemy.Table, model.__table__)  # type: ignore[attr-defined]


def instant(*, index: bool = False) -> Any:
    """An instant that must be there."""
    return Field(sa_column=Column(UtcDateTime, nullable=False, index=index))


def maybe_instant(*, index: bool = False) -> Any:
    """An instant that may be absent."""
    return Field(default=None, sa_column=Column(UtcDateTime, nullable=True, index=index))


def json_list() -> Any:
    """A JSON array, empty by default."""
    return Field(default_factory=list, sa_column=Column(Json, nullable=False))


def json_object() -> Any:
    """A JSON object, empty by default."""
    return Field(default_factory=dict, sa_column=Column(Json, nullable=False))


def secret(label: str) -> Any:
    """Encrypted text that may be absent; ``label`` is ``<table>.<column>``."""
    return Field(default=None, sa_column=Column(EncryptedText(label), nullable=True))


def secret_json(label: str) -> Any:
    """Encrypted JSON that may be absent; ``label`` is ``<table>.<column>``."""
    return Field(default=None, sa_column=Column(EncryptedJson(label), nullable=True))
