"""The demo driven through Temporal comes to the same as the seeded one, whatever is killed meanwhile."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlmodel import col, select

from bench.kill_rows import rows
from pdflow.casework.demo.summary import summary
from pdflow.records.tables import Command, Message, Notice
from pdflow.services.verify import verify
from tests.durability.conftest import PLAN, Seeded, Stage, meanwhile

pytestmark = [pytest.mark.temporal, pytest.mark.slow]


def assert_nothing_is_missing(stage: Stage, seeded: Seeded) -> None:
    """Same summary and same rows, one notice for each recipient, and no command or message left on its way."""
    platform = stage.platform
    found, expected = rows(platform), seeded.rows
    for table in expected:
        assert found[table] == expected[table], table
    assert summary(platform, PLAN.anchor) == seeded.summary
    with platform.reading() as session:
        sent = Counter(session.exec(select(Notice.determination, Notice.kind, Notice.recipient)).all())
        assert session.exec(select(Command).where(col(Command.answered_at).is_(None))).all() == []
        assert session.exec(select(Message).where(Message.state == "matched")).all() == []
    assert sent and {key for key, count in sent.items() if count > 1 and key[0] is not None} == set()
    verified = verify(platform)
    assert (verified.silent, verified.gaps) == ([], [])


def test_the_live_demo_comes_to_the_same_as_the_seeded_one(stage: Stage, seeded: Seeded) -> None:
    stage.play()
    assert_nothing_is_missing(stage, seeded)


def test_workers_killed_in_the_middle_of_the_live_demo_change_nothing(stage: Stage, seeded: Seeded) -> None:
    killed: list[int] = []

    def trouble() -> None:
        for part in (1, 2):
            stage.until_facts(part * seeded.facts // 3)
            killed.append(stage.kill("worker"))

    with meanwhile(trouble):
        stage.play()
    assert len(killed) == 2
    assert stage.supervisor.parts["worker"].process.pid not in killed
    assert_nothing_is_missing(stage, seeded)


def test_a_server_killed_in_the_middle_of_the_live_demo_changes_nothing(stage: Stage, seeded: Seeded) -> None:
    killed: list[int] = []

    def trouble() -> None:
        stage.until_facts(seeded.facts // 2)
        killed.append(stage.kill("Temporal server"))

    with meanwhile(trouble):
        stage.play()
    assert stage.supervisor.parts["Temporal server"].process.pid not in killed
    assert_nothing_is_missing(stage, seeded)
