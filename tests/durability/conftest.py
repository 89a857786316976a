"""A small demo, seeded once for comparison, and played through Temporal under a supervisor that restarts what dies."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import func, select

import pdflow.casework.effects  # noqa: F401  registers what the models name
from bench.kill_rows import Rows, rows
from pdflow.casework import deployment
from pdflow.casework.demo import live, parts
from pdflow.casework.demo.plan import Plan
from pdflow.casework.demo.summary import summary
from pdflow.records.session import Records
from pdflow.records.tables import FactRow
from pdflow.services.platform import Platform, open_documents, open_records, prepare
from pdflow.services.settings import Settings
from pdflow.services.supervisor import Supervisor
from pdflow.services.temporal.gateway import TemporalGateway

#: Requests with evidence, a removal date and a liaison inquiry; some are decided and their notices served.
PLAN = Plan(cases=5, seed=1, anchor=datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
TODAY = date(2026, 11, 24)


@dataclass
class Seeded:
    """What the seeded demo came to."""

    summary: dict[str, Any]
    rows: Rows
    facts: int


@dataclass
class Stage:
    """A running installation on which the demo is played live."""

    supervisor: Supervisor
    platform: Platform
    said: list[str]
    over: threading.Event = field(default_factory=threading.Event)

    def play(self) -> None:
        """Play every case up to the anchor."""
        try:
            live.play(self.platform, PLAN, lambda count: None)
        finally:
            self.over.set()

    def facts(self) -> int:
        """How many facts are written."""
        return count_facts(self.platform.records)

    def until_facts(self, count: int) -> None:
        """Wait until so many facts are written while somebody plays."""
        while self.facts() < count:
            assert not self.over.wait(0.01), "the play was over before"

    def kill(self, part: str) -> int:
        """SIGKILL a part in the middle of whatever it does, and return the process id it had."""
        process = self.supervisor.parts[part].process.process
        process.kill()
        return process.pid


def count_facts(records: Records) -> int:
    with records.reading() as session:
        return session.exec(select(func.count()).select_from(FactRow)).one()


def settings_in(folder: Path) -> Settings:
    made = Settings(state=folder, simulation=True, sign_in="demo")
    prepare(made, today=TODAY)
    return made


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Seeded:
    settings = settings_in(tmp_path_factory.mktemp("seeded"))
    parts.play(settings, PLAN, range(PLAN.cases), lambda count: None)
    records = open_records(settings)
    platform = Platform(records, open_documents(settings), TemporalGateway(settings), settings)
    try:
        return Seeded(summary(platform, PLAN.anchor), rows(platform), count_facts(records))
    finally:
        platform.gateway.close()  # type: ignore[attr-defined]
        records.dispose()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    settings = settings_in(tmp_path / "state")
    said: list[str] = []
    records = open_records(settings)
    deployment.deploy(Platform(records, open_documents(settings), TemporalGateway(settings), settings))
    with Supervisor(settings, port=None, say=said.append) as supervisor, watched(supervisor):
        gateway = TemporalGateway(supervisor.settings)
        yield Stage(
            supervisor,
            Platform(records, open_documents(settings), gateway, supervisor.settings),
            said,
        )
        gateway.close()
        records.dispose()


@contextmanager
def watched(supervisor: Supervisor) -> Iterator[None]:
    ended = threading.Event()
    watching = threading.Thread(target=supervisor.watch, args=(ended,))
    watching.start()
    try:
        yield
    finally:
        ended.set()
        watching.join()


@contextmanager
def meanwhile(work: Callable[[], None]) -> Iterator[None]:
    """Something that happens on a thread while the body runs; its failure is the test's."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    yield
    thread.join()
    if failed:
        raise failed[0]
