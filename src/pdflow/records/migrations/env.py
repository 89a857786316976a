"""Alembic environment: one connection, given by :func:`pdflow.records.migrations.upgrade`, in batch mode."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON
from sqlalchemy.engine import Connection
from sqlalchemy.types import String

from pdflow.records.tables import Table
from pdflow.records.types import EncryptedJson, EncryptedText, UtcDateTime


def _render(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Write column types in migrations as they are stored, so that renaming a Python type breaks no old migration."""
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "types.UtcDateTime()"
    if isinstance(item, EncryptedText | EncryptedJson):
        return "sa.LargeBinary()"
    if isinstance(item, JSON):
        return "types.Json"
    if isinstance(item, String) or type(item).__name__ == "AutoString":
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=Table.metadata, render_as_batch=True, render_item=_render
    )
    with context.begin_transaction():
        context.run_migrations()


_run(context.config.attributes["connection"])
