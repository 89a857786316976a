"""Several people and workers at once: one wins, nobody is half done."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from pdflow.records import migrations
from pdflow.records import session as records_session
from pdflow.records.crypto import KeyRing
from pdflow.records.errors import RecordsUnavailable
from pdflow.records.session import Records, sqlite_url
from pdflow.records.tables import Command, FactRow, Task, Unit
from pdflow.services import commands, tasks
from pdflow.services.actor import Actor, Grant
from pdflow.services.errors import Conflict
from pdflow.services.inprocess import InProcessGateway
from pdflow.services.platform import Platform
from pdflow.services.projection import project_many
from tests.services.conftest import GRANT, OFFICER, World, begin, claimed, every, only
from tests.services.faults import FaultyGateway
from tests.services.test_projection import HISTORY, batch, state

AT_ONCE = 8


def together(*calls: Callable[[], Any]) -> list[Any]:
    """Run calls at the same moment; an exception is a result."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return call()
        except Exception as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_of_several_who_start_the_same_task_one_has_it_and_the_others_hear_so(platform: Platform) -> None:
    begin(platform)
    task = only(platform, Task).id
    people = [Actor(f"officer-{n}", frozenset({Grant("officer", "ATL")})) for n in range(AT_ONCE)]
    results = together(*[lambda who=who: tasks.claim(who, platform, task) for who in people])
    winners = [result for result in results if isinstance(result, Task)]
    losers = [result for result in results if isinstance(result, Conflict)]
    assert (len(winners), len(losers)) == (1, AT_ONCE - 1)
    assert {loser.who for loser in losers} == {winners[0].assignee} == {only(platform, Task).assignee}


def test_pressing_complete_in_two_windows_at_once_completes_once(platform: Platform, world: World) -> None:
    task = claimed(platform)
    results = together(*[lambda: tasks.complete(OFFICER, platform, task.id, GRANT) for _ in range(4)])
    done = [result for result in results if not isinstance(result, Exception)]
    assert done and {result.command for result in done} == {only(platform, Command, task=task.id).id}
    assert all(isinstance(result, Conflict) for result in results if isinstance(result, Exception))
    assert len(world.applied) == 1


def test_the_same_step_written_by_several_workers_at_once_is_written_once(records: Records) -> None:
    def write(first: int, last: int) -> None:
        with records.writing() as session:
            project_many(session, [batch(HISTORY[first:last])])

    write(0, 4)
    results = together(*[lambda: write(4, 12) for _ in range(4)])
    assert results == [None] * 4
    once = state(records)
    assert [row["number"] for row in once["facts"]] == list(range(1, 13))
    write(4, 12)
    assert state(records) == once


def test_several_dispatchers_send_a_waiting_command_to_the_same_end(
    platform: Platform, gateway: InProcessGateway, world: World, clock: Any
) -> None:
    task = claimed(platform)
    faulty = FaultyGateway(gateway)
    faulty.faults = ["lost-before"]
    platform.gateway = faulty
    command = tasks.complete(OFFICER, platform, task.id, GRANT).command
    clock.move(seconds=31)
    results = together(*[lambda: commands.resend(platform) for _ in range(4)])
    assert sum(result for result in results if isinstance(result, int)) >= 1
    assert only(platform, Command, id=command).state == "done"
    assert len(world.applied) == 1
    numbers = [row.number for row in every(platform, FactRow)]
    assert len(numbers) == len(set(numbers))


def test_a_writer_that_waits_too_long_is_told_in_a_sentence_and_nothing_is_written(
    tmp_path: Path, key_ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sqlite_url(tmp_path / "own.db")
    migrations.upgrade(url)
    monkeypatch.setattr(records_session, "BUSY_TIMEOUT", 100)
    one, other = Records(url, key_ring), Records(url, key_ring)
    unit = Unit(code="ATL", type="field_office", name="Atlanta", time_zone="America/New_York")
    with one.writing() as first:
        first.add(unit)
        first.flush()
        with pytest.raises(RecordsUnavailable, match="Nothing was saved"), other.writing() as second:
            second.exec(select(Unit)).all()
        with other.reading() as session:
            assert session.exec(select(Unit)).all() == [], "readers go on, and see what is committed"
    with other.reading() as session:
        assert session.get_one(Unit, "ATL").name == "Atlanta"
    one.dispose()
    other.dispose()


def test_what_a_reading_session_changes_is_thrown_away(records: Records) -> None:
    with records.reading() as session:
        session.get_one(Unit, "ATL").name = "changed"
    with records.reading() as session:
        assert session.get_one(Unit, "ATL").name == "Atlanta"
