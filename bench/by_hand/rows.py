"""The rows of the hand-written case, and what its services do: one Core statement each.

The database, its driver and its settings are those of the product.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, Index, MetaData, String, Table, insert, update
from sqlalchemy.dialects.sqlite import insert as upsert

METADATA = MetaData()
TASKS = Table(
    "bench_tasks",
    METADATA,
    Column("id", String, primary_key=True),
    Column("case", String),
    Column("workflow", String),
    Column("name", String),
    Column("state", String),
    Column("opened_at", String),
    Column("closed_at", String),
    Index("ix_bench_tasks_state", "state"),
)
CLOCKS = Table(
    "bench_clocks",
    METADATA,
    Column("id", String, primary_key=True),
    Column("case", String),
    Column("state", String),
    Column("started_at", String),
    Column("stopped_at", String),
)
SERVICES = Table("bench_services", METADATA, Column("id", String, primary_key=True), Column("at", String))

Row = dict[str, Any]


def write(connection: Connection, kind: str, row: Row) -> None:
    """Write one thing that happened; the same thing twice changes nothing."""
    match kind:
        case "task-opened":
            connection.execute(upsert(TASKS).values(row).on_conflict_do_nothing())
        case "clock-started":
            connection.execute(upsert(CLOCKS).values(row).on_conflict_do_nothing())
        case "task-closed":
            connection.execute(update(TASKS).where(TASKS.c.id == row["id"]).values(row))
        case "clock-changed":
            connection.execute(update(CLOCKS).where(CLOCKS.c.id == row["id"]).values(row))


def serve(connection: Connection, key: str, at: str) -> None:
    """What every service of the case does, by hand and as BPMN: note under its key that it was done."""
    connection.execute(insert(SERVICES).prefix_with("OR IGNORE").values(id=key, at=at))
