"""Events that are thrown: messages, signals, errors, escalations, links, termination; who catches them."""

from __future__ import annotations

import pytest

from pdflow.engine import CloseTask, OpenTask, RunActivity, ThrowMessage, ThrowSignal
from tests.engine.models import (
    TERMINATE,
    TOP,
    boundary,
    bpmn,
    end,
    error,
    escalation,
    ext,
    flows,
    io,
    link,
    message,
    node,
    signal,
    start,
    sub,
    user,
)  # fmt: skip


def catch(node_id: str, *definitions: str, **attributes: str) -> str:
    return node("intermediateCatchEvent", node_id, *definitions, **attributes)


def throw(node_id: str, *definitions: str) -> str:
    return node("intermediateThrowEvent", node_id, *definitions)


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
        assert len(d.asked(CloseTask)) == 1
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


def test_a_multiple_end_event_throws_everything(drive):
    d = drive(
        bpmn(start(), end("e", message("m2") + signal("sig") + signal("sig2")), flows("s -> e"), top=TOP)
    )
    assert [command.name for command in d.asked(ThrowMessage) + d.asked(ThrowSignal)] == ["m2", "sig", "sig2"]
    assert d.ended == "completed"
