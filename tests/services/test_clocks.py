"""Figures of the SLA screen: ones that cannot flatter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pdflow.records.session import Records
from pdflow.records.tables import Clock, ClockEvent, Instance
from pdflow.services import clocks

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return NOW + hours * HOUR


def add(records: Records, *rows: dict[str, Any]) -> None:
    """Clocks given in hours from now: started, due, stopped."""
    with records.writing() as session:
        if session.get(Instance, "I") is None:
            session.add(Instance(id="I", process="p", started_at=NOW))
            session.flush()
        for n, row in enumerate(rows):
            stopped = row.get("stopped")
            outcome = row.get("outcome") or (
                None if stopped is None else "met" if stopped <= row["due"] else "met_late"
            )
            clock = Clock(
                id=row.get("id", f"c{n}"),
                instance="I",
                process="p",
                policy=row.get("policy", "decide"),
                unit=row.get("unit", "ATL"),
                origin_unit=row.get("origin", "ATL"),
                holder=row.get("holder", "office"),
                simulated=row.get("simulated", False),
                started_at=at(row.get("started", row["due"] - 48)),
                due=at(row["due"]),
                stopped_at=None if stopped is None else at(stopped),
                outcome=outcome,
                state=outcome or ("breached" if row["due"] < 0 else "running"),
                opened_by_fact=1,
                changed_by_fact=1,
            )
            session.add(clock)


def figures(records: Records, **more: Any) -> dict[str, clocks.Figures]:
    with records.reading() as session:
        return clocks.figures(session, now=more.pop("now", NOW), since=more.pop("since", at(-720)), **more)


def test_late_now_is_what_is_open_and_past_due_and_the_longest_comes_first(records: Records) -> None:
    add(
        records,
        {"due": -1},
        {"due": -5},
        {"due": 1},
        {"due": -9, "stopped": -2},
        {"due": -3, "holder": "person"},
    )
    with records.reading() as session:
        assert [row.id for row in clocks.late_now(session, now=NOW)] == ["c1", "c0"]
        assert [row.id for row in clocks.due_soon(session, now=NOW)] == ["c2"]
    row = figures(records)["ATL"]
    assert (row.late_now, row.due_soon, row.oldest_due) == (2, 1, at(-5))


def test_on_time_counts_what_fell_due_and_a_late_end_stays_late(records: Records) -> None:
    add(
        records,
        {"due": -10, "stopped": -11},
        {"due": -10, "stopped": -10},
        {"due": -10, "stopped": -9},
        {"due": -10},
        {"due": 5, "stopped": -1},
        {"due": 5},
        {"due": -800, "stopped": -900},
        {"due": -10, "stopped": -12, "outcome": "cancelled"},
        {"due": -10, "simulated": True},
    )
    row = figures(records)["ATL"]
    assert (row.due, row.on_time, row.late_now) == (4, 2, 1)
    assert row.share is None, "under ten there is no share"


def test_a_share_is_shown_from_ten_duties_on(records: Records) -> None:
    add(records, *[{"due": -10, "stopped": -11} for _ in range(9)], {"due": -10})
    assert figures(records)["ATL"].share == pytest.approx(0.9)


def test_the_unit_that_had_the_duty_when_it_fell_due_answers_for_it_whoever_has_it_now(
    records: Records,
) -> None:
    add(records, {"id": "late", "due": -10, "unit": "DAL"}, {"id": "open", "due": 10, "unit": "DAL"})
    with records.writing() as session:
        for n, (clock, kind, when, unit) in enumerate(
            [
                ("late", "started", -50, "ATL"),
                ("late", "changed", -5, "DAL"),
                ("open", "started", -38, "ATL"),
                ("open", "changed", -5, "DAL"),
            ]
        ):
            session.add(ClockEvent(instance="I", fact=n, clock=clock, kind=kind, at=at(when), unit=unit))
    shown = figures(records)
    assert (shown["ATL"].late_now, shown["ATL"].due) == (1, 1)
    assert (shown["DAL"].late_now, shown["DAL"].due_soon) == (0, 1)
    assert figures(records, by="origin")["ATL"].due_soon == 1


def test_figures_as_of_an_earlier_instant_are_those_that_were_true_then(records: Records) -> None:
    add(
        records,
        {"due": -10, "stopped": -2},
        {"due": -4, "stopped": -3, "outcome": "cancelled"},
        {"started": -1, "due": 5},
    )
    then = figures(records, now=at(-5))["ATL"]
    assert (then.late_now, then.due, then.on_time, then.due_soon) == (1, 1, 0, 1)
    with records.reading() as session:
        assert [row.id for row in clocks.late_now(session, now=at(-5))] == ["c0"]


def test_only_the_policies_and_units_asked_for(records: Records) -> None:
    add(records, {"due": -1, "policy": "notify"}, {"due": -2, "unit": "DAL", "origin": "BOS"})
    with records.reading() as session:
        assert [row.id for row in clocks.late_now(session, now=NOW, policies=["notify"])] == ["c0"]
        assert [row.id for row in clocks.late_now(session, now=NOW, units=["DAL"])] == ["c1"]
        assert [row.id for row in clocks.late_now(session, now=NOW, units=["BOS"], by="origin")] == ["c1"]
    assert set(figures(records, policies=["notify"])) == {"ATL"}


def hours(*values: float) -> list[tuple[timedelta, bool]]:
    """Durations; a negative one still runs."""
    return [(abs(value) * HOUR, value > 0) for value in values]


@pytest.mark.parametrize(
    ("durations", "share", "expected"),
    [
        (hours(), 0.5, None),
        (hours(1, 2, 3), 0.5, 2),
        (hours(1, 2, 3, 4), 0.5, 2),
        (hours(-1, -2), 0.5, None),
        (hours(1, -2, 3), 0.5, 3),
        (hours(1, 2, -3, -3, -3, -3), 0.5, None),
        (hours(-9, 5, 5, 5), 0.5, 5),
        (hours(*range(1, 11)), 0.9, 9),
    ],
)
def test_running_duties_count_as_lasting_at_least_this_long(
    durations: list[tuple[timedelta, bool]], share: float, expected: float | None
) -> None:
    assert clocks.quantile(durations, share) == (None if expected is None else expected * HOUR)


@settings(derandomize=True, max_examples=100)
@given(st.lists(st.tuples(st.integers(1, 50), st.booleans()), max_size=30))
def test_waiting_longer_never_makes_a_median_smaller(rows: list[tuple[int, bool]]) -> None:
    shorter = [(n * HOUR, ended) for n, ended in rows]
    longer = [(n * HOUR + (timedelta() if ended else 100 * HOUR), ended) for n, ended in rows]
    first, second = clocks.quantile(shorter, 0.5), clocks.quantile(longer, 0.5)
    assert second is None or (first is not None and second >= first)
