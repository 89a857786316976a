"""The cases behind a figure: who has each, what used the time, why, and what was done."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from pdflow.casework import packs, requests
from pdflow.casework.sla_cases import Listing, list_cases, signing
from pdflow.services import definitions, tasks
from pdflow.services.actor import Actor
from pdflow.services.draft_tests import run_tests
from pdflow.services.sla_board import Scope, board

from .conftest import DIRECTOR, LIAISON, OFFICER, REQUEST, START, Casework, actor

OVERSIGHT = actor("oversight", "oversight", "HQ")
ELSEWHERE = actor("elsewhere", "officer", "DAL")


def counted(casework: Casework) -> None:
    """Take in a case that counts: it becomes an ordinary one at its anchor."""
    anchor = START + timedelta(days=365)
    receipt = requests.take_in(
        OFFICER, casework.platform, REQUEST, at=casework.now, simulated=True, anchor=anchor
    )
    casework.case = receipt.case


def late(casework: Casework, who: Actor = OVERSIGHT) -> Listing:
    with casework.platform.reading() as session:
        found = board(session, Scope(casework.now))
        return list_cases(who, session, [d for d in found.duties if d.late(casework.now)], casework.now)


def test_a_late_case_says_who_has_it_since_when_and_which_step_used_the_time(casework: Casework) -> None:
    counted(casework)
    casework.later(hours=49)
    (row,) = late(casework).rows
    assert (row.duty.case, row.duty.policy, row.duty.unit) == (casework.case, "acknowledge", "ATL")
    assert (row.holder, row.since) == ("officer of ATL", START)
    assert (row.step, row.step_time) == ("Check the request and acknowledge it", timedelta(hours=49))
    assert (row.cause, row.action) == (None, None)
    assert row.escalated is not None and row.escalated[0] == "director"


def test_who_claimed_the_step_has_the_case(casework: Casework) -> None:
    counted(casework)
    casework.later(hours=49)
    (task,) = [each for each in casework.open() if each.element == "acknowledge"]
    tasks.claim(OFFICER, casework.platform, task.id)
    (row,) = late(casework).rows
    assert row.holder == OFFICER.user


def test_what_was_said_when_the_escalation_was_closed_stands_beside_the_case(casework: Casework) -> None:
    counted(casework)
    casework.later(hours=49)
    casework.do("answer-escalation", {"cause": "waiting_interpreter", "action": "helped"}, by=DIRECTOR)
    (row,) = late(casework).rows
    assert (row.cause, row.action) == ("Waiting for an interpreter", "Help was arranged")


@pytest.mark.parametrize(
    ("who", "rows", "hidden"),
    [
        pytest.param(OVERSIGHT, 1, 0, id="oversight sees every case"),
        pytest.param(LIAISON, 1, 0, id="the office sees its own"),
        pytest.param(ELSEWHERE, 0, 1, id="another office sees the number alone"),
    ],
)
def test_cases_that_one_may_not_open_are_counted_and_not_listed(
    casework: Casework, who: Actor, rows: int, hidden: int
) -> None:
    counted(casework)
    casework.later(hours=49)
    found = late(casework, who)
    assert (len(found.rows), found.hidden) == (rows, hidden)


def test_approval_to_signature_counts_what_still_waits_as_running(casework: Casework) -> None:
    counted(casework)
    casework.until("approve")
    casework.later(hours=1)
    casework.do("approve")
    casework.later(hours=6)
    with casework.platform.reading() as session:
        waiting = signing(session, Scope(casework.now), None).approval
    assert (waiting.measured, waiting.running, waiting.median) == (1, 1, None)
    casework.do("sign")
    with casework.platform.reading() as session:
        signed = signing(session, Scope(casework.now), "ATL").approval
        elsewhere = signing(session, Scope(casework.now), "DAL").approval
        before = signing(session, Scope(casework.now - timedelta(hours=3)), None).approval
    assert (signed.measured, signed.running) == (1, 0)
    assert elsewhere.measured == 0
    assert (before.measured, before.running) == (1, 1)


def test_a_practice_case_is_in_no_list(casework: Casework) -> None:
    casework.take_in()
    casework.later(hours=49)
    assert late(casework) == Listing((), 0)


@pytest.mark.parametrize("tests", sorted(packs.BPMN.glob("tests/*.json")), ids=lambda path: path.stem)
def test_the_shipped_model_tests_pass_on_the_deployed_definitions(casework: Casework, tests: Path) -> None:
    with casework.platform.reading() as session:
        content = definitions.manifest(session, definitions.latest(session, tests.stem))
        results = run_tests(session, content, json.loads(tests.read_bytes()))
    assert results
    assert {result.name: result.wrong for result in results if result.wrong} == {}
