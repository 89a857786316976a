"""The activity ``project`` and the thread that writes for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import pytest
from sqlmodel import Session, func, select
from temporalio.exceptions import ApplicationError

from activities.projection import Projection
from activities.standing import StandingDuty
from activities.writer import GROUP, GroupWriter
from pdflow.records.tables import FactRow, Instance, Message
from pdflow.runtime.messages import Batch, Fact, OutgoingMessage
from pdflow.services.errors import ProjectionGap
from pdflow.services.platform import Platform

AT = "2026-11-24T09:00:00Z"


def batch(instance: str, first: int = 1, messages: list[OutgoingMessage] | None = None) -> Batch:
    started = Fact(first, "started", AT, data={"process": "p", "case": None, "unit": "ATL", "variables": {}})
    entered = Fact(first, "entered", AT, element="a", token="1", data={"type": "userTask"})
    return Batch(
        instance, "p", None, "ATL", False, first, [started if first == 1 else entered], messages or []
    )


class Gate:
    """Holds up the transactions of a platform until it opens, and counts them."""

    def __init__(self, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open = threading.Event()
        self.entered = threading.Event()
        self.transactions = 0
        inner = platform.writing

        @contextmanager
        def writing() -> Iterator[Session]:
            self.transactions += 1
            self.entered.set()
            assert self.open.wait(20)
            with inner() as session:
                yield session

        monkeypatch.setattr(platform, "writing", writing)


@pytest.fixture
def gate(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(platform, monkeypatch)


@pytest.fixture
def writer(platform: Platform, gate: Gate) -> Iterator[GroupWriter]:
    writer = GroupWriter(platform)
    yield writer
    gate.open.set()
    writer.close()


def count(platform: Platform, model: Any) -> int:
    with platform.reading() as session:
        return session.exec(select(func.count()).select_from(model)).one()


def test_what_arrives_during_a_transaction_is_written_by_the_next_one_together(
    platform: Platform, gate: Gate, writer: GroupWriter
) -> None:
    futures = [writer.submit(batch("I0"))]
    gate.entered.wait(20)
    futures += [writer.submit(batch(f"I{number}")) for number in range(1, 31)]
    gate.open.set()

    assert [future.result(20).last_fact for future in futures] == [1] * 31
    assert gate.transactions == 2
    assert count(platform, Instance) == 31


def test_a_transaction_stays_short(gate: Gate, writer: GroupWriter) -> None:
    futures = [writer.submit(batch("first"))]
    gate.entered.wait(20)
    futures += [writer.submit(batch(f"I{number}")) for number in range(GROUP + 1)]
    gate.open.set()
    for future in futures:
        future.result(20)

    assert gate.transactions == 3


def test_a_bad_batch_does_not_hold_up_the_others_of_its_group(
    platform: Platform, gate: Gate, writer: GroupWriter
) -> None:
    writer.submit(batch("I0"))
    gate.entered.wait(20)
    good, bad, other = (writer.submit(one) for one in (batch("I1"), batch("I2", first=7), batch("I3")))
    gate.open.set()

    assert (good.result(20).last_fact, other.result(20).last_fact) == (1, 1)
    assert isinstance(bad.exception(20), ProjectionGap)
    assert count(platform, Instance) == 3


def test_a_batch_that_is_sent_twice_is_written_once(
    platform: Platform, gate: Gate, writer: GroupWriter
) -> None:
    writer.submit(batch("I0"))
    gate.entered.wait(20)
    first, again = writer.submit(batch("I1")), writer.submit(batch("I1"))
    gate.open.set()

    assert (first.result(20), again.result(20)) == (first.result(), first.result())
    assert count(platform, FactRow) == 2


def test_an_activity_that_ran_out_of_time_takes_nobody_else_with_it(
    platform: Platform, gate: Gate, writer: GroupWriter
) -> None:
    written = writer.submit(batch("I0"))
    gate.entered.wait(20)
    assert not written.cancel()  # it is being written
    waiting, other = writer.submit(batch("I1")), writer.submit(batch("I2"))
    assert waiting.cancel()
    gate.open.set()

    assert (written.result(20).last_fact, other.result(20).last_fact) == (1, 1)
    assert count(platform, Instance) == 2
    assert writer.submit(batch("I1")).result(20).last_fact == 1


def test_closing_writes_what_waits_and_takes_nothing_more(
    platform: Platform, gate: Gate, writer: GroupWriter
) -> None:
    futures = [writer.submit(batch(f"I{number}")) for number in range(5)]
    gate.open.set()
    writer.close()

    assert all(future.done() for future in futures)
    assert count(platform, Instance) == 5
    with pytest.raises(RuntimeError):
        writer.submit(batch("late"))


async def test_the_activity_answers_after_the_commit_and_hurries_the_delivery_of_messages(
    platform: Platform, gate: Gate, writer: GroupWriter
) -> None:
    delivered = threading.Event()
    delivery = StandingDuty("deliver", delivered.set, 3600)
    project = Projection(writer, delivery).project
    gate.open.set()
    waiting = OutgoingMessage("I1:m1", "sla.notify.half", None, {}, AT, signal=True)

    assert await project(asdict(batch("I0"))) == 1
    assert not delivered.is_set()
    assert await project(asdict(batch("I1", messages=[waiting]))) == 1
    assert count(platform, Message) == 1
    delivery.start()
    assert delivered.wait(20)
    delivery.close()


async def test_a_projection_that_fails_says_its_code_and_nothing_else(
    gate: Gate, writer: GroupWriter
) -> None:
    gate.open.set()
    project = Projection(writer, StandingDuty("deliver", lambda: None, 3600)).project

    with pytest.raises(ApplicationError) as failed:
        await asyncio.wait_for(project(asdict(batch("I9", first=7))), 20)

    assert (failed.value.type, failed.value.non_retryable) == ("projection-gap", False)
    assert failed.value.message == "The activity project failed."
