"""Events in positions that no other test moves."""

from __future__ import annotations

import pytest

from tests.engine.models import bpmn, condition, end, escalation, flows, node, start, sub, timer, user


@pytest.mark.parametrize(
    "definition", [timer("cycle", "R/P1D"), condition("= stock < 10")], ids=["timer", "condition"]
)
def test_a_process_is_started_by_its_timer_or_condition_when_the_host_says_so(drive, definition):
    d = drive(bpmn(start("s", definition), user("t"), flows("s -> t")), {"stock": 20}, start="s")
    assert d.trace() == ["enter s", "complete s", "enter t"]


def test_an_escalation_start_that_does_not_interrupt_leaves_the_rest_at_work(drive):
    thrown = node("intermediateThrowEvent", "up", escalation("late"))
    told = sub("told", start("ts", escalation("late"), isInterrupting="false"), user("call"), flows("ts -> call"),
               triggeredByEvent="true")  # fmt: skip
    top = '<escalation id="late" escalationCode="late"/>'
    d = drive(bpmn(start(), thrown, user("work"), told, flows("s -> up -> work"), top=top))
    assert sorted(d.waiting()) == ["call", "work"]


def test_a_none_event_on_the_way_is_passed(drive):
    d = drive(bpmn(start(), node("intermediateThrowEvent", "half_way"), end(), flows("s -> half_way -> e")))
    assert d.ended == "completed"
    assert "complete half_way" in d.trace()
