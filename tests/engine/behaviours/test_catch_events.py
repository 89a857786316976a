"""Events that are waited for, in every position: start, intermediate, boundary, event subprocess."""

from __future__ import annotations

import pytest

from pdflow.engine import Subscribe, Unsubscribe
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


@pytest.mark.parametrize(
    "definition",
    [timer("date", "2026-03-02T19:00:00Z"), condition("n > 3"), message("m2"), signal("sig"), MULTIPLE],
    ids=["timer", "condition", "message", "signal", "multiple"],
)
def test_a_process_begins_at_a_start_event_whose_event_has_come_to_its_host(drive, definition):
    d = drive(bpmn(start("s", definition), user("a"), flows("s -> a"), top=TOP), {"n": 1}, start="s")
    assert d.trace() == ["enter s", "complete s", "enter a"]
    assert d.execution.earliest_due is None
    d = drive(bpmn(start("s", definition), user("a"), flows("s -> a"), top=TOP))
    assert d.waiting() == ["a"], "the only start event need not be named"


def test_a_parallel_multiple_event_that_does_not_interrupt_is_armed_again(drive):
    both = message("m2") + signal("sig")
    event = node(
        "boundaryEvent", "c", both, attachedToRef="a", parallelMultiple="true", cancelActivity="false"
    )
    d = drive(bpmn(start(), user("a"), event, user("x"), flows("s -> a", "c -> x"), top=TOP))
    for _ in range(2):
        d.message("m2")
        d.signal("sig")
    assert d.waiting() == ["a", "x", "x"]
