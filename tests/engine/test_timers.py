"""Timers: ISO 8601 and FEEL, cycles without drift, outages, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pdflow.engine.timers import Duration, TimerError, check_timer, parse_duration, parse_instant, schedule
from tests.engine.drive import T0, Drive
from tests.engine.models import boundary, bpmn, end, flows, node, start, sub, timer, user


def at(**later: float) -> datetime:
    return T0 + timedelta(**later)


@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("duration", "PT48H", at(hours=48)),
        ("duration", "P10D", at(days=10)),
        ("duration", "P1M", datetime(2026, 4, 2, 9, tzinfo=UTC)),
        ("duration", "P1Y2M3DT4H5M6.5S", datetime(2027, 5, 5, 13, 5, 6, 500000, tzinfo=UTC)),
        ("duration", "P2W", at(weeks=2)),
        ("duration", "PT0S", T0),
        ("duration", '=duration("PT1H") * 3', at(hours=3)),
        ("duration", '=duration("P1M")', datetime(2026, 4, 2, 9, tzinfo=UTC)),
        ("duration", '="PT" + string(n) + "H"', at(hours=6)),
        ("date", "2026-03-05T10:00:00+02:00", datetime(2026, 3, 5, 8, tzinfo=UTC)),
        ("date", "2026-03-05T10:00:00Z", datetime(2026, 3, 5, 10, tzinfo=UTC)),
        ("date", "2026-03-05T10:00:00", datetime(2026, 3, 5, 10, tzinfo=UTC)),
        ("date", "2026-03-05", datetime(2026, 3, 5, tzinfo=UTC)),
        ("date", '=date and time("2026-03-05T10:00:00@America/New_York")', datetime(2026, 3, 5, 15, tzinfo=UTC)),
        ("date", '=date("2026-03-05")', datetime(2026, 3, 5, tzinfo=UTC)),
        ("date", '=now() + duration("PT1H")', at(hours=1)),
        ("cycle", "R3/PT10H", at(hours=10)),
        ("cycle", "R/P1D", at(days=1)),
        ("cycle", "R2/2026-03-04T00:00:00Z/P1D", datetime(2026, 3, 4, tzinfo=UTC)),
        ("cycle", '=duration("PT1H")', at(hours=1)),
    ],
)  # fmt: skip
def test_a_timer_is_due_at_the_instant_that_its_text_names(drive, kind, text, due):
    """Hazards: the standard's bare PT48H was no expression; a date without offset meant the worker's zone."""
    event = node("intermediateCatchEvent", "c", timer(kind, text))
    d = drive(bpmn(start(), event, user("x"), flows("s -> c -> x")), {"n": 6})
    assert d.execution.earliest_due == due
    d.advance(days=800)
    assert d.waiting() == ["x"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [("duration", "-PT5S"), ("duration", "5 hours"), ("duration", "P"), ("duration", "PT"), ("duration", "2026-01-01"),
     ("date", "PT5S"), ("date", "tomorrow"), ("cycle", "PT5S"), ("cycle", "R3/-PT5S"), ("cycle", "R0/PT5S"), ("cycle", "R/PT0S"),
     ("duration", "P99999999Y"), ("duration", "")],
)  # fmt: skip
def test_a_static_timer_that_names_no_instant_is_found_when_the_model_is_loaded(kind, text):
    """Hazard: -PT5S counted as plus five seconds."""
    assert check_timer(kind, text or None)


@pytest.mark.parametrize(
    "value", ['=duration("-PT1H")', "=5", "=missing", '="soon"', '=duration("-P1M")', "=[1]"]
)
def test_an_expression_that_names_no_instant_is_an_incident(drive, value):
    event = node("intermediateCatchEvent", "c", timer("duration", value))
    d = drive(bpmn(start(), event, user("x"), flows("s -> c -> x")))
    assert d.incidents() == ["timer-value"]


def test_a_timer_fires_exactly_when_it_is_due(drive):
    """Hazard: it fired only when now was later than due."""
    event = node("intermediateCatchEvent", "c", timer("duration", "PT1H"))
    d = drive(bpmn(start(), event, user("x"), flows("s -> c -> x")))
    d.jump(minutes=59, seconds=59)
    assert d.waiting() == ["c"]
    d.jump(seconds=1)
    assert d.waiting() == ["x"]


REMINDER = bpmn(
    start(),
    user("a"),
    boundary("b", "a", timer("cycle", "R3/PT10H"), interrupting=False),
    end("y"),
    end(),
    flows("s -> a -> e", "b -> y"),
)


def test_a_cycle_fires_as_often_as_it_says_and_does_not_drift(drive):
    d = drive(REMINDER)
    seen = []
    while (due := d.execution.earliest_due) is not None:
        seen.append(due)
        d.jump(seconds=(due - d.now).total_seconds() + 7)
    assert seen == [at(hours=10), at(hours=20), at(hours=30)]
    assert d.completed().count("y") == 3


def test_after_an_outage_a_cycle_fires_once_for_all_that_was_missed(drive):
    """Hazard: every missed cycle fired at once."""
    d = drive(REMINDER)
    d.jump(hours=25)
    assert d.completed().count("y") == 1
    assert d.execution.earliest_due == at(hours=30)


def test_a_cycle_of_months_keeps_its_day(drive):
    d = drive(
        bpmn(
            start(),
            user("a"),
            boundary("b", "a", timer("cycle", "R/2026-01-31T00:00:00Z/P1M"), interrupting=False),
            end("y"),
            flows("s -> a", "b -> y"),
        )
    )
    seen = []
    for _ in range(3):
        seen.append(d.execution.earliest_due)
        d.advance(seconds=max(0, (seen[-1] - d.now).total_seconds()))
    assert [f"{due:%m-%d}" for due in seen[1:]] == ["03-31", "04-30"]


def test_a_cycle_in_an_event_subprocess_goes_on(drive):
    handler = sub(
        "h",
        start("hs", timer("cycle", "R/PT1H"), isInterrupting="false"),
        end("y"),
        flows("hs -> y"),
        triggeredByEvent="true",
    )
    d = drive(bpmn(start(), user("a"), flows("s -> a"), handler))
    d.advance(hours=5)
    assert d.completed().count("y") == 5


def test_a_due_timer_comes_before_a_completion_that_arrives_after_it(drive):
    """Hazard: a fired timer boundary lost to a user completion in the same step."""
    d = drive(
        bpmn(
            start(),
            user("a"),
            boundary("b", "a", timer("duration", "PT1H")),
            user("late"),
            user("done"),
            flows("s -> a -> done", "b -> late"),
        )
    )
    token = d.token("a")
    d.jump(hours=1)
    from pdflow.engine import Completed

    assert not d.send(Completed(token))
    assert d.waiting() == ["late"]


def test_timers_of_one_instant_fire_in_the_order_due_then_id(drive):
    parts = [
        user(f"u{i}") + boundary(f"b{i}", f"u{i}", timer("duration", f"PT{hours}H")) + user(f"x{i}")
        for i, hours in enumerate((2, 1, 2))
    ]
    d = drive(
        bpmn(
            start(),
            node("parallelGateway", "g"),
            *parts,
            flows("s -> g", *(f"g -> u{i}" for i in range(3)), *(f"b{i} -> x{i}" for i in range(3))),
        )
    )
    d.jump(hours=9)
    assert d.waiting() == ["x1", "x0", "x2"]


def test_a_timer_that_interrupts_another_s_host_leaves_it_no_chance(drive):
    inner = sub(
        "sub",
        start("is"),
        user("a"),
        boundary("ib", "a", timer("duration", "PT2H")),
        user("y"),
        flows("is -> a", "ib -> y"),
    )
    d = drive(
        bpmn(
            start(),
            inner,
            boundary("ob", "sub", timer("duration", "PT1H")),
            user("x"),
            flows("s -> sub", "ob -> x"),
        )
    )
    d.jump(hours=3)
    assert d.waiting() == ["x"]
    assert "enter ib" not in d.trace()


def test_a_clock_that_goes_back_is_not_followed(drive):
    d = drive(
        bpmn(
            start(),
            user("a"),
            node("intermediateCatchEvent", "c", timer("duration", "PT1H")),
            user("x"),
            flows("s -> a -> c -> x"),
        )
    )
    d.now = at(hours=-5)
    d.complete("a")
    assert d.execution.earliest_due == at(hours=1)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    st.integers(0, 30), st.integers(0, 400), st.integers(0, 100_000), st.integers(1, 40),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31)),
)  # fmt: skip
def test_the_nth_due_of_a_cycle_is_counted_from_the_first(months, days, seconds, times, base):
    base = base.replace(tzinfo=UTC)
    every = Duration(months, timedelta(days=days, seconds=seconds))
    if not months and not days and not seconds:
        return
    dues = [every.after(base, n) for n in range(times)]
    assert dues == sorted(dues)
    assert all(base + every.rest * n <= due for n, due in enumerate(dues))
    now = dues[-1]
    done = 0 if times == 1 else 1
    assert every.after(base, done + every.rounds(base, done, now)) > now


def test_durations_and_instants_say_what_was_expected():
    with pytest.raises(TimerError, match="such as PT48H"):
        parse_duration("48h")
    with pytest.raises(TimerError, match="negative"):
        parse_duration("-PT5S")
    with pytest.raises(TimerError, match="2026-11-24T09:00:00Z"):
        parse_instant("noon")
    with pytest.raises(TimerError, match="R3/PT10H"):
        schedule("cycle", "PT1H", T0)


def test_a_cycle_survives_a_snapshot_between_two_rounds():
    straight, restored = Drive(REMINDER), Drive(REMINDER, restoring=True)
    for d in (straight, restored):
        d.advance(hours=21)
    assert straight.execution.snapshot() == restored.execution.snapshot()
