"""Embedded, event and ad-hoc subprocesses."""

from __future__ import annotations

import pytest

from pdflow.engine import Moved
from tests.engine.models import (
    TERMINATE,
    TOP,
    bpmn,
    end,
    ext,
    flow,
    flows,
    io,
    node,
    script,
    signal,
    start,
    sub,
    timer,
    user,
)  # fmt: skip


def test_a_subprocess_is_complete_when_its_last_token_is(drive):
    inner = sub("sub", start("is"), user("a"), user("b"), end("ie"), flows("is -> a -> ie"), flows("is -> b"))
    d = drive(bpmn(start(), inner, user("x"), flows("s -> sub -> x")))
    d.complete("a")
    assert d.waiting() == ["b"]
    d.complete("b")
    assert d.waiting() == ["x"]


def test_an_empty_subprocess_is_passed(drive):
    d = drive(bpmn(start(), sub("sub"), user("x"), flows("s -> sub -> x")))
    assert d.waiting() == ["x"]


def test_a_subprocess_without_a_start_event_starts_what_no_flow_leads_to(drive):
    inner = sub("sub", user("a"), user("b"), user("c"), flows("a -> c"))
    d = drive(bpmn(start(), inner, flows("s -> sub")))
    assert d.waiting() == ["a", "b"]


def test_facts_name_the_scope_instance(drive):
    d = drive(bpmn(start(), sub("sub", start("is"), user("a"), flows("is -> a")), flows("s -> sub")))
    scope = {
        fact.element: fact.scope for fact in d.facts if isinstance(fact, Moved) and fact.event == "enter"
    }
    token = {fact.element: fact.token for fact in d.facts if fact.event == "enter"}
    assert scope == {"s": None, "sub": None, "is": token["sub"], "a": token["sub"]}


def test_variables_of_a_subprocess_stay_inside_unless_they_exist_outside(drive):
    inner = sub(
        "sub", ext(io("in local = 1", "out result = local + shared")), start("is"),
        node("scriptTask", "sc", script("local + 5", "local")), node("scriptTask", "sh", script("10", "shared")),
        flows("is -> sc -> sh"),
    )  # fmt: skip
    d = drive(bpmn(start(), inner, user("x"), flows("s -> sub -> x")), {"shared": 0})
    assert d.variables == {"shared": 10, "result": 16}


def test_variables_that_exist_nowhere_are_set_in_the_process(drive):
    d = drive(
        bpmn(start(), sub("sub", start("is"), user("a"), flows("is -> a")), user("x"), flows("s -> sub -> x"))
    )
    d.complete("a", new=1)
    assert d.variables == {"new": 1}


def test_deep_nesting_of_subprocesses_needs_no_deep_stack(drive):
    inner = user("a")
    for level in range(60):
        inner = sub(f"sub{level}", inner)
    d = drive(bpmn(start(), inner, user("x"), flows("s -> sub59 -> x")))
    d.complete("a")
    assert d.waiting() == ["x"]


AD_HOC = "".join([user("a"), user("b"), user("c"), flows("a -> c")])


def test_an_ad_hoc_subprocess_starts_all_that_no_flow_leads_to_and_waits_for_all(drive):
    d = drive(bpmn(start(), node("adHocSubProcess", "ad", AD_HOC), user("x"), flows("s -> ad -> x")))
    assert d.waiting() == ["a", "b"]
    d.complete("a")
    d.complete("c")
    assert d.waiting() == ["b"]
    d.complete("b")
    assert d.waiting() == ["x"]


def test_a_sequential_ad_hoc_subprocess_does_one_after_the_other(drive):
    """Hazard: the ordering was looked for in the wrong namespace and never found."""
    d = drive(
        bpmn(
            start(),
            node("adHocSubProcess", "ad", AD_HOC, ordering="Sequential"),
            user("x"),
            flows("s -> ad -> x"),
        )
    )
    assert d.waiting() == ["a"]
    d.complete("a")
    assert d.waiting() == ["c"]
    d.complete("c")
    assert d.waiting() == ["b"]
    d.complete("b")
    assert d.waiting() == ["x"]


@pytest.mark.parametrize(("cancel", "left"), [("true", ["x"]), ("false", ["b"])])
def test_the_completion_condition_of_an_ad_hoc_subprocess_cancels_the_rest_or_lets_it_finish(
    drive, cancel, left
):
    inside = user("a") + user("b") + "<completionCondition>enough</completionCondition>"
    d = drive(
        bpmn(
            start(),
            node("adHocSubProcess", "ad", inside, cancelRemainingInstances=cancel),
            user("x"),
            flows("s -> ad -> x"),
        )
    )
    d.complete("a", enough=True)
    assert d.waiting() == left
    if left == ["b"]:
        d.complete("b")
        assert d.waiting() == ["x"]


def test_an_ad_hoc_subprocess_activates_the_elements_that_the_model_names(drive):
    inside = ext('<zeebe:adHoc activeElementsCollection="=chosen" />') + AD_HOC
    xml = bpmn(start(), node("adHocSubProcess", "ad", inside), user("x"), flows("s -> ad -> x"))
    assert drive(xml, {"chosen": ["b"]}).waiting() == ["b"]
    assert drive(xml, {"chosen": []}).waiting() == ["x"]
    assert drive(xml, {"chosen": ["nowhere"]}).incidents() == ["ad-hoc-elements"]


def test_event_subprocesses_nest(drive):
    innermost = sub("h2", start("h2s", signal("sig2")), user("z"), flows("h2s -> z"), triggeredByEvent="true")
    handler = sub(
        "h", start("hs", signal("sig")), user("y"), flows("hs -> y"), innermost, triggeredByEvent="true"
    )
    d = drive(bpmn(start(), user("a"), flows("s -> a"), handler, top=TOP))
    assert not d.signal("sig2")
    d.signal("sig")
    d.signal("sig2")
    assert d.waiting() == ["z"]
    d.complete("z")
    assert d.ended == "completed"


def test_cancelling_an_instance_terminates_everything_innermost_first(drive):
    d = drive(bpmn(start(), sub("sub", start("is"), user("a"), flows("is -> a")), flows("s -> sub")))
    d.cancel()
    assert d.ended == "terminated"
    assert d.trace("terminate", "end") == ["terminate a", "terminate sub", "end p"]
    assert not d.signal("anything")


def test_terminate_inside_an_event_subprocess_ends_that_one_only(drive):
    handler = sub(
        "h",
        start("hs", signal("sig"), isInterrupting="false"),
        user("y"),
        end("stop", TERMINATE),
        flows("hs -> y -> stop"),
        triggeredByEvent="true",
    )
    d = drive(bpmn(start(), user("a"), flows("s -> a"), handler, top=TOP))
    d.signal("sig")
    d.complete("y")
    assert d.waiting() == ["a"]


def test_a_flow_s_condition_out_of_a_subprocess_sees_what_it_set(drive):
    inner = sub("sub", start("is"), user("a"), flows("is -> a"))
    d = drive(
        bpmn(
            start(),
            inner,
            user("x"),
            user("y"),
            flows("s -> sub"),
            flow("sub -> x", "ok"),
            flow("sub -> y", "not(ok)"),
        )
    )
    d.complete("a", ok=False)
    assert d.waiting() == ["y"]


def test_an_event_subprocess_that_cannot_be_armed_is_an_incident_of_its_scope_and_opens_once_when_retried(
    drive,
):
    handler = sub(
        "h", start("hs", timer("duration", "=wait")), user("y"), flows("hs -> y"), triggeredByEvent="true"
    )
    inner = sub("sub", start("is"), user("a"), flows("is -> a"), handler)
    d = drive(bpmn(start(), inner, user("x"), flows("s -> sub -> x")))
    assert d.incidents() == ["timer-value"]
    d.retry("sub", wait="PT1H")
    assert d.trace("enter") == ["enter s", "enter sub", "enter is", "enter a"]
    d.advance(hours=1)
    assert d.waiting() == ["y"]


def test_a_triggered_event_subprocess_keeps_its_event_s_variables_through_an_incident(drive):
    innermost = sub("h2", start("h2s", timer("duration", "=wait")), triggeredByEvent="true")
    handler = sub(
        "h", start("hs", signal("sig")), user("y"), flows("hs -> y"), innermost, triggeredByEvent="true"
    )
    d = drive(bpmn(start(), user("a"), flows("s -> a"), handler, top=TOP))
    d.signal("sig", got=1)
    assert d.incidents() == ["timer-value"]
    d.retry("h", wait="PT1H")
    assert d.waiting() == ["y"]
    assert d.variables == {"got": 1, "wait": "PT1H"}
    assert d.trace("enter").count("enter h") == 1
