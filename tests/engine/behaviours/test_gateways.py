"""Exclusive, parallel, inclusive, complex and event-based gateways."""

from __future__ import annotations

import pytest

from pdflow.engine import Moved
from tests.engine.models import (
    TOP,
    boundary,
    bpmn,
    condition,
    end,
    ext,
    flow,
    flows,
    io,
    message,
    node,
    script,
    signal,
    start,
    sub,
    timer,
    user,
)


def gateway(kind: str, node_id: str = "g", **attributes: str) -> str:
    return node(f"{kind}Gateway", node_id, **attributes)


def catch(node_id: str, definition: str) -> str:
    return node("intermediateCatchEvent", node_id, definition)


EXCLUSIVE = bpmn(
    start(), gateway("exclusive", default="g_c"), user("a"), user("b"), user("c"), end(),
    flows("s -> g", "a -> e", "b -> e", "c -> e"),
    flow("g -> c"), flow("g -> a", "= x > 10"), flow("g -> b", "x > 5"),
)  # fmt: skip


@pytest.mark.parametrize(("x", "taken"), [(20, "a"), (7, "b"), (1, "c"), (None, "c")], ids=str)
def test_an_exclusive_gateway_takes_the_first_true_flow_in_document_order_else_the_default(drive, x, taken):
    d = drive(EXCLUSIVE, {"x": x})
    assert d.waiting() == [taken]


def test_an_exclusive_gateway_without_a_way_out_is_an_incident_that_is_retried_with_corrected_data(drive):
    d = drive(
        bpmn(
            start(),
            gateway("exclusive"),
            user("a"),
            end(),
            flows("s -> g", "a -> e"),
            flow("g -> a", "x = 1"),
        )
    )
    assert d.incidents() == ["no-flow"]
    assert "enter g" not in d.trace()
    d.retry("g", x=1)
    assert d.waiting() == ["a"]


def test_a_condition_that_is_neither_true_nor_false_is_an_incident(drive):
    d = drive(EXCLUSIVE, {"x": "many"})
    assert d.waiting() == ["c"], "a comparison of text and number is null, so not true"
    d = drive(bpmn(start(), gateway("exclusive"), user("a"), flows("s -> g"), flow("g -> a", '"yes"')))
    assert d.incidents() == ["condition-value"]


PARALLEL = bpmn(
    start(), gateway("parallel"), user("a"), user("b"), gateway("parallel", "j"), user("c"), end(),
    flows("s -> g", "g -> a -> j", "g -> b -> j", "j -> c -> e"),
)  # fmt: skip


def test_a_parallel_gateway_splits_and_joins(drive):
    d = drive(PARALLEL)
    assert d.waiting() == ["a", "b"]
    d.complete("b")
    assert d.waiting() == ["a"]
    d.complete("a")
    assert d.waiting() == ["c"]
    d.complete("c")
    assert d.ended == "completed"
    assert d.trace().count("enter j") == 1


def test_the_order_of_branches_is_the_document_s_not_the_diagram_s(drive):
    """Hazard: children were ordered by the y coordinate of their shapes."""
    d = drive(
        bpmn(
            start(),
            gateway("parallel"),
            user("z"),
            user("y"),
            flows("s -> g"),
            flow("g -> z"),
            flow("g -> y"),
        )
    )
    assert d.waiting() == ["z", "y"]


def test_a_parallel_join_counts_each_flow_once_though_one_brings_two_tokens(drive):
    d = drive(
        bpmn(
            start(), gateway("parallel"), user("a"), user("b"), user("c"), gateway("exclusive", "x"), gateway("parallel", "j"),
            user("after"), flows("s -> g", "g -> a -> x", "g -> b -> x", "g -> c -> j", "x -> j", "j -> after"),
        )
    )  # fmt: skip
    d.complete("a")
    d.complete("b")
    assert d.waiting() == ["c"]
    d.complete("c")
    assert d.waiting() == ["after"]
    d.complete("after")
    assert d.incidents() == ["join-stalled"], (
        "the second token of x waits for a c that never comes: not in silence"
    )


def test_a_join_that_can_never_be_complete_is_an_incident_and_no_silent_stall(drive):
    d = drive(
        bpmn(start(), gateway("exclusive", default="g_b"), user("a"), user("b"), gateway("parallel", "j"), end(),
             flows("s -> g", "a -> j", "b -> j", "j -> e"), flow("g -> a", "false"), flow("g -> b"))
    )  # fmt: skip
    d.complete("b")
    assert d.incidents() == ["join-stalled"]


INCLUSIVE = bpmn(
    start(), gateway("inclusive", default="g_c"), user("a"), user("b"), user("c"), gateway("inclusive", "j"), user("after"), end(),
    flows("s -> g", "a -> j", "b -> j", "c -> j", "j -> after -> e"),
    flow("g -> a", "x > 1"), flow("g -> b", "x > 2"), flow("g -> c"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("x", "branches"),
    [(3, ["a", "b"]), (2, ["a"]), (0, ["c"])],
    ids=["two are true", "one is true", "the default"],
)
def test_an_inclusive_gateway_takes_what_is_true_and_its_join_waits_for_exactly_that(drive, x, branches):
    d = drive(INCLUSIVE, {"x": x})
    assert d.waiting() == branches
    for branch in branches:
        assert "after" not in d.waiting()
        d.complete(branch)
    assert d.waiting() == ["after"]
    assert d.trace().count("complete j") == 1


def test_an_inclusive_join_does_not_wait_for_what_can_no_longer_come(drive):
    """A branch that leaves by a boundary event to another end never reaches the join."""
    d = drive(
        bpmn(
            start(), gateway("inclusive"), user("a"), user("b"), boundary("t", "b", timer("duration", "PT1H")), end("gone"),
            gateway("inclusive", "j"), user("after"),
            flows("s -> g", "g -> a -> j", "g -> b -> j", "t -> gone", "j -> after"),
        )
    )  # fmt: skip
    d.complete("a")
    assert d.waiting() == ["b"]
    d.advance(hours=1)
    assert d.waiting() == ["after"]


def test_an_inclusive_join_waits_for_a_loop_that_can_still_reach_it(drive):
    d = drive(
        bpmn(
            start(), gateway("parallel"), user("a"), user("b"), gateway("exclusive", "again", default="again_j"),
            gateway("inclusive", "j"), user("after"),
            flows("s -> g", "g -> a -> j", "g -> b -> again", "j -> after"),
            flow("again -> b", "more"), flow("again -> j"),
        )
    )  # fmt: skip
    d.complete("a")
    d.complete("b", more=True)
    assert d.waiting() == ["b"]
    d.complete("b", more=False)
    assert d.waiting() == ["after"]


def test_an_inclusive_join_in_a_subprocess_looks_only_at_its_own_scope_instance(drive):
    inner = sub(
        "sub", start("is"), gateway("inclusive", "g"), user("a"), user("b"), gateway("inclusive", "j"), user("after"),
        flows("is -> g", "b -> j", "a -> j", "j -> after"), flow("g -> a", "true"), flow("g -> b", "both"),
        '<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>',
    )  # fmt: skip
    d = drive(bpmn(start(), inner, end(), flows("s -> sub -> e")), {"both": True})
    d.complete("a")
    d.complete("b")
    assert d.waiting() == ["a", "b", "after"]


COMPLEX = bpmn(
    start(), gateway("parallel"), user("a"), user("b"), user("c"),
    node("complexGateway", "x", "<activationCondition>activationCount >= 2</activationCondition>"), user("after"), end(),
    flows("s -> g", "g -> a -> x", "g -> b -> x", "g -> c -> x", "x -> after -> e"),
)  # fmt: skip


def test_a_complex_gateway_goes_on_with_its_condition_and_takes_in_the_late_token(drive):
    d = drive(COMPLEX)
    d.complete("a")
    assert d.waiting() == ["b", "c"]
    d.complete("c")
    assert d.waiting() == ["b", "after"]
    d.complete("after")
    d.complete("b")
    assert d.ended == "completed"
    assert d.completed().count("after") == 1


def test_a_complex_gateway_in_a_loop_starts_anew_after_its_reset(drive):
    d = drive(
        bpmn(
            start(), gateway("exclusive", "in"), gateway("parallel"), user("a"), user("b"),
            node("complexGateway", "x", "<activationCondition>activationCount >= 2</activationCondition>"), user("after"),
            gateway("exclusive", "out", default="out_e"), end(),
            flows("s -> in -> g", "g -> a -> x", "g -> b -> x", "x -> after -> out"),
            flow("out -> in", "again"), flow("out -> e"),
        )
    )  # fmt: skip
    for again in (True, False):
        d.complete("a")
        d.complete("b")
        d.complete("after", again=again)
    assert d.ended == "completed"


def test_flows_of_a_complex_gateway_see_whether_it_starts_or_resets(drive):
    d = drive(
        bpmn(
            start(), gateway("parallel"), user("a"), user("b"),
            node("complexGateway", "x", "<activationCondition>activationCount >= 1</activationCondition>"),
            user("first"), user("rest"),
            flows("s -> g", "g -> a -> x", "g -> b -> x"),
            flow("x -> first", "waitingForStart"), flow("x -> rest", "not(waitingForStart)"),
        )
    )  # fmt: skip
    d.complete("a")
    assert d.waiting() == ["b", "first"]
    d.complete("b")
    assert d.waiting() == ["first", "rest"]


EVENT_BASED = bpmn(
    start(), gateway("eventBased"), catch("m", message("m1")), catch("t", timer("duration", "PT2H")),
    catch("t2", timer("duration", "PT1H30M")), catch("sg", signal("sig")), catch("co", condition("done")),
    node("receiveTask", "r", messageRef="m2"), user("after_m"), user("after_t"), user("after_t2"), user("after_sg"),
    user("after_co"), user("after_r"),
    flows("s -> g", *(f"g -> {n} -> after_{n}" for n in ("m", "t", "t2", "sg", "co", "r"))),
    top=TOP,
)  # fmt: skip


@pytest.mark.parametrize(
    ("event", "after"),
    [
        (lambda d: d.message("m1", "17", x=1), "after_m"),
        (lambda d: d.advance(hours=3), "after_t2"),
        (lambda d: d.signal("sig"), "after_sg"),
        (lambda d: d.message("m2"), "after_r"),
        (lambda d: (d.execution.set_variables(None, {"done": True}), d.signal("nobody")), "after_co"),
    ],
    ids=["message", "the earlier of two timers", "signal", "receive task", "condition"],
)
def test_the_first_event_after_an_event_based_gateway_wins(drive, event, after):
    """Hazard: two timers on one gateway shared one deadline."""
    d = drive(EVENT_BASED, {"case": 17})
    assert d.waiting() == ["g"]
    event(d)
    assert d.waiting() == [after]
    assert d.execution.earliest_due is None
    line = after.removeprefix("after_")
    assert d.trace()[-4:-1] == ["complete g", f"enter {line}", f"complete {line}"]


def test_variables_of_the_message_after_an_event_based_gateway_arrive(drive):
    d = drive(EVENT_BASED, {"case": 17})
    d.message("m1", "17", x=1)
    assert d.variables["x"] == 1


def test_a_take_is_recorded_for_each_flow_in_order(drive):
    d = drive(PARALLEL)
    takes = [fact.element for fact in d.facts if fact.event == "take"]
    assert takes == ["s_g", "g_a", "g_b"]
    assert all(isinstance(fact, Moved) and fact.token is None for fact in d.facts if fact.event == "take")


def test_a_task_with_conditional_flows_takes_all_that_are_true_or_its_default(drive):
    xml = bpmn(
        start(), user("t", default="t_c"), user("a"), user("b"), user("c"),
        flows("s -> t"), flow("t -> a", "x > 1"), flow("t -> b", "x > 2"), flow("t -> c"),
    )  # fmt: skip
    for x, branches in ((3, ["a", "b"]), (2, ["a"]), (0, ["c"])):
        d = drive(xml)
        d.complete("t", x=x)
        assert d.waiting() == branches


def test_a_task_with_several_plain_flows_starts_them_all(drive):
    """Hazard: several outgoing flows of a task were refused."""
    d = drive(bpmn(start(), user("t"), user("a"), user("b"), flows("s -> t", "t -> a", "t -> b")))
    d.complete("t")
    assert d.waiting() == ["a", "b"]


def test_a_gateway_may_begin_a_process_without_a_start_event(drive):
    d = drive(bpmn(gateway("parallel"), user("a"), user("b"), flows("g -> a", "g -> b")))
    assert d.waiting() == ["a", "b"]


def test_gateways_pass_with_script_data(drive):
    d = drive(
        bpmn(start(), node("scriptTask", "sc", script("n + 1", "n")), gateway("exclusive", default="g_e"), user("u", ext(io("in y = n"))),
             end(), flows("s -> sc -> g"), flow("g -> u", "n = 2"), flow("g -> e")),
        {"n": 1},
    )  # fmt: skip
    assert d.waiting() == ["u"]


def test_a_complex_gateway_whose_reset_cannot_be_decided_is_an_incident(drive):
    d = drive(
        bpmn(
            start(), gateway("parallel"), user("a"), user("b"),
            node("complexGateway", "x", "<activationCondition>activationCount >= 1</activationCondition>"), user("first"), user("rest"),
            flows("s -> g", "g -> a -> x", "g -> b -> x", "x -> first"), flow("x -> rest", 'if waitingForStart then false else mark'),
        ),
        {"mark": "text"},
    )  # fmt: skip
    d.complete("a")
    d.complete("b")
    assert d.incidents() == ["condition-value"]
    d.retry("x", mark=True)
    assert d.waiting() == ["first", "rest"]
