from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pdflow.records.crypto import KeyRing
from pdflow.services.settings import Settings
from pdflow.services.temporal.server import Server, start_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start_server(tmp_path_factory.mktemp("temporal"))
    yield server
    server.stop()


@pytest.fixture
def keys() -> KeyRing:
    return KeyRing.fresh()


@pytest.fixture
def settings(server: Server, keys: KeyRing, tmp_path: Path) -> Settings:
    """Settings of an installation of its own: no other test's worker listens on its queue."""
    keys.save(tmp_path / "keys.json")
    return Settings(state=tmp_path, temporal_address=server.address, task_queue=tmp_path.name)
