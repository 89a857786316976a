"""The whole table of BPMN 2.0.2: every kind of event in every position."""

import pytest

from pdflow.engine.lint import lint
from tests.engine.rules.snippets import model

KINDS = [
    "none",
    "message",
    "timer",
    "escalation",
    "error",
    "cancel",
    "compensate",
    "conditional",
    "link",
    "signal",
    "terminate",
]
ALLOWED = {
    "process start": {"none", "message", "timer", "conditional", "signal"},
    "subprocess start": {"none"},
    "event subprocess start": {
        "message",
        "timer",
        "escalation",
        "error",
        "compensate",
        "conditional",
        "signal",
    },
    "non-interrupting event subprocess start": {"message", "timer", "escalation", "conditional", "signal"},
    "catch": {"message", "timer", "conditional", "link", "signal"},
    "boundary": {"message", "timer", "escalation", "error", "cancel", "compensate", "conditional", "signal"},
    "non-interrupting boundary": {"message", "timer", "escalation", "compensate", "conditional", "signal"},
    "throw": {"none", "message", "escalation", "compensate", "link", "signal"},
    "end": {"none", "message", "escalation", "error", "cancel", "compensate", "signal", "terminate"},
}
SHAPES = {
    "process start": '<startEvent id="e">{}</startEvent>',
    "subprocess start": '<subProcess id="s"><startEvent id="e">{}</startEvent></subProcess>',
    "event subprocess start": '<subProcess id="s" triggeredByEvent="true"><startEvent id="e">{}</startEvent></subProcess>',
    "non-interrupting event subprocess start": (
        '<subProcess id="s" triggeredByEvent="true"><startEvent id="e" isInterrupting="false">{}</startEvent></subProcess>'
    ),
    "catch": '<intermediateCatchEvent id="e">{}</intermediateCatchEvent>',
    "boundary": '<task id="t"/><boundaryEvent id="e" attachedToRef="t">{}</boundaryEvent>',
    "non-interrupting boundary": (
        '<task id="t"/><boundaryEvent id="e" attachedToRef="t" cancelActivity="false">{}</boundaryEvent>'
    ),
    "throw": '<intermediateThrowEvent id="e">{}</intermediateThrowEvent>',
    "end": '<endEvent id="e">{}</endEvent>',
}
#: Who refuses a none event where something must be awaited.
NONE_REFUSED_BY = {
    "event subprocess start": "event-subprocess",
    "non-interrupting event subprocess start": "event-subprocess",
    "boundary": "boundary-event",
    "non-interrupting boundary": "boundary-event",
}
CASES = [pytest.param(position, kind, id=f"{kind} at {position}") for position in SHAPES for kind in KINDS]


@pytest.mark.parametrize(("position", "kind"), CASES)
def test_an_event_stands_only_where_the_standard_has_it(position, kind):
    definition = "" if kind == "none" else f'<{kind}EventDefinition id="d"/>'
    findings = lint(model(SHAPES[position].format(definition)))
    rule = NONE_REFUSED_BY.get(position, "event-position") if kind == "none" else "event-position"
    hits = [one.element for one in findings if one.rule == rule]
    assert bool(hits) == (kind not in ALLOWED[position]), [str(one) for one in findings]
    assert set(hits) <= {"e"}


def test_an_event_definition_that_is_pointed_to_counts_like_an_own_one():
    text = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="x" targetNamespace="http://example.org">
      <timerEventDefinition id="shared"><timeDuration>PT1H</timeDuration></timerEventDefinition>
      <process id="p" isExecutable="true"><endEvent id="e"><eventDefinitionRef>shared</eventDefinitionRef></endEvent></process>
    </definitions>"""
    assert [one.element for one in lint(text.encode()) if one.rule == "event-position"] == ["e"]
