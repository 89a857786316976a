"""The Case screen, the queue and the look-up show what is so, to those who may see it, and log who looked."""

from datetime import timedelta

import pytest
from sqlmodel import select

from pdflow.casework import practice
from pdflow.casework.find import find
from pdflow.casework.view import case_clocks, diagrams, head, notice_rows, open_case, people, timeline
from pdflow.casework.worklist import worklist
from pdflow.records.tables import Lookup
from pdflow.services.errors import NotFound, Refused
from tests.casework.conftest import HQ_LIAISON, LIAISON, OFFICER, START, SUPERVISOR, Casework, actor

ELSEWHERE = actor("other", "officer", "SEA")
OVERSIGHT = actor("overseer", "oversight", "HQ")


@pytest.fixture
def case(platform) -> Casework:
    made = Casework(platform)
    made.take_in(a_number="A 12 345 678")
    return made


def test_the_head_says_who_has_the_case_and_what_is_next(platform, case):
    with platform.reading() as session:
        about = head(OFFICER, session, open_case(OFFICER, session, case.case))
    assert (about.short_name, about.office, about.doing) == ("M. Ejemplo", "ATL", "received")
    (task,) = about.tasks
    assert (task.element, task.holder, task.mine) == ("acknowledge", None, True)
    assert task.due == START + timedelta(hours=48)


@pytest.mark.parametrize(
    "who", [OFFICER, SUPERVISOR, LIAISON, HQ_LIAISON, OVERSIGHT], ids=lambda who: who.user
)
def test_the_office_headquarters_and_oversight_may_open_a_case(platform, case, who):
    with platform.reading() as session:
        assert open_case(who, session, case.case).id == case.case


def test_another_office_cannot_tell_a_case_from_one_that_does_not_exist(platform, case):
    sentences = []
    for number in (case.case, "222-222"):
        with platform.reading() as session, pytest.raises(NotFound) as refusal:
            open_case(ELSEWHERE, session, number)
        sentences.append(str(refusal.value).replace(number, "N"))
    assert sentences[0] == sentences[1]


def test_a_clock_says_how_it_stands_and_what_it_reaches_next(platform, case):
    with platform.reading() as session:
        (clock,) = [each for each in case_clocks(session, case.case) if each.policy == "acknowledge"]
    assert (clock.look, clock.next_level[0]) == ("on_time", "half")
    case.later(hours=49)
    with platform.reading() as session:
        (clock,) = [each for each in case_clocks(session, case.case) if each.policy == "acknowledge"]
    assert (clock.look, [event.level for event in clock.events if event.kind == "level"]) == (
        "late",
        ["half", "warning", "breached"],
    )


def test_the_timeline_is_newest_first_and_folds_what_the_machine_did(platform, case):
    case.do("acknowledge")
    with platform.reading() as session:
        entries = timeline(session, case.case)
    assert [entry.at for entry in entries] == sorted((entry.at for entry in entries), reverse=True)
    said = [entry.sentence for entry in entries if not entry.folded]
    assert said[-1] == "The process began."
    assert any(sentence.startswith("Done: Check the request") for sentence in said)


def test_people_show_how_to_reach_them_and_only_the_end_of_a_number(platform, case):
    with platform.reading() as session:
        found = people(session, open_case(OFFICER, session, case.case))
    assert (found[0].name, found[0].reach) == ("Maria Ejemplo", "maria@example.org")
    assert "a-number ending in 678" in found[0].details
    assert not any(
        "12345678" in line for person in found for line in (person.name, person.reach, *person.details)
    )


def test_a_letter_that_was_sent_is_kept_word_for_word(platform, case):
    case.do("acknowledge")
    with platform.reading() as session:
        (row,) = notice_rows(session, case.case)
    assert (row.kind, row.language, row.state) == ("acknowledgement", "es", "served")
    assert case.case in row.text


def test_the_diagram_shows_where_the_token_is(platform, case):
    with platform.reading() as session:
        shown = diagrams(session, case.instance().id)
    assert "acknowledge" in shown[0].active
    assert shown[0].names["acknowledge"]
    case.later(hours=49)
    with platform.reading() as session:
        assert diagrams(session, case.instance().id)[0].late == ("intake",), (
            "the part that the clock measures"
        )


def test_the_queue_puts_the_most_urgent_first_and_counts_what_filters_show(platform, case):
    other = Casework(platform)
    other.take_in(held=True, held_office="ATL", custody="ATL-1")
    with platform.reading() as session:
        found = worklist(OFFICER, session, START)
    assert found.rows[0].case == other.case
    assert (found.counts["all"], found.counts["held"], found.counts["late"]) == (2, 1, 0)
    late = START + timedelta(hours=48)
    with platform.reading() as session:
        assert worklist(OFFICER, session, late).counts["late"] == 0, "at exactly due it is in time"
        assert worklist(OFFICER, session, late + timedelta(seconds=1)).counts["late"] == 2


def test_the_queue_says_what_is_new_since_the_last_visit(platform, case):
    with platform.reading() as session:
        assert worklist(OFFICER, session, START).since is None
        new = worklist(OFFICER, session, START, START - timedelta(days=3)).since
        old = worklist(OFFICER, session, START, START).since
    assert (new.new, new.bounced, old.new) == (1, 0, 0)


def test_the_queue_of_a_liaison_shows_what_the_office_waits_for_from_others(platform, case):
    with platform.reading() as session:
        found = worklist(LIAISON, session, START)
    assert found.rows == ()
    assert [row.case for row in found.filtered("waiting", START)] == [case.case]


@pytest.mark.parametrize(
    "typed", ["{case}", "{lower}", "{receipt}", "A12345678", "012 345 678", "maria EJEMPLO 1985-04-01"]
)
def test_a_case_is_found_by_number_receipt_a_number_or_name_with_birth_date(platform, case, typed):
    record = case.record()
    typed = typed.format(case=case.case, lower=case.case.lower(), receipt=record.receipt)
    assert [hit.case for hit in find(OFFICER, platform, typed)] == [case.case]


@pytest.mark.parametrize("typed", ["Ejemplo", "caregiver", "Atlanta", "%", "maria 1985-04-01"])
def test_there_is_no_search_by_anything_else(platform, case, typed):
    with pytest.raises(Refused) as refusal:
        find(OFFICER, platform, typed)
    assert refusal.value.code == "look-up-form"


def test_each_look_up_is_logged_without_what_was_typed(platform, case):
    assert find(ELSEWHERE, platform, "A12345678") == []
    with platform.reading() as session:
        (logged,) = session.exec(select(Lookup)).all()
    assert (logged.actor, logged.kind, logged.found) == ("other", "a-number", 0)
    assert "12345678" not in (logged.term or "")


def test_a_practice_case_goes_from_due_time_to_due_time(platform, case):
    instance = case.instance().id
    assert practice.clock(platform, instance).due == START + timedelta(hours=24)
    assert practice.advance(OFFICER, platform, instance, None) == START + timedelta(hours=24)
    assert practice.advance(OFFICER, platform, instance, timedelta(days=2)) == START + timedelta(hours=72)
    assert practice.clock(platform, instance).now == START + timedelta(hours=72)


def test_nobody_moves_the_clock_of_a_case_that_is_no_practice_case(platform, case):
    with platform.writing() as session:
        open_case(OFFICER, session, case.case).practice = False
    with pytest.raises(Refused) as refusal:
        practice.advance(OFFICER, platform, case.instance().id, None)
    assert refusal.value.code == "not-practice"
