"""Rows of one projection in memory: loaded once, folded over, written in a few grouped statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from pdflow.records.tables import (
    Clock,
    ClockEvent,
    FactRow,
    Incident,
    Instance,
    Message,
    Subscription,
    Table,
    Task,
    TaskGroup,
    table_of,
)

Row = dict[str, Any]
Key = tuple[Any, ...]

#: Values of one ``IN`` list at most; below SQLite's limit of host parameters.
CHUNK = 500

#: Tables in the order of their foreign keys, with the columns that a projection may change afterwards.
MUTABLE: Mapping[type[Table], tuple[str, ...]] = {
    Instance: (
        "unit",
        "state",
        "ended_at",
        "ended_by_fact",
        "due",
        "last_fact",
        "variables",
        "held",
        "simulated",
    ),
    FactRow: (),
    Task: (
        "state",
        "simulated",
        "held",
        "hard_date",
        "groups",
        "unit",
        "assignee",
        "claimed_at",
        "due",
        "closed_at",
        "closed_by",
        "changed_by_fact",
        "closed_by_fact",
        "version",
    ),
    TaskGroup: (),
    Clock: (
        "unit",
        "simulated",
        "due",
        "state",
        "level",
        "stopped_at",
        "outcome",
        "changed_by_fact",
        "closed_by_fact",
    ),
    ClockEvent: (),
    Incident: ("cleared_at", "cleared_by", "changed_by_fact", "closed_by_fact"),
    Subscription: ("ended_by_fact",),
    Message: (),
}


class Rows:
    """Rows by table and primary key; remembers which are new and which have changed."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._rows: dict[type[Table], dict[Key, Row]] = {model: {} for model in MUTABLE}
        self._new: dict[type[Table], dict[Key, Row]] = {model: {} for model in MUTABLE}
        self._changed: dict[type[Table], dict[Key, Row]] = {model: {} for model in MUTABLE}
        self._keys = {model: tuple(c.name for c in table_of(model).primary_key) for model in MUTABLE}

    def add(self, model: type[Table], row: Row) -> Row:
        """A row to be inserted."""
        key = tuple(row.get(name) for name in self._keys[model])
        self._rows[model][key] = row
        self._new[model][key] = row
        return row

    def append(self, model: type[Table], rows: Iterable[Row]) -> None:
        """Rows to be inserted that nothing asks for again."""
        new = self._new[model]
        start = len(new)
        new.update(((start + n,), row) for n, row in enumerate(rows))

    def get(self, model: type[Table], *key: Any) -> Row | None:
        """A row that was added or loaded."""
        return self._rows[model].get(key)

    def change(self, model: type[Table], row: Row, **values: Any) -> None:
        """Set columns of a row that was added or loaded."""
        row.update(values)
        key = tuple(row.get(name) for name in self._keys[model])
        if key not in self._new[model]:
            self._changed[model][key] = row

    def discard(self, model: type[Table]) -> None:
        """Do not insert the new rows of a table."""
        self._new[model].clear()

    def all(self, model: type[Table]) -> Iterator[Row]:
        """Every row that was added or loaded."""
        return iter(self._rows[model].values())

    def load(self, model: type[Table], column: str, values: Sequence[Any], *where: Any) -> list[Row]:
        """Read rows whose column has one of the values, locked against other writers."""
        statement = _select(model, column)
        if where:
            statement = statement.where(*where)
        found: list[Row] = []
        for start in range(0, len(values), CHUNK):
            chosen = {"chosen": values[start : start + CHUNK]}
            found += [dict(row) for row in self.connection.execute(statement, chosen).mappings()]
        for row in found:
            self._rows[model].setdefault(tuple(row[name] for name in self._keys[model]), row)
        return found

    def flush(self) -> None:
        """Write everything: per table one insert and one update of many rows."""
        for model, new in self._new.items():
            if new:
                self.connection.execute(_insert(model), list(new.values()))
                new.clear()
        for model, changed in self._changed.items():
            if changed:
                self.connection.execute(_update(model), [_parameters(model, row) for row in changed.values()])
                changed.clear()

    def remove(self, model: type[Table], column: str, value: Any) -> None:
        """Remove rows, written or not."""
        table = table_of(model)
        self.connection.execute(delete(table).where(table.c[column] == value))
        for known in (self._rows[model], self._new[model], self._changed[model]):
            for key in [key for key, row in known.items() if row[column] == value]:
                del known[key]


@cache
def _select(model: type[Table], column: str) -> Any:
    table = table_of(model)
    return select(table).where(table.c[column].in_(bindparam("chosen", expanding=True))).with_for_update()


@cache
def _insert(model: type[Table]) -> Any:
    return insert(table_of(model))


@cache
def _update(model: type[Table]) -> Any:
    table = table_of(model)
    keys = [column == bindparam(f"key_{column.name}") for column in table.primary_key]
    return update(table).where(*keys).values({name: bindparam(f"new_{name}") for name in MUTABLE[model]})


def _parameters(model: type[Table], row: Row) -> Row:
    keys = {f"key_{column.name}": row[column.name] for column in table_of(model).primary_key}
    return keys | {f"new_{name}": row[name] for name in MUTABLE[model]}
