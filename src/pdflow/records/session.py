"""The database: one engine, sessions that read and sessions that write.

SQLite (the embedded default) runs in WAL mode with foreign keys on; a writing session begins with ``BEGIN IMMEDIATE``,
so two writers wait for each other (at most 3 s) instead of failing in the middle. PostgreSQL runs on psycopg 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, exc
from sqlalchemy.engine import make_url
from sqlmodel import Session, create_engine

from pdflow.records.crypto import KeyRing, give_keys
from pdflow.records.errors import RecordsUnavailable

#: How long one writer waits for another, in milliseconds.
BUSY_TIMEOUT = 3000


class Records:
    """An open database with its key ring.

    Args:
        url: ``sqlite:///PATH`` or ``postgresql+psycopg://...``; plain ``postgresql://`` is taken as the latter.
        keys: ring for the encrypted columns.
    """

    def __init__(self, url: str, keys: KeyRing) -> None:
        self.url = driver_url(url)
        self.keys = keys
        self.engine = open_engine(self.url)
        give_keys(self.engine.dialect, keys)
        self._writer = self.engine.execution_options(pdflow_write=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent view for a page or a check; whatever it changes is thrown away.

        Raises:
            RecordsUnavailable: the database is away.
        """
        with _available(), Session(self.engine, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed at the end, rolled back on any exception.

        Raises:
            RecordsUnavailable: the database is away or stayed locked; nothing was written.
        """
        with self.session() as session, session.begin():
            yield session

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session for several transactions in a row, each begun by the caller (bulk work).

        Raises:
            RecordsUnavailable: the database is away or stayed locked.
        """
        with _available(), Session(self._writer, expire_on_commit=False) as session:
            yield session

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def driver_url(url: str) -> str:
    """The URL with the driver that the product ships."""
    if url.startswith("postgresql://"):
        return "postgresql+psycopg://" + url.removeprefix("postgresql://")
    return url


def sqlite_url(path: Path) -> str:
    """URL of a SQLite file."""
    return f"sqlite:///{path}"


def open_engine(url: str) -> Engine:
    """An engine with our transaction rules, without a key ring (migrations need none)."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=10, hide_parameters=True)
    connect = {"check_same_thread": False, "timeout": BUSY_TIMEOUT / 1000}
    engine = create_engine(
        url, connect_args=connect, hide_parameters=True
    )  # errors do not quote what people wrote
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")  # a command that was acknowledged survives a power cut
    cursor.execute("PRAGMA cache_size = -32000")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    write = connection.get_execution_options().get("pdflow_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError) as error:
        raise RecordsUnavailable(
            "The records cannot be written or read just now (database away or locked). Nothing was saved; try again."
        ) from error
