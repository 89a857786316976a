"""SLA by field office: the sentence, the figures, what they open, the filters in the URL."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from dashboard.screens.sla_cases import as_csv, case_rows, duties_of
from dashboard.screens.sla_figures import sentence
from dashboard.screens.sla_scope import frozen_at
from pdflow.casework.sla_cases import list_cases
from pdflow.records.tables import Case, Clock, Instance, Task, User
from pdflow.services.actor import Actor, Grant
from pdflow.services.platform import Platform
from pdflow.services.sla_board import Board, Scope, board

from .conftest import NOW, Open, buttons, entry, press, texts

HOUR = timedelta(hours=1)
OVERSIGHT = Actor("oversight", frozenset({Grant("oversight", "HQ")}))


def add(platform: Platform, count: int, due: float, **clock: Any) -> None:
    """Clocks of cases of their own; hours from now."""
    with platform.writing() as session:
        for number in range(count):
            id = f"{clock.get('unit', 'HOU')}-{clock.get('policy', 'decide')[:3]}{due:g}{number}"
            session.add(
                Case(
                    id=id,
                    office="HOU",
                    origin_office="HOU",
                    state="deciding",
                    channel="applicant",
                    received_at=NOW - 900 * HOUR,
                )
            )
            session.add(Instance(id=id, process="pd-request", case=id, started_at=NOW - 900 * HOUR))
            session.flush()
            row: dict[str, Any] = {
                "id": f"{id}:c1",
                "instance": id,
                "process": "pd-request",
                "case": id,
                "policy": "decide",
                "unit": "HOU",
                "origin_unit": "HOU",
                "started_at": NOW - 48 * HOUR + due * HOUR,
                "due": NOW + due * HOUR,
                "state": "running",
                "opened_by_fact": 1,
                "changed_by_fact": 1,
            }
            session.add(Clock(**{**row, **clock}))


def look(platform: Platform, **scope: object) -> Board:
    with platform.reading() as session:
        return board(session, Scope(NOW, **scope))  # type: ignore[arg-type]


def test_the_sentence_says_where_people_wait_past_due_and_for_what(platform: Platform) -> None:
    add(platform, 6, -2, policy="notify")
    add(platform, 1, -2, unit="MIA")
    add(platform, 3, 5)
    assert sentence(look(platform)) == (
        "7 duties late now in 2 units; worst: notice, Houston, 6; 3 more fall due in 24 h."
    )


def test_without_lateness_the_sentence_says_so(platform: Platform) -> None:
    add(platform, 1, 5)
    assert sentence(look(platform)) == "No duty is late now; 1 falls due in 24 h."


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        pytest.param("late", 2, id="late now"),
        pytest.param("soon", 1, id="due soon"),
        pytest.param("missed", 2, id="not on time in the period"),
        pytest.param("notices", 1, id="notices of the period"),
        pytest.param("windows", 1, id="held by the person"),
    ],
)
def test_each_figure_opens_the_duties_that_it_counts(platform: Platform, show: str, expected: int) -> None:
    add(platform, 1, -2)
    add(platform, 1, -3, policy="notify")
    add(platform, 1, 5)
    add(platform, 1, -2, holder="person", policy="appeal-window")
    assert len(duties_of(look(platform), None, show)) == expected  # type: ignore[arg-type]


def test_the_page_shows_figures_with_their_number_and_the_period_before(
    platform: Platform, open_screen: Open
) -> None:
    add(platform, 12, -2, state="met", stopped_at=NOW - 3 * HOUR)
    add(platform, 3, -4)
    app = open_screen("sla", "oversight@HQ")
    assert not app.exception
    labels = "\n".join(buttons(app))
    assert "■ 3" in labels
    assert "80 % of 15" in labels
    assert "none due in the 30 days before" in labels
    assert "Late now: 3" in texts(app)


def test_under_ten_duties_the_page_gives_counts_and_no_share(platform: Platform, open_screen: Open) -> None:
    add(platform, 9, -2)
    labels = "\n".join(buttons(open_screen("sla", "oversight@HQ")))
    assert "0 of 9" in labels
    assert "%" not in labels


def test_a_figure_that_is_pressed_stands_in_the_url(platform: Platform, open_screen: Open) -> None:
    add(platform, 2, 5)
    app = press(open_screen("sla", "oversight@HQ"), "Due in 24 h")
    assert entry(app, "show") == "soon"
    assert "Due in 24 h: 2" in texts(app)


def test_filters_come_from_the_url_and_go_back_to_it(platform: Platform, open_screen: Open) -> None:
    add(platform, 2, -2)
    add(platform, 1, -2, policy="notify", held=True)
    app = open_screen("sla", "oversight@HQ", clock="notify", held="yes", unit="HOU")
    assert "Late now, Houston: 1" in texts(app)
    app.selectbox(key="sla-clock").select("decide").run()
    assert entry(app, "clock") == "decide"
    app.selectbox(key="sla-held").select("").run()
    assert entry(app, "held") is None
    assert "Late now, Houston: 2" in texts(app)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(
            {"unit": "<script>", "clock": "x", "held": "perhaps", "by": "race"}, id="unknown choices"
        ),
        pytest.param({"at": "yesterday", "show": "all"}, id="no instant"),
        pytest.param({"at": "2027-01-01T00:00:00+00:00"}, id="an instant in the future"),
        pytest.param({"at": "2026-11-20T00:00:00"}, id="an instant without a zone"),
    ],
)
def test_what_is_no_choice_in_the_url_counts_as_the_default(
    platform: Platform, open_screen: Open, url: dict[str, str]
) -> None:
    add(platform, 2, -2)
    app = open_screen("sla", "oversight@HQ", **url)
    assert not app.exception
    assert "Late now: 2" in texts(app)


def test_a_frozen_link_shows_the_figures_of_its_instant(platform: Platform, open_screen: Open) -> None:
    add(platform, 4, -10, state="met_late", stopped_at=NOW - 2 * HOUR)
    assert "Late now: 0" in texts(open_screen("sla", "oversight@HQ"))
    app = open_screen("sla", "oversight@HQ", at=(NOW - 5 * HOUR).isoformat())
    assert "Late now: 4" in texts(app)
    assert "Late now: 0" in texts(press(app, "show now"))


def test_freezing_puts_the_instant_into_the_url(platform: Platform, open_screen: Open) -> None:
    app = press(open_screen("sla", "oversight@HQ"), "Freeze")
    assert entry(app, "at") == NOW.isoformat()
    assert frozen_at(NOW) is None


def test_an_office_sees_the_number_of_cases_it_may_not_open(platform: Platform, open_screen: Open) -> None:
    add(platform, 3, -2)
    said = texts(open_screen("sla", "liaison@DAL"))
    assert "Late now: 3" in said
    assert "3 more are in offices whose cases you may not open" in said


def test_clocks_of_people_are_open_or_ended_and_never_late(platform: Platform) -> None:
    add(platform, 1, -2, holder="person", policy="evidence")
    add(platform, 1, 30, holder="person", policy="appeal-window")
    found = look(platform)
    with platform.reading() as session:
        listing = list_cases(OVERSIGHT, session, duties_of(found, None, "windows"), NOW)
    states = [row.cells[2].text for row in case_rows(listing, found, {}, {}, "America/New_York")]
    assert states == ["○ open until Wed 15:00 EST", "– ended"]
    assert found.tally().late == found.tally().due == 0


def test_the_csv_has_exact_instants_and_no_formula(platform: Platform) -> None:
    add(platform, 1, -2)
    with platform.writing() as session:
        session.add(User(id="u", login="u", name="=HYPERLINK(1)", created_at=NOW))
        clock = session.exec(select(Clock)).one()
        session.add(
            Task(
                id=f"{clock.instance}:1",
                instance=clock.instance,
                token="1",
                process="pd-request",
                case=clock.case,
                element="write-determination",
                name="Write the determination",
                state="claimed",
                assignee="u",
                claimed_at=NOW - HOUR,
                opened_at=NOW - 3 * HOUR,
                opened_by_fact=1,
                changed_by_fact=1,
            )
        )
    found = look(platform)
    with platform.reading() as session:
        listing = list_cases(OVERSIGHT, session, found.duties, NOW)
    (row,) = csv.DictReader(io.StringIO(as_csv(listing.rows, found)))
    assert (row["due"], row["state"], row["stopped"]) == ((NOW - 2 * HOUR).isoformat(), "late", "")
    assert row["with"] == "'=HYPERLINK(1)"
    assert (row["step"], row["step_hours"]) == ("Write the determination", "3.0")
