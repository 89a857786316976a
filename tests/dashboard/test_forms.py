"""A form shows what its schema says for the answers given, keeps a draft, and says what is left in its own words."""

import pytest

from dashboard.forms import Item, findings, opening_value, resolve

SCHEMA = {
    "type": "object",
    "required": ["channel", "consent", "domains"],
    "properties": {
        "channel": {"title": "How it came in", "oneOf": [{"const": "phone"}, {"const": "mail"}]},
        "consent": {"title": "Consent", "type": "string", "minLength": 10},
        "domains": {
            "title": "Equity domains",
            "type": "array",
            "x-items": "domains",
            "items": {
                "type": "object",
                "required": ["answer"],
                "properties": {"answer": {"title": "Answer", "enum": ["yes", "no", "declined"]}},
            },
        },
    },
    "if": {"properties": {"channel": {"const": "phone"}}, "required": ["channel"]},
    "then": {
        "properties": {"callback": {"title": "Number to call back", "type": "string"}},
        "required": ["callback"],
    },
}
ITEMS = {"domains": [Item("family", "Family"), Item("health", "Health")]}


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ({}, ["channel", "consent", "domains"]),
        ({"channel": "mail"}, ["channel", "consent", "domains"]),
        ({"channel": "phone"}, ["channel", "consent", "domains", "callback"]),
    ],
    ids=["nothing answered", "a branch that does not hold", "a branch that holds"],
)
def test_fields_follow_the_answers(value, names):
    assert [field.name for field in resolve(SCHEMA, value)] == names


def test_every_item_of_the_case_has_a_row_and_a_draft_keeps_its_answers():
    draft = {
        "channel": "mail",
        "domains": [{"item": "health", "answer": "yes"}, {"item": "gone", "answer": "no"}],
    }
    assert opening_value(SCHEMA, draft, ITEMS) == {
        "channel": "mail",
        "domains": [{"item": "family"}, {"item": "health", "answer": "yes"}],
    }


def test_what_is_left_is_said_in_the_words_of_the_form():
    value = {
        "channel": "phone",
        "consent": "short",
        "domains": [{"item": "family"}, {"item": "h", "answer": "yes"}],
    }
    assert [finding.sentence for finding in findings(SCHEMA, value)] == [
        "Consent needs at least 10 characters.",
        "Equity domains, no. 1, Answer is needed.",
        "Number to call back is needed.",
    ]


def test_a_complete_form_has_no_finding():
    value = {"channel": "mail", "consent": "I ask for this myself.", "domains": []}
    assert findings(SCHEMA, value) == []


DRAWN = """
import streamlit as st
from dashboard.forms import Item, draw
from tests.dashboard.test_forms import ITEMS, SCHEMA
st.session_state["answer"] = draw(SCHEMA, {"consent": "I ask for this myself."}, key="t", items=ITEMS, marked=set())
"""


def test_drawn_widgets_give_back_what_was_answered():
    from streamlit.testing.v1 import AppTest

    page = AppTest.from_string(DRAWN).run()
    assert not page.exception
    page.radio(key="t.channel").set_value("phone").run()
    page.text_area(key="t.callback").set_value("555-0142").run()
    page.radio(key="t.domains.health.answer").set_value("declined").run()
    assert page.session_state["answer"] == {
        "channel": "phone",
        "consent": "I ask for this myself.",
        "callback": "555-0142",
        "domains": [{"item": "family"}, {"item": "health", "answer": "declined"}],
    }
