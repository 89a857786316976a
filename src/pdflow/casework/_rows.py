"""Inserting rows by Core statements: effects run for every case of a seeding, and the ORM costs several times as much.

Rows are written at once, in the order of the calls, so a row's foreign keys are there before it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from pydantic_core import PydanticUndefined
from sqlalchemy import Insert
from sqlmodel import Session

from pdflow.records.tables import Table, table_of

Row = dict[str, Any]


def insert(session: Session, model: type[Table], *rows: Mapping[str, Any]) -> None:
    """Insert rows; what they leave out takes the model's default.

    Args:
        session: a writing session.
        model: the table.
        rows: column -> Python value.
    """
    if rows:
        fixed, made = _defaults(model)
        session.execute(
            _statement(model),
            [{**fixed, **{name: make() for name, make in made.items()}, **row} for row in rows],
        )


@cache
def _statement(model: type[Table]) -> Insert:
    return table_of(model).insert()


@cache
def _defaults(model: type[Table]) -> tuple[Row, dict[str, Callable[[], Any]]]:
    """Values for columns that a row leaves out, shared ones and those made anew for each; never for a key."""
    fixed: Row = {}
    made: dict[str, Callable[[], Any]] = {}
    for name, field in model.model_fields.items():
        if field.default_factory is not None:
            made[name] = field.default_factory  # type: ignore[assignment]
        elif field.default is not PydanticUndefined and not table_of(model).columns[name].primary_key:
            fixed[name] = field.default
    return fixed, made
