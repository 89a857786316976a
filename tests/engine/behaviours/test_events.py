"""Events in every position: start, intermediate, boundary, end; each kind, interrupting and not."""

from __future__ import annotations

import pytest

from pdflow.engine import OpenTask, RunActivity, Subscribe, ThrowMessage, ThrowSignal, Unsubscribe
from tests.engine.models import (
    TERMINATE,
    TOP,
    boundary,
    bpmn,
    condition,
    end,
    error,
    escalation,
    ext,
    flow,
    flows,
    io,
    link,
    message,
    node,
    signal,
    start,
    sub,
    timer,
    user,
)  # fmt: skip


def catch(node_id: str, *definitions: str, **attributes: str) -> str:
    return node("intermediateCatchEvent", node_id, *definitions, **attributes)


def throw(node_id: str, *definitions: str) -> str:
    return node("intermediateThrowEvent", node_id, *definitions)


EVENTS = {
    "message": (message("m1"), lambda d: d.message("m1", "17", got=1)),
    "signal": (signal("sig"), lambda d: d.signal("sig", got=1)),
    "timer duration": (timer("duration", "PT10H"), lambda d: d.advance(hours=10)),
    "timer date": (timer("date", "2026-03-02T19:00:00Z"), lambda d: d.advance(hours=10)),
    "timer FEEL": (timer("duration", '=duration("PT10H")'), lambda d: d.advance(hours=10)),
    "condition": (
        condition("=n > 3"),
        lambda d: (d.execution.set_variables(None, {"n": 4}), d.signal("nobody")),
    ),
}
CASES = pytest.mark.parametrize(("definition", "happen"), EVENTS.values(), ids=EVENTS.keys())


@CASES
def test_an_intermediate_catch_event_waits_for_its_event(drive, definition, happen):
    d = drive(
        bpmn(start(), catch("c", definition), user("a"), flows("s -> c -> a"), top=TOP), {"case": 17, "n": 1}
    )
    assert d.waiting() == ["c"]
    happen(d)
    assert d.waiting() == ["a"]
    assert d.execution.earliest_due is None


@CASES
def test_an_interrupting_boundary_event_ends_its_activity(drive, definition, happen):
    d = drive(
        bpmn(
            start(),
            user("a"),
            boundary("b", "a", definition),
            user("x"),
            user("y"),
            flows("s -> a -> x", "b -> y"),
            top=TOP,
        ),
        {"case": 17, "n": 1},
    )
    happen(d)
    assert d.waiting() == ["y"]
    assert d.trace()[3:6] == ["terminate a", "enter b", "complete b"]
    assert d.execution.earliest_due is None


@CASES
def test_a_boundary_event_is_gone_when_its_activity_completes(drive, definition, happen):
    d = drive(
        bpmn(
            start(),
            user("a"),
            boundary("b", "a", definition),
            user("x"),
            user("y"),
            flows("s -> a -> x", "b -> y"),
            top=TOP,
        ),
        {"case": 17, "n": 1},
    )
    d.complete("a")
    happen(d)
    assert d.waiting() == ["x"]


@CASES
def test_a_non_interrupting_boundary_event_leaves_its_activity_alone(drive, definition, happen):
    d = drive(
        bpmn(
            start(),
            user("a"),
            boundary("b", "a", definition, interrupting=False),
            user("y"),
            flows("s -> a", "b -> y"),
            top=TOP,
        ),
        {"case": 17, "n": 1},
    )
    happen(d)
    assert d.waiting() == ["a", "y"]


@pytest.mark.parametrize(
    ("definition", "happen"), [EVENTS["message"], EVENTS["signal"]], ids=["message", "signal"]
)
def test_a_non_interrupting_boundary_event_fires_again(drive, definition, happen):
    """Hazard: non-interrupting message and signal boundaries fired once only."""
    d = drive(
        bpmn(
            start(),
            user("a"),
            boundary("b", "a", definition, interrupting=False),
            user("y"),
            flows("s -> a", "b -> y"),
            top=TOP,
        ),
        {"case": 17},
    )
    for _ in range(3):
        happen(d)
    assert d.waiting() == ["a", "y", "y", "y"]


@CASES
def test_an_interrupting_event_subprocess_ends_what_runs_in_its_scope(drive, definition, happen):
    """Hazards: an interrupting event subprocess did not interrupt; message and signal ones inside a subprocess never came."""
    handler = sub("h", start("hs", definition), user("y"), flows("hs -> y"), triggeredByEvent="true")
    inner = sub("sub", start("is"), user("a"), flows("is -> a"), handler)
    d = drive(bpmn(start(), inner, user("x"), flows("s -> sub -> x"), top=TOP), {"case": 17, "n": 1})
    assert d.waiting() == ["a"]
    happen(d)
    assert d.waiting() == ["y"]
    d.complete("y")
    assert d.waiting() == ["x"]
    happen(d)
    assert d.waiting() == ["x"]


@CASES
def test_a_non_interrupting_event_subprocess_runs_beside_and_its_scope_waits_for_it(
    drive, definition, happen
):
    handler = sub(
        "h",
        start("hs", definition, isInterrupting="false"),
        user("y"),
        flows("hs -> y"),
        triggeredByEvent="true",
    )
    d = drive(bpmn(start(), user("a"), end(), flows("s -> a -> e"), handler, top=TOP), {"case": 17, "n": 1})
    happen(d)
    assert d.waiting() == ["a", "y"]
    d.complete("a")
    assert not d.ended
    d.complete("y")
    assert d.ended == "completed"


@CASES
def test_an_event_subprocess_of_the_process_is_armed_from_the_start_and_not_run_by_it(
    drive, definition, happen
):
    """Hazard: top-level event subprocesses were missing from what waits."""
    handler = sub("h", start("hs", definition), user("y"), flows("hs -> y"), triggeredByEvent="true")
    d = drive(bpmn(start(), user("a"), flows("s -> a"), handler, top=TOP), {"case": 17, "n": 1})
    assert d.waiting() == ["a"]
    happen(d)
    assert d.waiting() == ["y"]


@pytest.mark.parametrize("kind", [error, escalation], ids=["error", "escalation"])
def test_error_and_escalation_event_subprocesses_do_not_run_when_the_process_starts(drive, kind):
    """Hazard: such start events became none events, so the handler ran at once."""
    handler = sub("h", start("hs", kind()), user("y"), flows("hs -> y"), triggeredByEvent="true")
    d = drive(
        bpmn(
            start(),
            user("a"),
            end("e", kind("err" if kind is error else "esc")),
            flows("s -> a -> e"),
            handler,
            top=TOP,
        )
    )
    assert d.waiting() == ["a"]
    d.complete("a")
    assert d.waiting() == ["y"]


@pytest.mark.parametrize("position", ["event", "task"], ids=["catch event", "receive task"])
def test_message_variables_go_through_output_mappings(drive, position):
    mapping = ext(io("out got = x * 2"))
    waits = (
        catch("c", mapping, message("m2"))
        if position == "event"
        else node("receiveTask", "c", mapping, messageRef="m2")
    )
    d = drive(bpmn(start(), waits, user("a"), flows("s -> c -> a"), top=TOP))
    assert d.message("m2", x=4)
    assert d.variables == {"got": 8}


def test_a_message_is_taken_by_the_oldest_subscription_of_its_name_and_key_only(drive):
    """Hazard: an instance that had not correlated took any message of that name."""
    d = drive(
        bpmn(start(), catch("c", message("m1")), user("a"), flows("s -> c -> a"), top=TOP), {"case": 17}
    )
    assert not d.message("m1", "18")
    assert not d.message("m1")
    assert d.message("m1", "17")
    assert d.waiting() == ["a"]
    assert not d.message("m1", "17")


def test_subscriptions_are_told_to_the_outside_with_their_key_and_taken_back(drive):
    d = drive(
        bpmn(
            start(),
            user("a"),
            boundary("b", "a", message("m1")),
            flows("s -> a"),
            end("y"),
            flows("b -> y"),
            top=TOP,
        ),
        {"case": "k"},
    )
    (opened,) = d.asked(Subscribe)
    assert (opened.message, opened.key) == ("m1", "k")
    d.complete("a")
    assert [command.token for command in d.asked(Unsubscribe)] == [opened.token]


def test_a_correlation_key_that_is_not_set_is_an_incident_not_a_subscription_to_everything(drive):
    d = drive(bpmn(start(), catch("c", message("m1")), user("a"), flows("s -> c -> a"), top=TOP))
    assert d.incidents() == ["correlation-key"]
    d.retry("c", case=5)
    assert d.message("m1", "5")


def test_throwing_messages_leave_with_key_and_mapped_variables(drive):
    thrower = throw("t", ext(io("in code = x + 1")), message("m1"))
    d = drive(
        bpmn(start(), thrower, end("e", message("m2")), flows("s -> t -> e"), top=TOP), {"case": 3, "x": 1}
    )
    first, second = d.asked(ThrowMessage)
    assert (first.name, first.key, first.variables) == ("m1", "3", {"code": 2})
    assert (second.name, second.key) == ("m2", None)
    assert d.ended == "completed"


def test_a_message_event_with_a_task_type_runs_an_activity_instead(drive):
    thrower = throw("t", ext('<zeebe:taskDefinition type="mail" retries="2" />'), message("m1"))
    d = drive(bpmn(start(), thrower, user("a"), flows("s -> t -> a"), top=TOP), {"case": 3})
    (activity,) = d.asked(RunActivity)
    assert (activity.type, activity.retries) == ("mail", 2)
    assert d.waiting() == ["t"]
    d.complete("t")
    assert d.waiting() == ["a"]
    assert not d.asked(ThrowMessage)


def test_a_send_task_throws_its_message_and_a_receive_task_takes_it(drive):
    d = drive(
        bpmn(start(), node("sendTask", "t", messageRef="m1"), node("receiveTask", "r", messageRef="m2"), user("a"), flows("s -> t -> r -> a"), top=TOP),
        {"case": 3},
    )  # fmt: skip
    assert d.asked(ThrowMessage)[0].key == "3"
    assert d.waiting() == ["r"]
    d.message("m2")
    assert d.waiting() == ["a"]


def test_a_signal_reaches_everything_in_the_instance_also_who_threw_it_and_leaves_it(drive):
    """Hazard: signals caught inside were not broadcast; a signal end event became a plain end."""
    d = drive(
        bpmn(
            start(), node("parallelGateway", "g"), catch("c", signal("sig")), user("a"), user("b"),
            boundary("bs", "b", signal("sig"), interrupting=False), user("y"), end("e", signal("sig")),
            flows("s -> g", "g -> c -> a", "g -> b", "bs -> y", "g -> e"), top=TOP,
        )
    )  # fmt: skip
    assert d.waiting() == ["b", "a", "y"]
    assert d.asked(ThrowSignal)[0].name == "sig"


def test_what_waits_is_armed_before_what_throws_whatever_the_order_of_flows(drive):
    d = drive(
        bpmn(
            start(), node("parallelGateway", "g"), throw("t", signal("sig")), end(), node("task", "slow"), catch("c", signal("sig")),
            user("a"), flows("s -> g", "g -> t -> e", "g -> slow -> c -> a"), top=TOP,
        )
    )  # fmt: skip
    assert d.waiting() == ["a"]


def test_of_a_broadcast_the_enclosing_subscription_comes_first(drive):
    inner = sub(
        "sub",
        start("is"),
        user("a"),
        boundary("ib", "a", signal("sig")),
        user("inner"),
        flows("is -> a", "ib -> inner"),
    )
    d = drive(
        bpmn(
            start(),
            inner,
            boundary("ob", "sub", signal("sig")),
            user("outer"),
            flows("s -> sub", "ob -> outer"),
            top=TOP,
        )
    )
    d.signal("sig")
    assert d.waiting() == ["outer"]
    assert "complete ib" not in d.trace()


ERRORS = pytest.mark.parametrize("origin", ["end event", "activity"])


def thrower(origin: str) -> str:
    return end("bad", error("err")) if origin == "end event" else ""


@ERRORS
def test_an_error_goes_outward_to_the_nearest_boundary_that_names_it(drive, origin):
    inner = sub(
        "sub", start("is"), user("a"), thrower(origin),
        flows("is -> a -> bad") if origin == "end event" else flows("is -> a"),
    )  # fmt: skip
    xml = bpmn(
        start(), inner, boundary("other", "sub", error("err2")), boundary("all", "sub", error()), boundary("named", "sub", error("err")),
        user("o"), user("l"), user("n"), flows("s -> sub", "other -> o", "all -> l", "named -> n"), top=TOP,
    )  # fmt: skip
    d = drive(xml)
    if origin == "end event":
        d.complete("a")
    else:
        d.fail("a", "E1", reason=1)
        assert d.variables == {"reason": 1}
    assert d.waiting() == ["n"], "a named code comes before a catch-all, whatever the document order"


@ERRORS
def test_an_error_that_nobody_catches_is_an_incident(drive, origin):
    parts = flows("s -> a -> bad") if origin == "end event" else flows("s -> a")
    d = drive(bpmn(start(), user("a"), thrower(origin), parts, top=TOP))
    if origin == "end event":
        d.complete("a")
        assert d.incidents() == ["uncaught-error"]
        assert d.live() == ["bad"]
    else:
        d.fail("a", "E1")
        assert d.incidents() == ["uncaught-error"]
        d.retry("a")
        assert len(d.asked(OpenTask)) == 2
        d.complete("a")
        assert d.ended


def test_an_error_event_subprocess_comes_before_a_boundary_event_of_the_same_level(drive):
    handler = sub("h", start("hs", error()), user("y"), flows("hs -> y"), triggeredByEvent="true")
    inner = sub("sub", start("is"), user("a"), end("bad", error("err")), flows("is -> a -> bad"), handler)
    d = drive(
        bpmn(
            start(),
            inner,
            boundary("b", "sub", error("err")),
            user("x"),
            flows("s -> sub", "b -> x"),
            top=TOP,
        )
    )
    d.complete("a")
    assert d.waiting() == ["y"]


def test_an_error_thrown_in_its_own_handler_goes_further_out(drive):
    handler = sub(
        "h", start("hs", error()), end("again", error("err")), flows("hs -> again"), triggeredByEvent="true"
    )
    inner = sub("sub", start("is"), end("bad", error("err")), flows("is -> bad"), handler)
    d = drive(
        bpmn(
            start(),
            inner,
            boundary("b", "sub", error("err")),
            user("x"),
            flows("s -> sub", "b -> x"),
            top=TOP,
        )
    )
    assert d.waiting() == ["x"]


def test_an_escalation_is_caught_by_the_nearest_and_the_thrower_goes_on(drive):
    inner = sub("sub", start("is"), throw("t", escalation("esc")), user("a"), flows("is -> t -> a"))
    d = drive(
        bpmn(
            start(),
            inner,
            boundary("b", "sub", escalation("esc"), interrupting=False),
            user("x"),
            flows("s -> sub", "b -> x"),
            top=TOP,
        )
    )
    assert d.waiting() == ["x", "a"] or d.waiting() == ["a", "x"]


def test_an_interrupting_escalation_ends_the_thrower(drive):
    inner = sub("sub", start("is"), throw("t", escalation("esc")), user("a"), flows("is -> t -> a"))
    d = drive(
        bpmn(
            start(),
            inner,
            boundary("b", "sub", escalation()),
            user("x"),
            flows("s -> sub", "b -> x"),
            top=TOP,
        )
    )
    assert d.waiting() == ["x"]
    assert d.trace()[-5:] == ["complete t", "terminate sub", "enter b", "complete b", "enter x"]


def test_an_escalation_that_nobody_catches_is_nothing(drive):
    d = drive(
        bpmn(
            start(),
            throw("t", escalation("esc")),
            end("e", escalation("esc2")),
            flows("s -> t -> e"),
            top=TOP,
        )
    )
    assert d.ended == "completed"
    assert not d.incidents()


def test_a_terminate_end_event_ends_its_own_scope_only(drive):
    inner = sub(
        "sub",
        start("is"),
        node("parallelGateway", "g"),
        user("a"),
        user("b"),
        end("stop", TERMINATE),
        flows("is -> g", "g -> a", "g -> b -> stop"),
    )
    d = drive(bpmn(start(), inner, user("x"), flows("s -> sub -> x")))
    d.complete("b")
    assert d.waiting() == ["x"]
    assert "terminate a" in d.trace()
    assert "complete sub" in d.trace()


def test_a_terminate_end_event_of_the_process_ends_the_instance(drive):
    d = drive(
        bpmn(
            start(),
            node("parallelGateway", "g"),
            user("a"),
            user("b"),
            end("stop", TERMINATE),
            flows("s -> g", "g -> a", "g -> b -> stop"),
        )
    )
    d.complete("b")
    assert d.ended == "completed"
    assert d.execution.open_tokens() == []


def test_a_link_goes_from_throw_to_catch_in_its_scope(drive):
    """Hazard: link throws were no-ops and link catches unreachable."""
    d = drive(
        bpmn(
            start(),
            user("a"),
            throw("there", link("L")),
            catch("here", link("L")),
            user("b"),
            flows("s -> a -> there", "here -> b"),
        )
    )
    d.complete("a")
    assert d.waiting() == ["b"]


MULTIPLE = message("m2") + timer("duration", "PT1H") + signal("sig")


@pytest.mark.parametrize(
    "happen",
    [lambda d: d.message("m2"), lambda d: d.advance(hours=1), lambda d: d.signal("sig")],
    ids=["message", "timer", "signal"],
)
def test_a_multiple_event_is_satisfied_by_any_of_its_definitions(drive, happen):
    for xml in (
        bpmn(start(), catch("c", MULTIPLE), user("x"), flows("s -> c -> x"), top=TOP),
        bpmn(start(), user("a"), boundary("c", "a", MULTIPLE), user("x"), flows("s -> a", "c -> x"), top=TOP),
        bpmn(
            start(),
            user("a"),
            flows("s -> a"),
            sub("h", start("c", MULTIPLE), user("x"), flows("c -> x"), triggeredByEvent="true"),
            top=TOP,
        ),
    ):
        d = drive(xml)
        happen(d)
        assert d.waiting() == ["x"]
        assert d.execution.earliest_due is None


def test_a_parallel_multiple_event_needs_all_its_definitions(drive):
    both = message("m2") + signal("sig")
    for xml in (
        bpmn(start(), catch("c", both, parallelMultiple="true"), user("x"), flows("s -> c -> x"), top=TOP),
        bpmn(
            start(),
            user("a"),
            node("boundaryEvent", "c", both, attachedToRef="a", parallelMultiple="true"),
            user("x"),
            flows("s -> a", "c -> x"),
            top=TOP,
        ),
        bpmn(
            start(),
            user("a"),
            flows("s -> a"),
            sub(
                "h",
                start("c", both, parallelMultiple="true"),
                user("x"),
                flows("c -> x"),
                triggeredByEvent="true",
            ),
            top=TOP,
        ),
    ):
        d = drive(xml)
        d.signal("sig", one=1)
        assert "x" not in d.waiting()
        d.message("m2", two=2)
        assert d.waiting() == ["x"]
        assert d.variables == {"one": 1, "two": 2}


def test_a_multiple_end_event_throws_everything(drive):
    d = drive(
        bpmn(start(), end("e", message("m2") + signal("sig") + signal("sig2")), flows("s -> e"), top=TOP)
    )
    assert [command.name for command in d.asked(ThrowMessage) + d.asked(ThrowSignal)] == ["m2", "sig", "sig2"]
    assert d.ended == "completed"


def test_conditions_fire_on_their_edge_only(drive):
    """Hazard: conditional events looked at the boundary's own copy of the data."""
    d = drive(
        bpmn(
            start(),
            user("a"),
            boundary("c", "a", condition("n > 3"), interrupting=False),
            user("y"),
            flows("s -> a", "c -> y"),
            user("z"),
            flows("a -> z"),
        ),
        {"n": 1},
    )
    for n in (4, 5, 2, 6):
        d.execution.set_variables(None, {"n": n})
        d.signal("nobody")
    assert d.waiting() == ["a", "y", "y"]


def test_a_condition_that_is_true_when_armed_fires_at_once(drive):
    d = drive(bpmn(start(), catch("c", condition("n > 3")), user("x"), flows("s -> c -> x")), {"n": 9})
    assert d.waiting() == ["x"]


def test_a_process_with_several_start_events_begins_where_it_is_told(drive):
    xml = bpmn(
        start(), start("by_mail", message("m2")), start("by_signal", signal("sig")), user("a"), user("m"), user("g"),
        flows("s -> a", "by_mail -> m", "by_signal -> g"), top=TOP,
    )  # fmt: skip
    assert drive(xml).waiting() == ["a"]
    assert drive(xml, start="by_mail").waiting() == ["m"]
    assert drive(xml, start="by_signal").waiting() == ["g"]
    assert drive(xml, start="by_signal").trace()[:2] == ["enter by_signal", "complete by_signal"]


def test_a_boundary_event_of_a_multi_instance_ends_all_instances(drive):
    host = user(
        "a",
        "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>",
    )
    d = drive(
        bpmn(
            start(), host, boundary("b", "a", timer("duration", "PT1H")), user("x"), flows("s -> a", "b -> x")
        )
    )
    d.complete("a")
    d.advance(hours=1)
    assert d.waiting() == ["x"]
    assert d.trace("terminate") == ["terminate a[1]", "terminate a[2]", "terminate a"]


def test_an_event_for_something_already_gone_is_a_no_op(drive):
    d = drive(
        bpmn(
            start(),
            user("a"),
            boundary("b", "a", timer("duration", "PT1H")),
            user("x"),
            flows("s -> a", "b -> x"),
        )
    )
    gone = d.token("a")
    d.advance(hours=1)
    from pdflow.engine import Completed

    assert not d.send(Completed(gone))
    assert d.waiting() == ["x"]


def test_flow_conditions_see_the_variables_of_the_event(drive):
    d = drive(
        bpmn(start(), catch("c", message("m2")), node("exclusiveGateway", "g", default="g_n"), user("y"), user("n"),
             flows("s -> c -> g"), flow("g -> y", "ok"), flow("g -> n"), top=TOP)
    )  # fmt: skip
    d.message("m2", ok=True)
    assert d.waiting() == ["y"]
