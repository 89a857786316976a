"""Elements and changes of a model in words."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pdflow.engine import load
from pdflow.engine.findings import ModelRefused
from pdflow.services.model_changes import changes
from pdflow.services.model_words import describe, duration_words, who

MODEL = Path(__file__).with_name("requests.bpmn").read_text()
POLICY = {
    "id": "decide",
    "title": "Decide the request",
    "target": "P15D",
    "calendar": "elapsed",
    "holder": "office",
    "pausable": False,
    "levels": [{"name": "warning", "percent": 75}, {"name": "overdue", "after_breach": "PT24H"}],
    "escalation": [
        {"level": "warning", "step": "liaison"},
        {"level": "breached", "step": "director"},
        {"level": "overdue", "step": "headquarters"},
    ],
}
PARTS = {"forms": {"decide": {"title": "Write the determination"}}, "policies": {"decide": POLICY}}


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        pytest.param('=office + ".officer"', "officer of the case's office", id="of the office"),
        pytest.param('=[review_unit + ".reviewer"]', "reviewer of the review unit", id="of the review unit"),
        pytest.param("HQ.hq_reviewer", "reviewer at Headquarters", id="fixed text"),
        pytest.param('"HQ.hq_liaison"', "liaison at Headquarters", id="fixed in an expression"),
        pytest.param(
            'if level = 1 then office + ".liaison" else office + ".director"',
            "liaison of the case's office, then director of the case's office",
            id="by level",
        ),
        pytest.param("=somebody()", "=somebody()", id="what it cannot read stays as it is"),
    ],
)
def test_candidate_groups_are_said_as_people(groups: str, words: str) -> None:
    assert who(groups) == words


@pytest.mark.parametrize(
    ("time", "words"),
    [(timedelta(hours=48), "48 hours"), (timedelta(days=10), "10 days"), (timedelta(hours=1), "1 hour")],
    ids=["in hours up to 48", "then in days", "one"],
)
def test_limits_are_said_as_people_say_them(time: timedelta, words: str) -> None:
    assert duration_words(time) == words


def test_a_task_says_who_does_it_with_which_form_by_which_clock_and_who_is_next() -> None:
    found = describe(load(MODEL.encode()), "decide", PARTS)
    assert found is not None
    said = dict(found.properties)
    assert said["Who"] == "officer of the case's office"
    assert said["Form"] == "Write the determination"
    assert said["Clock"] == "Decide the request: 15 days"
    assert said["Then escalate to"] == (
        "at 75 %: the office's liaison; when late: the field office director; "
        "24 hours after it is late: the Headquarters liaison"
    )


def test_a_clock_that_the_person_holds_is_said_to_be_never_late() -> None:
    parts = {**PARTS, "policies": {"decide": {**POLICY, "holder": "person", "escalation": []}}}
    found = describe(load(MODEL.encode()), "decide", parts)
    assert found is not None
    assert "never late" in dict(found.properties)["Held by"]


def test_what_is_no_element_has_no_words() -> None:
    assert describe(load(MODEL.encode()), "f1", PARTS) is None


@pytest.mark.parametrize(
    ("old", "new", "element", "what"),
    [
        pytest.param('name="Decide"', 'name="Judge"', "decide", "name: Decide → Judge", id="a name"),
        pytest.param(
            'formId="decide"', 'formId="file"', "decide", "formDefinition formId: decide → file", id="a form"
        ),
        pytest.param(
            'name="sla:policy" value="decide"',
            'name="sla:policy" value="inquire"',
            "decide",
            "sla:policy: decide → inquire",
            id="a clock",
        ),
        pytest.param(
            'sourceRef="begin" targetRef="decide"',
            'sourceRef="begin" targetRef="tell"',
            "f1",
            "targetRef: decide → tell",
            id="a flow",
        ),
    ],
)
def test_one_change_is_one_line_of_one_element(old: str, new: str, element: str, what: str) -> None:
    assert old in MODEL
    (change,) = changes(MODEL, MODEL.replace(old, new, 1))
    assert (change.kind, change.element, change.what) == ("changed", element, (what,))


def test_added_and_removed_elements_are_told_apart() -> None:
    flow = '<bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="decide" />'
    without = MODEL.replace(flow, "", 1)
    assert [(change.kind, change.element) for change in changes(without, MODEL)] == [("added", "f1")]
    assert [(change.kind, change.element) for change in changes(MODEL, without)] == [("removed", "f1")]


def test_the_same_model_has_no_changes_and_neither_has_one_that_is_only_drawn_anew() -> None:
    assert changes(MODEL, MODEL) == []
    drawing = (
        '<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" id="d">'
        '<di:BPMNPlane id="p" bpmnElement="request" /></di:BPMNDiagram></bpmn:definitions>'
    )
    assert changes(MODEL, MODEL.replace("</bpmn:definitions>", drawing)) == []


def test_a_model_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ModelRefused):
        changes(MODEL, "<!DOCTYPE x>" + MODEL)
