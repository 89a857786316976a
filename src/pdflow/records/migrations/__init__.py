"""Schema migrations (Alembic, batch mode, so that SQLite can alter its tables)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from pdflow.records.session import driver_url, open_engine
from pdflow.records.tables import Table


def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database to a revision, creating what is missing.

    Args:
        url: as for :class:`pdflow.records.session.Records`.
        revision: ``head`` or a revision id.
    """
    engine = open_engine(driver_url(url)).execution_options(pdflow_write=True)
    try:
        with engine.begin() as connection:
            command.upgrade(_config(connection), revision)
    finally:
        engine.dispose()


def revise(url: str, message: str) -> None:
    """Write a new migration from the difference between the tables and an upgraded database (for developers)."""
    engine = open_engine(driver_url(url)).execution_options(pdflow_write=True)
    with engine.begin() as connection:
        names = [script.revision for script in _scripts().walk_revisions()]
        command.revision(
            _config(connection), message=message, autogenerate=True, rev_id=f"{len(names) + 1:04d}"
        )
    engine.dispose()


def has_tables(url: str) -> bool:
    """Whether the database already holds records."""
    engine = open_engine(driver_url(url))
    try:
        return inspect(engine).has_table("units")
    finally:
        engine.dispose()


def is_current(engine: Engine) -> bool:
    """Whether the database is at the newest revision."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == _scripts().get_current_head()


def differences(engine: Engine) -> list[object]:
    """What the tables declare and the database lacks, or the other way round; empty when they agree."""
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Table.metadata))


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
