"""A whole installation without the dashboard: server and worker as processes of their own under the supervisor."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest

from pdflow.casework import deployment, effects
from pdflow.runtime.definitions import write_manifest
from pdflow.services import definitions
from pdflow.services.platform import Platform, open_documents, open_records, prepare
from pdflow.services.settings import Settings
from pdflow.services.supervisor import Supervisor
from pdflow.services.temporal.gateway import TemporalGateway

assert effects

_Found = TypeVar("_Found")
PATIENCE_SECONDS = 90.0


def eventually(look: Callable[[], _Found]) -> _Found:
    """The first truth that a look gives; a real worker needs a moment, a restarted one more."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError("it did not come to pass")
        time.sleep(0.05)
    return found


@dataclass
class Installation:
    """What the tests drive and look at."""

    platform: Platform
    supervisor: Supervisor
    said: list[str] = field(default_factory=list)

    def pid(self, part: str) -> int:
        return self.supervisor.parts[part].process.pid

    @property
    def state(self) -> Path:
        return self.supervisor.settings.state


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    settings = Settings(
        state=tmp_path_factory.mktemp("installation") / "live",
        simulation=True,
        resend_after_seconds=1,
        log_level="DEBUG",
        temporal_address=None,
    )
    prepare(settings, today=date(2026, 11, 24))
    gateway = TemporalGateway(
        settings
    )  # finds the server by what the supervisor writes into the state folder
    platform = Platform(open_records(settings), open_documents(settings), gateway, settings)
    deployment.deploy(platform)
    errand = write_manifest("errand", Path(__file__).with_name("errand.bpmn").read_text())
    definitions.install(platform, [errand])
    said: list[str] = []
    until = threading.Event()
    with Supervisor(settings, port=None, say=said.append) as supervisor:
        watch = threading.Thread(target=supervisor.watch, args=[until])
        watch.start()
        yield Installation(platform, supervisor, said)
        until.set()
        watch.join()
    gateway.close()
    platform.records.dispose()
