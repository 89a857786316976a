from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pdflow.sla import (
    BREACHED,
    Clock,
    ClockError,
    ClockEvent,
    LevelReached,
    Pack,
    Policy,
    Reassigned,
    Stopped,
    accountable,
    disagreements,
    fold,
    held,
    opened,
    read_policy,
    start,
)

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
BEGIN = datetime(2026, 11, 25, 21, 30, tzinfo=UTC)
NOTIFY = read_policy(
    {
        "id": "notify",
        "title": "Serve the copy",
        "target": "PT48H",
        "calendar": "elapsed",
        "holder": "office",
        "levels": [
            {"name": "half", "percent": 50},
            {"name": "warning", "percent": 75},
            {"name": "overdue", "after_breach": "PT24H"},
        ],
    }
)


def running(policy: Policy = NOTIFY) -> Clock:
    return opened(start(policy, BEGIN, clock="c1", unit="NYC"))


@pytest.mark.parametrize(
    ("local", "zone", "due_utc", "due_local"),
    [
        pytest.param(
            "2026-11-25T16:30",
            "America/New_York",
            "2026-11-27T21:30",
            "2026-11-27T16:30",
            id="over-thanksgiving",
        ),
        pytest.param(
            "2026-10-30T17:00",
            "America/New_York",
            "2026-11-01T21:00",
            "2026-11-01T16:00",
            id="clocks-go-back",
        ),
        pytest.param(
            "2027-03-12T17:00",
            "America/New_York",
            "2027-03-14T22:00",
            "2027-03-14T18:00",
            id="clocks-go-forward",
        ),
        pytest.param(
            "2027-03-12T17:00", "America/Phoenix", "2027-03-15T00:00", "2027-03-14T17:00", id="no-dst"
        ),
        pytest.param(
            "2026-12-24T09:00",
            "Pacific/Guam",
            "2026-12-25T23:00",
            "2026-12-26T09:00",
            id="guam-over-christmas",
        ),
    ],
)
def test_forty_eight_hours_are_elapsed_hours_everywhere(
    pack: Pack, local: str, zone: str, due_utc: str, due_local: str
) -> None:
    begin = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    due = pack.policies["notify"].due(begin)
    assert due == datetime.fromisoformat(due_utc).replace(tzinfo=UTC)
    assert due.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.fromisoformat(due_local)


@pytest.mark.parametrize(
    ("after", "status", "outcome"),
    [
        pytest.param(timedelta(0), "running", "met", id="at-the-start"),
        pytest.param(24 * HOUR - SECOND, "running", "met", id="before-the-first-warning"),
        pytest.param(24 * HOUR, "at_risk", "met", id="at-the-first-warning"),
        pytest.param(48 * HOUR, "at_risk", "met", id="at-exactly-the-due-instant"),
        pytest.param(48 * HOUR + SECOND, "breached_open", "met_late", id="a-second-late"),
        pytest.param(400 * HOUR, "breached_open", "met_late", id="long-after"),
    ],
)
def test_the_instant_alone_decides_status_and_outcome(after: timedelta, status: str, outcome: str) -> None:
    clock = running()
    assert clock.status(BEGIN + after) == status
    assert clock.outcome_at(BEGIN + after) == outcome


def test_an_announced_breach_shows_at_its_own_instant() -> None:
    clock = running()
    for level in ("half", "warning", BREACHED):
        clock = clock.after(LevelReached(clock.due, level))
    assert clock.status(clock.due) == "breached_open"


def test_a_cancelled_duty_is_neither_met_nor_breached() -> None:
    clock = running().after(Stopped(BEGIN + 100 * HOUR, "cancelled"))
    assert clock.status(BEGIN + 200 * HOUR) == "cancelled"
    assert clock.next_level is None


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([], id="nothing"),
        pytest.param([Stopped(BEGIN, "met")], id="no-start"),
        pytest.param([start(NOTIFY, BEGIN, clock="c1")] * 2, id="two-starts"),
        pytest.param(
            [start(NOTIFY, BEGIN, clock="c1"), LevelReached(BEGIN, "warning")], id="level-out-of-order"
        ),
        pytest.param(
            [start(NOTIFY, BEGIN, clock="c1"), Stopped(BEGIN, "met"), Stopped(BEGIN, "met")], id="two-stops"
        ),
        pytest.param(
            [start(NOTIFY, BEGIN, clock="c1"), Stopped(BEGIN, "met"), LevelReached(BEGIN, "half")],
            id="level-after-stop",
        ),
    ],
)
def test_events_that_are_no_history_of_one_clock_are_refused(events: list[ClockEvent]) -> None:
    with pytest.raises(ClockError):
        fold(events)


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        pytest.param([Stopped(BEGIN + 49 * HOUR, "met")], "the instants give met_late", id="late-called-met"),
        pytest.param([LevelReached(BEGIN + HOUR, "half")], "before its instant", id="level-too-early"),
        pytest.param([Stopped(BEGIN + 30 * HOUR, "met")], "level half at", id="level-not-recorded"),
        pytest.param(
            [Reassigned(BEGIN + 2 * HOUR, "BOS"), Stopped(BEGIN + HOUR, "met")],
            "follows one at",
            id="back-dated",
        ),
        pytest.param([LevelReached(BEGIN + 24 * HOUR, "warning")], "to reach", id="level-skipped"),
    ],
)
def test_a_record_that_the_rules_do_not_give_is_found(events: list[ClockEvent], sentence: str) -> None:
    assert any(
        sentence in found for found in disagreements(NOTIFY, [start(NOTIFY, BEGIN, clock="c1"), *events])
    )


def test_a_moved_due_instant_is_found() -> None:
    other = read_policy({**NOTIFY.data(), "target": "PT72H"})
    assert len(disagreements(NOTIFY, [start(other, BEGIN, clock="c1")])) == 2


def test_each_unit_answers_for_its_own_stretch_of_time() -> None:
    clock = running().after(Reassigned(BEGIN + 10 * HOUR, "BOS")).after(Reassigned(BEGIN + 15 * HOUR, "NYC"))
    assert held(clock, BEGIN + 20 * HOUR) == {"NYC": 15 * HOUR, "BOS": 5 * HOUR}
    assert accountable(clock, BEGIN + 10 * HOUR) == "BOS"
    assert accountable(clock, BEGIN + 10 * HOUR - SECOND) == "NYC"
    assert clock.due == BEGIN + 48 * HOUR
    stopped = clock.after(Stopped(BEGIN + 16 * HOUR, "met"))
    assert sum(held(stopped, BEGIN + 99 * HOUR).values(), timedelta(0)) == 16 * HOUR


def test_the_person_answers_for_the_time_that_is_theirs(pack: Pack) -> None:
    clock = running(pack.policies["evidence"])
    assert held(clock, BEGIN + HOUR) == {"person": HOUR}
    assert accountable(clock, BEGIN) == "person"


@settings(derandomize=True, max_examples=200)
@given(
    stop=st.integers(0, 100 * 3600),
    moves=st.lists(st.tuples(st.integers(0, 100 * 3600), st.sampled_from(["NYC", "BOS", "ATL"])), max_size=4),
    delay=st.integers(0, 90),
)
def test_a_clock_kept_by_the_rules_always_agrees_with_its_record(
    stop: int, moves: list[tuple[int, str]], delay: int
) -> None:
    first = start(NOTIFY, BEGIN, clock="c1", unit="NYC")
    clock, events, end = opened(first), [first], BEGIN + stop * SECOND
    due: list[tuple[datetime, int, ClockEvent]] = [
        (min(at + delay * SECOND, end), 0, LevelReached(min(at + delay * SECOND, end), name))
        for name, at in first.levels
        if at < end
    ]
    due += [
        (BEGIN + at * SECOND, 1, Reassigned(BEGIN + at * SECOND, unit)) for at, unit in moves if at <= stop
    ]
    for _, _, event in sorted(due, key=lambda entry: entry[:2]):
        assert not isinstance(event, type(first))
        clock = clock.after(event)
        events.append(event)
    ending = Stopped(end, clock.outcome_at(end))
    clock = clock.after(ending)
    events.append(ending)
    assert disagreements(NOTIFY, events) == []
    assert fold(events) == clock
    assert clock.outcome == ("met" if stop <= 48 * 3600 else "met_late")
    assert sum(held(clock, end).values(), timedelta(0)) == end - BEGIN
