"""Subprocesses, event subprocesses, ad-hoc subprocesses, transactions, compensation, call activities."""

from __future__ import annotations

import pytest

from pdflow.engine import Moved, ResolveDefinition
from tests.engine.models import (
    CANCEL,
    TERMINATE,
    TOP,
    boundary,
    bpmn,
    compensate,
    end,
    error,
    ext,
    file,
    flow,
    flows,
    io,
    multi,
    node,
    process,
    script,
    signal,
    start,
    sub,
    timer,
    user,
)  # fmt: skip


def association(source: str, target: str) -> str:
    return f'<association id="as_{source}" sourceRef="{source}" targetRef="{target}" />'


def undo(activity: str, *, kind: str = "userTask", inside: str = "") -> str:
    """A compensation boundary event of an activity and its handler ``undo_<activity>``."""
    event = boundary(f"c_{activity}", activity, compensate())
    handler = node(kind, f"undo_{activity}", inside, isForCompensation="true")
    return event + handler + association(f"c_{activity}", f"undo_{activity}")


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


def test_compensation_undoes_completed_activities_in_reverse_order_with_their_data(drive):
    """Hazard: compensation throws were no-ops."""
    xml = bpmn(
        start(), user("a", ext(io("in n = 1"))), user("b", ext(io("in n = 2"))), user("c"), undo("a"), undo("b"), undo("c"),
        node("intermediateThrowEvent", "t", compensate()), user("x"), flows("s -> a -> b -> t -> x"),
    )  # fmt: skip
    d = drive(xml, {"n": 0})
    d.complete("a")
    d.complete("b")
    assert d.waiting() == ["undo_b"]
    token = next(t for t in d.execution.open_tokens() if t.node.id == "undo_b")
    assert token.variables == {"n": 2}, "the handler sees its activity's data as they were"
    d.complete("undo_b")
    assert d.waiting() == ["undo_a"]
    d.complete("undo_a")
    assert d.waiting() == ["x"], "c did not complete: nothing to undo"


def test_compensation_of_one_activity_undoes_that_one_only(drive):
    xml = bpmn(
        start(),
        user("a"),
        user("b"),
        undo("a"),
        undo("b"),
        node("endEvent", "e", compensate("a")),
        flows("s -> a -> b -> e"),
    )
    d = drive(xml)
    d.complete("a")
    d.complete("b")
    assert d.waiting() == ["undo_a"]
    d.complete("undo_a")
    assert d.ended == "completed"


def test_an_activity_is_undone_once(drive):
    xml = bpmn(
        start(), user("a"), undo("a"), node("intermediateThrowEvent", "t", compensate()), node("endEvent", "e", compensate()),
        flows("s -> a -> t -> e"),
    )  # fmt: skip
    d = drive(xml)
    d.complete("a")
    d.complete("undo_a")
    assert d.ended == "completed"
    assert d.completed().count("undo_a") == 1


def test_a_compensation_that_is_not_waited_for_runs_beside(drive):
    xml = bpmn(
        start(),
        user("a"),
        undo("a"),
        node("intermediateThrowEvent", "t", compensate(wait=False)),
        user("x"),
        flows("s -> a -> t -> x"),
    )
    d = drive(xml)
    d.complete("a")
    assert sorted(d.waiting()) == ["undo_a", "x"]
    d.complete("x")
    assert not d.ended
    d.complete("undo_a")
    assert d.ended == "completed"


def test_a_completed_subprocess_is_compensated_by_what_completed_inside_it(drive):
    inner = sub(
        "sub",
        ext(io("in n = 7")),
        start("is"),
        user("a"),
        user("b"),
        undo("a"),
        undo("b"),
        flows("is -> a -> b"),
    )
    d = drive(bpmn(start(), inner, node("endEvent", "e", compensate()), flows("s -> sub -> e")), {"n": 0})
    d.complete("a")
    d.complete("b")
    assert d.waiting() == ["undo_b"]
    d.complete("undo_b", n=8)
    assert d.variables == {"n": 0}, "the handler works on the subprocess's data as they were"
    d.complete("undo_a")
    assert d.ended == "completed"


def test_a_compensation_event_subprocess_is_how_its_subprocess_is_undone(drive):
    handler = sub(
        "h", start("hs", compensate()), user("own"), node("intermediateThrowEvent", "t", compensate()), flows("hs -> own -> t"),
        triggeredByEvent="true",
    )  # fmt: skip
    inner = sub("sub", start("is"), user("a"), undo("a"), flows("is -> a"), handler)
    d = drive(bpmn(start(), inner, node("endEvent", "e", compensate()), flows("s -> sub -> e")))
    d.complete("a")
    assert d.waiting() == ["own"]
    d.complete("own")
    assert d.waiting() == ["undo_a"]
    d.complete("undo_a")
    assert d.ended == "completed"


def test_each_instance_of_a_multi_instance_is_undone(drive):
    xml = bpmn(
        start(),
        user("a", multi("[1, 2]", element="i")),
        undo("a"),
        node("endEvent", "e", compensate()),
        flows("s -> a -> e"),
    )
    d = drive(xml)
    d.complete("a")
    d.complete("a")
    seen = []
    while not d.ended:
        token = next(t for t in d.execution.open_tokens() if t.node.id == "undo_a")
        seen.append(int(token.variables["i"]))
        d.complete("undo_a")
    assert seen == [2, 1]


def transaction(*inside: str) -> str:
    return node("transaction", "tx", start("is"), *inside)


CANCELLED = bpmn(
    start(),
    transaction(
        node("parallelGateway", "g"), user("a"), undo("a"), user("b"), user("c"), end("cancel", CANCEL),
        flows("is -> g", "g -> a -> c", "g -> b -> cancel"),
    ),
    boundary("cb", "tx", CANCEL), boundary("eb", "tx", error()), user("x"), user("y"), user("z"),
    flows("s -> tx -> x", "cb -> y", "eb -> z"), top=TOP,
)  # fmt: skip


def test_a_cancelled_transaction_is_compensated_and_left_by_its_cancel_boundary(drive):
    d = drive(CANCELLED)
    d.complete("a")
    d.complete("b")
    assert d.waiting() == ["undo_a"], "c is ended, a is undone"
    assert "terminate c" in d.trace()
    d.complete("undo_a")
    assert d.waiting() == ["y"]


def test_a_transaction_that_fails_is_not_compensated(drive):
    d = drive(CANCELLED)
    d.complete("a")
    d.fail("b", "E9")
    assert d.waiting() == ["z"]


def test_a_transaction_that_succeeds_goes_on_normally(drive):
    d = drive(bpmn(start(), transaction(user("a"), flows("is -> a")), user("x"), flows("s -> tx -> x")))
    d.complete("a")
    assert d.waiting() == ["x"]


CALLED = process("q", start("qs"), user("qa"), end("qe"), flows("qs -> qa -> qe"))


def call(*entries: str, process_id: str = "q") -> str:
    return node("callActivity", "call", ext(f'<zeebe:calledElement processId="{process_id}" />', *entries))


def test_a_call_activity_asks_for_the_definition_and_runs_it_as_a_scope(drive):
    d = drive(
        bpmn(start(), call(), user("x"), flows("s -> call -> x")), {"n": 1}, others={"other": file(CALLED)}
    )
    (asked,) = d.asked(ResolveDefinition)
    assert asked.process == "q"
    d.resolve("call", "other")
    assert d.waiting() == ["qa"]
    assert next(f.definition for f in d.facts if f.element == "qa") == "other"
    d.complete("qa", result=5)
    assert d.waiting() == ["x"]
    assert d.variables == {"n": 1, "result": 5}


def test_a_call_activity_whose_process_is_nowhere_is_an_incident_that_is_retried(drive):
    d = drive(bpmn(start(), call(), user("x"), flows("s -> call -> x")), others={"other": file(CALLED)})
    d.resolve("call", None)
    assert d.incidents() == ["call-target"]
    d.retry("call")
    d.resolve("call", "other")
    assert d.waiting() == ["qa"]


def test_a_process_of_the_same_file_is_called_in_this_file_s_version(drive):
    xml = file(process("p", start(), call(), user("x"), flows("s -> call -> x")), CALLED)
    d = drive(xml)
    assert d.waiting() == ["qa"]


def test_a_called_process_reads_its_caller_and_writes_its_own_until_it_ends(drive):
    xml = file(
        process("p", start(), call(io("in extra = 2", "out total = result + extra")), user("x"), flows("s -> call -> x")),
        process("q", start("qs"), node("scriptTask", "sc", script("n + extra", "result")), user("qa"), flows("qs -> sc -> qa")),
    )  # fmt: skip
    d = drive(xml, {"n": 1})
    assert d.variables == {"n": 1}
    d.complete("qa", n=100)
    assert d.variables == {"n": 1, "total": 5}


def test_a_call_that_passes_nothing_on_is_sealed_both_ways(drive):
    element = ext(
        '<zeebe:calledElement processId="q" propagateAllParentVariables="false" propagateAllChildVariables="false" />'
    )
    xml = file(
        process("p", start(), node("callActivity", "call", element), user("x"), flows("s -> call -> x")),
        process("q", start("qs"), node("scriptTask", "sc", script("n", "seen")), flows("qs -> sc")),
    )
    d = drive(xml, {"n": 1})
    assert d.waiting() == ["x"]
    assert d.variables == {"n": 1}


def test_an_error_in_a_called_process_is_caught_at_the_call_activity(drive):
    xml = file(
        '<error id="err" errorCode="E1" />',
        process(
            "p", start(), call(), boundary("b", "call", error("err")), user("x"), flows("s -> call", "b -> x")
        ),
        process("q", start("qs"), end("bad", error("err")), flows("qs -> bad")),
    )
    assert drive(xml).waiting() == ["x"]


def test_calls_of_a_multi_instance_each_have_their_own_variables(drive):
    element = ext('<zeebe:calledElement processId="q" />')
    xml = file(
        process("p", start(), node("callActivity", "call", element, multi("[1, 2]", element="i", output="all", of="r")), user("x"),
                flows("s -> call -> x")),
        process("q", start("qs"), node("scriptTask", "sc", script("i * 10", "r")), user("qa"), flows("qs -> sc -> qa")),
    )  # fmt: skip
    d = drive(xml)
    d.complete("qa")
    d.complete("qa")
    assert d.waiting() == ["x"]
    assert d.variables["all"] == [10, 20]


def test_a_process_that_calls_itself_ends_in_an_incident(drive):
    xml = file(process("p", start(), call(process_id="p"), flows("s -> call")))
    d = drive(xml)
    assert d.incidents() == ["call-depth"]


def test_terminating_a_call_ends_everything_inside_it(drive):
    xml = file(
        process(
            "p",
            start(),
            call(),
            boundary("b", "call", timer("duration", "PT1H")),
            user("x"),
            flows("s -> call", "b -> x"),
        ),
        CALLED,
    )
    d = drive(xml)
    d.advance(hours=1)
    assert d.waiting() == ["x"]
    assert d.trace("terminate") == ["terminate qa", "terminate call"]


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
