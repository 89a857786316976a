"""Nobody can write the records for a while: what was sent meanwhile is carried out and written afterwards."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from pdflow.records.tables import Command, FactRow, Incident, Instance, Task
from pdflow.runtime.messages import Answer, CommandMessage
from pdflow.services import starting, tasks
from pdflow.services.actor import SYSTEM, Actor, Grant
from pdflow.services.gateway import PATIENCE
from tests.worker.conftest import Installation, eventually

pytestmark = [pytest.mark.temporal, pytest.mark.slow]

WHO = Actor("officer", frozenset({Grant("officer", "ATL")}))
#: Longer than the three quick local attempts of a projection: the regular activity must take over.
AWAY_SECONDS = 12.0


class LockedOut:
    """A gateway that locks everybody out of writing from the moment a command is sent."""

    def __init__(self, installation: Installation) -> None:
        self.inner = installation.platform.gateway
        self.database = installation.state / "records.db"

    def command(
        self, process: str, instance: str, message: CommandMessage, deadline: timedelta = PATIENCE
    ) -> Answer:
        holder = sqlite3.connect(self.database, isolation_level=None, timeout=20)
        holder.execute("BEGIN IMMEDIATE")
        until = time.monotonic() + AWAY_SECONDS
        try:
            return self.inner.command(process, instance, message, deadline)
        finally:
            while time.monotonic() < until:
                time.sleep(0.1)
            holder.execute("ROLLBACK")
            holder.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def test_a_step_taken_while_nobody_can_write_is_accepted_and_written_later(
    installation: Installation,
) -> None:
    platform = installation.platform
    started = starting.start(SYSTEM, platform, "errand", variables={"office": "ATL"}, unit="ATL")
    first = eventually(lambda: _open(installation, started.instance, "first"))
    tasks.claim(WHO, platform, first)

    receipt = tasks.complete(WHO, replace(platform, gateway=LockedOut(installation)), first)

    assert receipt.status == "running"
    assert _open(installation, started.instance, "second") is None
    second = eventually(lambda: _open(installation, started.instance, "second"))
    eventually(lambda: not _unanswered(installation, started.instance))
    tasks.claim(WHO, platform, second)
    tasks.complete(WHO, platform, second)
    eventually(lambda: _ended(installation, started.instance))
    with platform.reading() as session:
        numbers = session.exec(
            select(FactRow.number).where(FactRow.instance == started.instance).order_by(col(FactRow.number))
        ).all()
        assert list(numbers) == list(range(1, len(numbers) + 1))
        assert session.exec(select(Incident).where(Incident.instance == started.instance)).all() == []


def _open(installation: Installation, instance: str, element: str) -> str | None:
    with installation.platform.reading() as session:
        statement = select(Task.id).where(
            Task.instance == instance, Task.element == element, Task.state == "open"
        )
        return session.exec(statement).first()


def _unanswered(installation: Installation, instance: str) -> bool:
    with installation.platform.reading() as session:
        statement = select(Command.id).where(Command.instance == instance, col(Command.answered_at).is_(None))
        return session.exec(statement).first() is not None


def _ended(installation: Installation, instance: str) -> bool:
    with installation.platform.reading() as session:
        return session.get_one(Instance, instance).state == "completed"
