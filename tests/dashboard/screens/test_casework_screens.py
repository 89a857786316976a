"""Queue, case, intake and users on real models: what is shown, what a press does, what a refusal says."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from sqlmodel import select

from pdflow.casework import requests
from pdflow.records.tables import Case, Task, TaskDraft
from pdflow.services import tasks, users
from pdflow.services.actor import SYSTEM, Actor, Grant
from pdflow.services.platform import Platform

from .conftest import Open, buttons, press, texts

OFFICER = Actor("officer", frozenset({Grant("officer", "HOU")}))
REQUEST: dict[str, Any] = {
    "channel": "own_motion",
    "intake": "in_person",
    "filed_at": "HOU",
    "consent": "The office asks on its own motion; nobody else has asked.",
    "given": "Luz",
    "family": "Arce",
    "language": "en",
    "state": "Texas",
    "county": "Harris",
}


@pytest.fixture
def case(platform: Platform) -> str:
    return requests.take_in(OFFICER, platform, REQUEST).case


def task_of(platform: Platform, case: str) -> Task:
    with platform.reading() as session:
        return session.exec(select(Task).where(Task.case == case)).one()


def test_the_queue_says_the_first_thing_to_do_and_shows_why(open_screen: Open, case: str):
    app = open_screen("queue", "officer@HOU")
    assert not app.exception
    assert f"Case {case}" in texts(app)
    assert "Write down why the office acts on its own" in texts(app)
    assert "Start" in buttons(app)


def test_an_empty_queue_says_what_others_have(open_screen: Open, case: str):
    app = open_screen("queue", "liaison@HOU")
    assert "Nothing waits for you. 1 tasks of your office wait for others." in texts(app)


def test_a_case_shows_who_has_it_and_offers_its_task(open_screen: Open, case: str):
    app = open_screen("case", "officer@HOU", case=case)
    assert not app.exception
    assert "L. Arce" in texts(app)
    assert "With officer of HOU" in texts(app)


def test_a_started_task_shows_its_form_says_what_is_left_and_keeps_a_draft(
    open_screen: Open, platform: Platform, case: str
):
    task = task_of(platform, case)
    tasks.claim(OFFICER, platform, task.id)
    app = open_screen("case", "officer@HOU", case=case, task=task.id)
    app = press(app, "Complete and next")
    assert "Why does the office act on its own? is needed." in texts(app)
    app.text_area(key=f"task-{task.id}.reasons").set_value("The docket review found it.").run()
    with platform.reading() as session:
        (draft,) = session.exec(select(TaskDraft)).all()
    assert draft.payload == {"reasons": "The docket review found it."}


def test_completing_moves_the_case_on(open_screen: Open, platform: Platform, case: str):
    task = task_of(platform, case)
    tasks.claim(OFFICER, platform, task.id)
    app = open_screen("case", "officer@HOU", case=case, task=task.id)
    app.text_area(key=f"task-{task.id}.reasons").set_value("The docket review found long residence.").run()
    press(app, "Complete and next")
    with platform.reading() as session:
        done = session.get_one(Task, task.id)
        open_now = session.exec(select(Task.element).where(Task.case == case, Task.state == "open")).all()
    assert (done.state, done.closed_by) == ("completed", "officer")
    assert open_now == ["acknowledge"]


def test_a_case_of_another_office_does_not_open(open_screen: Open, case: str):
    app = open_screen("case", "officer@SEA", case=case)
    assert "There is no case" in texts(app)
    assert "Arce" not in texts(app)


def test_the_menu_of_a_case_has_only_what_the_viewer_may_do(open_screen: Open, case: str):
    officer = [each.label for each in open_screen("case", "officer@HOU", case=case).expander]
    overseer = [each.label for each in open_screen("case", "oversight@HQ", case=case).expander]
    assert "Record a removal date" in officer
    assert "Hand the case to another office" not in officer
    assert "Record a removal date" not in overseer


def test_a_request_taken_back_closes_the_case(open_screen: Open, platform: Platform, case: str):
    app = open_screen("case", "officer@HOU", case=case)
    app.text_area(key="do-withdraw-reason").set_value("I do not want this any more.").run()
    app.button(key="do-withdraw").click().run()
    with platform.reading() as session:
        row = session.get_one(Case, case)
    assert (row.state, row.outcome) == ("closed", "withdrawn")


def test_intake_says_what_is_missing_in_the_words_of_the_form(open_screen: Open):
    app = press(open_screen("new", "officer@HOU"), "Take in")
    said = unescape(texts(app))
    assert "Consent, in the person's or submitter's own words is needed." in said
    assert "A request can bring you to the agency's notice." in said


def test_the_administrator_makes_a_user_with_a_role(open_screen: Open, platform: Platform):
    app = open_screen("users", "administrator@HQ")
    fields = {field.label: field for field in app.text_input}
    fields["User name"].set_value("lee")
    fields["Name, as colleagues see it"].set_value("Lee Kim")
    app.selectbox(key="role-new").set_value("officer")
    app.selectbox(key="unit-new").set_value("HOU")
    press(app, "Make user")
    with platform.reading() as session:
        made = users.by_login(session, "lee")
        assert made is not None
        assert users.actor(session, made).groups == {"HOU.officer"}


def test_an_unknown_user_of_the_page_sees_nothing_of_the_users(open_screen: Open, platform: Platform):
    users.create(SYSTEM, platform, login="lee", name="Lee Kim", grants=[Grant("officer", "HOU")])
    app = open_screen("users", "officer@HOU")
    assert app.exception
    assert "Lee Kim" not in texts(app)
