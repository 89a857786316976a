"""Compensation and transactions."""

from __future__ import annotations

from tests.engine.models import (
    CANCEL,
    TOP,
    boundary,
    bpmn,
    compensate,
    end,
    error,
    ext,
    flows,
    io,
    multi,
    node,
    start,
    sub,
    user,
)  # fmt: skip


def association(source: str, target: str) -> str:
    return f'<association id="as_{source}" sourceRef="{source}" targetRef="{target}" />'


def undo(activity: str, *, kind: str = "userTask", inside: str = "") -> str:
    """A compensation boundary event of an activity and its handler ``undo_<activity>``."""
    event = boundary(f"c_{activity}", activity, compensate())
    handler = node(kind, f"undo_{activity}", inside, isForCompensation="true")
    return event + handler + association(f"c_{activity}", f"undo_{activity}")


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
