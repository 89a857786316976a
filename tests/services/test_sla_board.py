"""The rules of the figures, on clocks written as the projection writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pdflow.records.session import Records
from pdflow.records.tables import Case, Clock, ClockEvent, Instance
from pdflow.services.sla_board import PERIOD, Board, Duty, Scope, board, tally

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hours(count: float) -> datetime:
    """An instant that many hours from now."""
    return NOW + count * HOUR


class Desk:
    """Writes clocks into the records and reads the board."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.count = 0

    def clock(
        self,
        due: float,
        stopped: float | None = None,
        *,
        started: float | None = None,
        unit: str = "HOU",
        policy: str = "decide",
        case: dict[str, Any] | None = None,
        **more: Any,
    ) -> str:
        """One clock of a case of its own; hours from now."""
        self.count += 1
        number = f"C{self.count:03}"
        instance = f"I{self.count:03}"
        ended = None if stopped is None else hours(stopped)
        state = "running" if ended is None else ("met" if ended <= hours(due) else "met_late")
        with self.records.writing() as session:
            session.add(
                Case(
                    id=number,
                    office=unit if len(unit) == 3 else "HOU",
                    origin_office="HOU",
                    state="deciding",
                    channel="applicant",
                    received_at=hours(-1000),
                    **(case or {}),
                )
            )
            session.add(Instance(id=instance, process="pd-request", case=number, started_at=hours(-1000)))
            session.flush()
            row = {
                "id": f"{instance}:c1",
                "instance": instance,
                "process": "pd-request",
                "case": number,
                "policy": policy,
                "unit": unit,
                "origin_unit": "HOU",
                "started_at": hours(started if started is not None else due - 48),
                "due": hours(due),
                "state": state,
                "stopped_at": ended,
                "outcome": None if ended is None else state,
                "opened_by_fact": 1,
                "changed_by_fact": 1,
            }
            session.add(Clock(**{**row, **more}))
        return f"{instance}:c1"

    def moved(self, clock: str, at: float, to: str, before: str = "HOU") -> None:
        """The duty went to another unit."""
        instance = clock.partition(":")[0]
        with self.records.writing() as session:
            for fact, kind, when, unit in ((1, "started", -1000.0, before), (2, "changed", at, to)):
                session.add(
                    ClockEvent(
                        instance=instance, fact=fact, clock=clock, kind=kind, at=hours(when), unit=unit
                    )
                )
            session.get_one(Clock, clock).unit = to

    def board(self, at: float = 0, **scope: Any) -> Board:
        """The board as of an instant."""
        with self.records.reading() as session:
            return board(session, Scope(hours(at), **scope))


@pytest.fixture
def desk(records: Records) -> Desk:
    return Desk(records)


@pytest.mark.parametrize(
    ("due", "stopped", "late", "soon", "counted", "on_time"),
    [
        pytest.param(-1, None, 1, 0, 1, 0, id="open and past due is late now and late in the period"),
        pytest.param(0, None, 0, 1, 0, 0, id="at its due instant it is in time and not yet due"),
        pytest.param(0, 0, 0, 0, 1, 1, id="stopped at exactly the due instant is on time"),
        pytest.param(24, None, 0, 1, 0, 0, id="due in exactly 24 hours is due soon"),
        pytest.param(25, None, 0, 0, 0, 0, id="due in 25 hours is neither"),
        pytest.param(-5, -6, 0, 0, 1, 1, id="done before it was due"),
        pytest.param(-5, -4, 0, 0, 1, 0, id="done late stays in the figure of what was due"),
        pytest.param(30, -1, 0, 0, 0, 0, id="done early is counted when it is due, not before"),
        pytest.param(-800, None, 1, 0, 0, 0, id="late since before the period is late now alone"),
    ],
)
def test_a_duty_is_counted_by_when_it_is_due_and_when_it_stopped(
    desk: Desk, due: float, stopped: float | None, late: int, soon: int, counted: int, on_time: int
) -> None:
    desk.clock(due, stopped)
    found = desk.board().tally("HOU")
    assert (found.late, found.soon, found.due, found.on_time) == (late, soon, counted, on_time)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"holder": "person", "policy": "appeal-window"}, id="a person holds it"),
        pytest.param({"state": "cancelled", "stopped_at": hours(-2)}, id="cancelled"),
        pytest.param({"simulated": True, "case": {"practice": True}}, id="a practice case"),
        pytest.param({"started_at": hours(1)}, id="not started yet"),
    ],
)
def test_what_is_no_duty_is_in_no_figure(desk: Desk, more: dict[str, Any]) -> None:
    desk.clock(-1, **more)
    assert desk.board().duties == ()


def test_a_clock_that_a_person_holds_is_a_window(desk: Desk) -> None:
    desk.clock(-1, holder="person", policy="appeal-window")
    (window,) = desk.board().windows
    assert window.policy == "appeal-window"


def test_a_case_that_was_simulated_up_to_its_anchor_counts(desk: Desk) -> None:
    desk.clock(-1, simulated=True)
    assert desk.board().tally().late == 1


def test_a_breach_stays_with_the_unit_that_was_accountable_at_the_due_instant(desk: Desk) -> None:
    desk.moved(desk.clock(-5), at=-2, to="DAL")
    desk.moved(desk.clock(-5), at=-8, to="DAL")
    found = desk.board()
    assert (found.tally("HOU").late, found.tally("DAL").late) == (1, 1)


def test_headquarters_lateness_is_not_blamed_on_the_office_unless_one_asks_where_cases_began(
    desk: Desk,
) -> None:
    desk.clock(-1, unit="HQ", policy="hq-review")
    assert desk.board().tally("HOU").late == 0
    assert desk.board().tally("HQ").late == 1
    assert desk.board(by="origin").tally("HOU").late == 1


def test_an_earlier_instant_tells_what_was_true_then(desk: Desk) -> None:
    desk.clock(-10, -2)
    desk.clock(-10, -2, state="cancelled")
    assert desk.board(at=-5).tally().late == 2
    assert desk.board().tally().late == 0


def test_a_due_instant_that_moved_later_counts_from_then_on(desk: Desk) -> None:
    clock = desk.clock(10)
    with desk.records.writing() as session:
        for fact, kind, at, due in ((1, "started", -50.0, -10.0), (2, "changed", -4.0, 10.0)):
            session.add(
                ClockEvent(
                    instance=clock.partition(":")[0],
                    fact=fact,
                    clock=clock,
                    kind=kind,
                    at=hours(at),
                    unit="HOU",
                    due=hours(due),
                )
            )
    assert desk.board(at=-5).tally().late == 1
    assert desk.board().tally().late == 0


@pytest.mark.parametrize(
    ("count", "share"), [pytest.param(9, None, id="nine: counts alone"), pytest.param(10, 1.0, id="ten")]
)
def test_a_share_is_told_from_ten_duties_on(desk: Desk, count: int, share: float | None) -> None:
    for _ in range(count):
        desk.clock(-5, -6)
    found = desk.board().tally()
    assert found.share == share
    assert (found.median is None) == (share is None)


def test_running_duties_move_the_median_up_as_censored_not_as_done(desk: Desk) -> None:
    for _ in range(6):
        desk.clock(38, -8, started=-10)
    done = [duty.used(NOW) for duty in desk.board().duties]
    assert all(ended for _, ended in done)
    for _ in range(6):
        desk.clock(40, started=-8)
    running = desk.board().tally()
    assert running.started == 12
    # Half of twelve are done after 2 of 48 hours; nine in ten are not done yet.
    assert running.median == pytest.approx(2 / 48)
    assert running.p90 is None


def test_units_stand_by_type_then_by_late_duties_then_by_the_oldest(desk: Desk) -> None:
    desk.clock(-1, unit="ATL")
    desk.clock(-9, unit="BOS")
    for _ in range(2):
        desk.clock(-1, unit="MIA")
    for _ in range(3):
        desk.clock(-1, unit="HQ")
    codes = [row.code for row in desk.board().rows]
    assert codes[:3] == ["MIA", "BOS", "ATL"]
    assert codes[-1] == "HQ"
    assert [row.type for row in desk.board().rows] == ["field_office"] * 25 + ["review"] * 3 + ["hq"]


def test_the_worst_is_the_clock_and_unit_with_most_late_duties(desk: Desk) -> None:
    desk.clock(-1, policy="notify")
    desk.clock(-1, policy="notify")
    desk.clock(-1, unit="MIA")
    assert desk.board().worst == ("notify", "HOU", 2)
    assert desk.board(policy="decide").worst == ("decide", "MIA", 1)


def test_filters_leave_the_duties_of_the_held_and_of_those_who_need_an_interpreter(desk: Desk) -> None:
    desk.clock(-1, held=True)
    desk.clock(-1, case={"interpreter": True})
    assert len(desk.board(held=True).duties) == 1
    assert len(desk.board(interpreter=True).duties) == 1
    assert len(desk.board(held=True, interpreter=True).duties) == 0


_spans = st.tuples(st.integers(-1500, 100), st.one_of(st.none(), st.integers(-1400, 0)), st.integers(1, 400))


@settings(derandomize=True, max_examples=60)
@given(st.lists(_spans, max_size=40))
def test_no_duty_is_counted_twice_and_none_of_the_period_is_lost(
    clocks: list[tuple[int, int | None, int]],
) -> None:
    duties = [
        Duty("c", "i", None, "decide", None, "office", "HOU", hours(due - allowed), hours(due), stopped)
        for due, stop, allowed in clocks
        for stopped in [None if stop is None else hours(max(stop, due - allowed))]
        if due - allowed <= 0 and (stopped is None or stopped <= NOW)
    ]
    found = tally(duties, NOW)
    assert found.on_time + found.missed == found.due <= len(duties)
    late_in_period = sum(duty.late(NOW) and duty.due >= NOW - PERIOD for duty in duties)
    assert late_in_period <= found.missed
    assert found.late + found.soon <= sum(duty.stopped_at is None for duty in duties)
