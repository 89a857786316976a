"""The projection: idempotent by (instance, fact number), whatever is repeated and however it goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func
from sqlmodel import Session, select

from pdflow.records.session import Records
from pdflow.records.tables import (
    Clock,
    ClockEvent,
    Command,
    FactRow,
    Incident,
    Instance,
    Message,
    Subscription,
    Table,
    Task,
    TaskGroup,
    table_of,
)
from pdflow.runtime.messages import Batch, Fact, OutgoingMessage
from pdflow.services.errors import ProjectionGap
from pdflow.services.projection import project, project_many

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
DERIVED = (Instance, FactRow, Task, TaskGroup, Clock, ClockEvent, Incident, Subscription)


def iso(minutes: int) -> str:
    return (START + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def fact(number: int, kind: str, token: str | None = None, **data: Any) -> Fact:
    return Fact(number, kind, iso(number), element=f"e{token}", token=token, definition="d" * 64, data=data)


def task_opened(number: int, token: str, group: str = "ATL.officer") -> Fact:
    return fact(number, "task_opened", token, name="Decide", form="decide", groups=[group], due=iso(600))


def clock_started(number: int, clock: str) -> Fact:
    levels = [["half", iso(100)], ["breached", iso(200)]]
    return fact(
        number,
        "clock_started",
        "9",
        clock=clock,
        policy="notify",
        unit="ATL",
        holder="office",
        due=iso(200),
        levels=levels,
    )


def batch(facts: list[Fact], instance: str = "I", messages: list[OutgoingMessage] | None = None) -> Batch:
    return Batch(
        instance, "pd-request", "K7Q-4MX", "ATL", False, facts[0].number, facts, messages or [], iso(200)
    )


HISTORY = [
    fact(1, "started", process="pd-request", case="K7Q-4MX", unit="ATL", variables={"held": True}),
    fact(2, "entered", "1", type="userTask"),
    task_opened(3, "1"),
    clock_started(4, "I:c1"),
    fact(5, "subscribed", "2", message="pd.withdraw", key="K7Q-4MX"),
    fact(6, "incident_raised", "3", code="job-failed", message="The mail server did not answer."),
    fact(7, "clock_level", "9", clock="I:c1", policy="notify", subject=None, level="half", due=iso(200)),
    fact(8, "task_changed", "1", due=None, groups=["DAL.officer"]),
    fact(9, "clock_changed", "9", clock="I:c1", unit="DAL", due=iso(200)),
    fact(10, "incident_cleared", "3"),
    fact(11, "task_closed", "1", outcome="completed"),
    task_opened(12, "4", "DAL.supervisor"),
    fact(13, "task_changed", "4", due=None, groups=["DAL.director"]),
    task_opened(14, "1", "DAL.officer"),
    fact(15, "task_closed", "1", outcome="cancelled"),
    fact(16, "clock_stopped", "9", clock="I:c1", policy="notify", subject=None, outcome="met"),
    fact(17, "unsubscribed", "2"),
    fact(18, "ended", state="completed", variables={"outcome": "granted"}),
]


def state(records: Records, ignore: tuple[str, ...] = ("recorded_at",)) -> dict[str, list[Any]]:
    """Every derived row, without wall time."""
    shown = {}
    with records.reading() as session:
        for model in DERIVED:
            table = table_of(model)
            rows = session.execute(select(table).order_by(*table.primary_key)).mappings()
            shown[table.name] = [
                {key: value for key, value in row.items() if key not in ignore} for row in rows
            ]
    return shown


def clear(records: Records) -> None:
    with records.writing() as session:
        for model in (
            Message,
            Command,
            TaskGroup,
            Task,
            Clock,
            ClockEvent,
            Incident,
            Subscription,
            FactRow,
            Instance,
        ):
            session.execute(delete(table_of(model)))


def write(records: Records, *batches: Batch) -> None:
    with records.writing() as session:
        project_many(session, batches)


def one(session: Session, model: type[Table]) -> Any:
    return session.exec(select(model)).one()


def test_a_history_becomes_the_rows_that_screens_read(records: Records) -> None:
    write(records, batch(HISTORY[:7]))
    with records.reading() as session:
        task, clock, incident = one(session, Task), one(session, Clock), one(session, Incident)
        instance, subscription = one(session, Instance), one(session, Subscription)
    assert (task.id, task.state, task.unit, task.groups, task.held) == (
        "I:1",
        "open",
        "ATL",
        ["ATL.officer"],
        True,
    )
    assert task.due == START + timedelta(minutes=600)
    assert (clock.state, clock.level, clock.unit, clock.origin_unit) == ("running", "half", "ATL", "ATL")
    assert clock.due - clock.started_at == timedelta(minutes=196)
    assert (incident.code, incident.cleared_at) == ("job-failed", None)
    assert (instance.state, instance.last_fact, instance.held) == ("running", 7, True)
    assert (subscription.message, subscription.key, subscription.ended_by_fact) == (
        "pd.withdraw",
        "K7Q-4MX",
        None,
    )


def test_the_end_closes_everything_and_keeps_who_closed_it(records: Records) -> None:
    steps = [f for f in HISTORY[4:] if f.number not in (13, 14, 15)]
    steps = [replace(f, actor="u1", number=n) for n, f in enumerate(steps, 5)]
    write(records, batch(HISTORY[:4]), batch(steps))
    with records.reading() as session:
        tasks = {task.token: task for task in session.exec(select(Task))}
        clock, incident, instance = one(session, Clock), one(session, Incident), one(session, Instance)
        groups = set(session.exec(select(TaskGroup.group).where(TaskGroup.task == "I:1")))
    done = tasks["1"]
    assert (done.state, done.closed_by, done.closed_at) == ("completed", "u1", START + timedelta(minutes=11))
    assert groups == {"DAL.officer"} and tasks["1"].unit == "DAL"
    assert (clock.state, clock.outcome, clock.unit, clock.origin_unit) == ("met", "met", "DAL", "ATL")
    assert incident.cleared_by == "u1"
    assert (instance.state, instance.ended_by_fact, instance.variables) == (
        "completed",
        15,
        {"outcome": "granted"},
    )


def test_a_level_called_breached_makes_the_clock_breached_until_it_stops_late(records: Records) -> None:
    breached = fact(
        8, "clock_level", "9", clock="I:c1", policy="notify", subject=None, level="breached", due=iso(200)
    )
    overdue = replace(breached, number=9, data={**breached.data, "level": "overdue"})
    write(records, batch([*HISTORY[:7], breached, overdue]))
    with records.reading() as session:
        assert (one(session, Clock).state, one(session, Clock).level) == ("breached", "overdue")
    late = fact(10, "clock_stopped", "9", clock="I:c1", policy="notify", subject=None, outcome="met_late")
    write(records, batch([late]))
    with records.reading() as session:
        clock = one(session, Clock)
        assert (clock.state, clock.outcome, clock.level) == ("met_late", "met_late", "overdue")


@settings(
    derandomize=True,
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_part_repeated_leaves_the_same_rows(records: Records, data: st.DataObject) -> None:
    clear(records)
    write(records, batch(HISTORY))
    expected = state(records)
    clear(records)
    reached = 0
    for _ in range(data.draw(st.integers(1, 6))):
        first = data.draw(st.integers(1, min(reached + 1, len(HISTORY))))
        last = data.draw(st.integers(first, len(HISTORY)))
        write(records, batch(HISTORY[first - 1 : last]))
        reached = last
    if reached < len(HISTORY):
        write(records, batch(HISTORY[reached:]))
    assert state(records) == {**expected, "tasks": _versions(state(records), expected)}


def _versions(shown: dict[str, list[Any]], expected: dict[str, list[Any]]) -> list[Any]:
    """A row version may be higher after an undo; it only ever has to differ."""
    return [
        {**right, "version": row["version"]}
        for row, right in zip(shown["tasks"], expected["tasks"], strict=True)
    ]


@settings(
    derandomize=True,
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(stands=st.integers(0, len(HISTORY) - 1), phantom=st.integers(0, len(HISTORY)))
def test_what_never_happened_leaves_no_trace_when_the_instance_goes_another_way(
    records: Records, stands: int, phantom: int
) -> None:
    other = fact(stands + 1, "entered", "77", type="manualTask")
    if stands == 0:
        other = replace(HISTORY[0], data={**HISTORY[0].data, "variables": {}})
    clear(records)
    write(records, batch([*HISTORY[:stands], other]))
    expected = state(records)
    clear(records)
    write(records, batch(HISTORY[: max(phantom, 1)]))
    if phantom < stands:
        write(
            records,
            batch(HISTORY[max(phantom, 1) : stands]) if stands > max(phantom, 1) else batch(HISTORY[:1]),
        )
    write(records, batch([other]))
    shown = state(records)
    assert shown == {**expected, "tasks": _versions(shown, expected)}


def test_a_missing_fact_is_an_error_and_nothing_is_written(records: Records) -> None:
    write(records, batch(HISTORY[:3]))
    before = state(records)
    with pytest.raises(ProjectionGap, match="Expected fact 4"):
        write(records, batch(HISTORY[4:6]))
    with pytest.raises(ProjectionGap):
        write(records, batch(HISTORY[4:6], instance="unknown"))
    assert state(records) == before


def test_a_claim_made_meanwhile_survives_a_repeat_that_differs(records: Records) -> None:
    write(records, batch(HISTORY[:3]))
    with records.writing() as session:
        task = one(session, Task)
        task.state, task.assignee, task.claimed_at = "claimed", "u1", START
    again = [replace(f, at=iso(50)) for f in HISTORY[1:3]]
    write(records, batch(again))
    with records.reading() as session:
        task = one(session, Task)
        assert (task.state, task.assignee, task.opened_at) == ("claimed", "u1", START + timedelta(minutes=50))


def test_a_transfer_releases_the_claim(records: Records) -> None:
    write(records, batch(HISTORY[:7]))
    with records.writing() as session:
        task = one(session, Task)
        task.state, task.assignee, task.claimed_at = "claimed", "u1", START
    write(records, batch(HISTORY[7:8]))
    with records.reading() as session:
        task = one(session, Task)
        assert (task.state, task.assignee, task.groups) == ("open", None, ["DAL.officer"])


def test_a_task_that_is_opened_anew_under_its_id_is_one_open_task(records: Records) -> None:
    write(records, batch(HISTORY[:11]))
    with records.reading() as session:
        before = one(session, Task)
    write(records, batch([replace(HISTORY[13], number=12)]))
    with records.reading() as session:
        task = one(session, Task)
        groups = session.exec(select(TaskGroup.group)).all()
    assert (before.state, task.state, task.closed_at, task.opened_by_fact) == ("completed", "open", None, 12)
    assert (groups, task.version > before.version) == (["DAL.officer"], True)


def test_a_thrown_message_is_kept_once_and_said_to_be_awaited(records: Records) -> None:
    message = OutgoingMessage("I:m1", "pd.withdraw", "K7Q-4MX", {"a": 1}, iso(5))
    with records.writing() as session:
        assert project(session, batch(HISTORY[:4], messages=[message])).messages is False
    with records.writing() as session:
        assert project(session, batch(HISTORY[4:5], messages=[message])).messages is True
    with records.reading() as session:
        assert [(row.id, row.state) for row in session.exec(select(Message))] == [("I:m1", "buffered")]


@pytest.fixture
def many() -> Iterator[list[Batch]]:
    """20,000 facts of 400 instances, as seeding makes them."""
    batches = []
    for n in range(400):
        name = f"I{n:05d}"
        facts = []
        for step in range(7):
            base = step * 7
            facts += [
                fact(base + 1, "entered", str(base), type="userTask", properties={"case:state": "inquiring"}),
                task_opened(base + 2, str(base)),
                clock_started(base + 3, f"{name}:c{step}"),
                fact(base + 4, "clock_level", clock=f"{name}:c{step}", level="half", due=iso(200)),
                fact(base + 5, "clock_stopped", clock=f"{name}:c{step}", outcome="met"),
                fact(base + 6, "task_closed", str(base), outcome="completed"),
                fact(base + 7, "completed", str(base), type="userTask"),
            ]
        facts = [replace(f, number=f.number + 1) for f in facts]
        started = fact(1, "started", variables={})
        batches.append(batch([started, *facts], instance=name))
    yield batches


def test_many_facts_are_projected_in_bulk_within_a_tenth_of_a_millisecond_each(
    records: Records, many: list[Batch]
) -> None:
    """100,000 facts in 10 s: measured in time of the processor, so that a busy machine changes nothing."""
    begun = time.process_time()
    for start in range(0, len(many), 200):
        write(records, *many[start : start + 200])
    spent = time.process_time() - begun
    with records.reading() as session:
        numbers = session.exec(select(FactRow.number).where(FactRow.instance == "I00399")).all()
        assert sorted(numbers) == list(range(1, 51))
        assert session.exec(select(func.count()).select_from(Task)).one() == 400 * 7
    assert spent < 2 * 20_000 / 10_000
