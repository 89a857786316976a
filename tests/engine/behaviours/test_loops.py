"""Multi-instance and standard loops of tasks and subprocesses."""

from __future__ import annotations

import pytest

from tests.engine.models import (
    TOP,
    boundary,
    bpmn,
    end,
    error,
    escalation,
    ext,
    flows,
    io,
    loop,
    multi,
    node,
    script,
    signal,
    start,
    sub,
    user,
)  # fmt: skip


def host(loop_element: str, *inside: str) -> bytes:
    return bpmn(start(), user("a", *inside, loop_element), user("x"), flows("s -> a -> x"), top=TOP)


def test_a_parallel_multi_instance_opens_one_item_for_each_entry(drive):
    d = drive(host(multi('["p", "q"]', element="who", output="all", of="who + answer")))
    assert d.trace("enter") == ["enter s", "enter a", "enter a[0]", "enter a[1]"]
    tokens = [t.id for t in d.execution.open_tokens() if t.item is not None]
    from pdflow.engine import Completed

    d.send(Completed(tokens[1], {"answer": "2"}))
    assert d.waiting() == ["a"]
    d.send(Completed(tokens[0], {"answer": "1"}))
    assert d.waiting() == ["x"]
    assert d.variables["all"] == ["p1", "q2"], "the output follows the input, not the order of completion"
    assert d.trace("complete") == ["complete s", "complete a[1]", "complete a[0]", "complete a"]


def test_a_sequential_multi_instance_does_one_after_the_other(drive):
    d = drive(host(multi("[10, 20]", sequential=True, element="v", output="all", of="v + loopCounter")))
    assert d.waiting() == ["a"]
    d.complete("a")
    assert d.waiting() == ["a"]
    d.complete("a")
    assert d.waiting() == ["x"]
    assert d.variables["all"] == [11, 22]


@pytest.mark.parametrize("sequential", [False, True])
def test_a_multi_instance_of_nothing_is_passed(drive, sequential):
    d = drive(host(multi("[]", sequential=sequential, element="v", output="all", of="v")))
    assert d.waiting() == ["x"]
    assert d.variables["all"] == []


@pytest.mark.parametrize("sequential", [False, True])
def test_a_completion_condition_ends_the_others(drive, sequential):
    d = drive(
        host(multi(cardinality="5", sequential=sequential, completion="numberOfCompletedInstances >= 2"))
    )
    d.complete("a")
    assert d.waiting()[0] == "a"
    d.complete("a")
    assert d.waiting() == ["x"]
    assert len(d.trace("terminate")) == (0 if sequential else 3)


def test_the_counts_are_seen_by_the_completion_condition(drive):
    condition = "numberOfInstances = 3 and numberOfActiveInstances = 1 and numberOfCompletedInstances = 2"
    d = drive(host(multi(cardinality="n", completion=condition)), {"n": 3})
    d.complete("a")
    d.complete("a")
    assert d.waiting() == ["x"]


@pytest.mark.parametrize(
    ("collection", "code"),
    [("5", "loop-collection"), ("missing", "loop-collection")],
    ids=["a number", "null"],
)
def test_an_input_collection_that_is_no_list_is_an_incident(drive, collection, code):
    d = drive(host(multi(collection, element="v")))
    assert d.incidents() == [code]
    assert d.trace("enter") == ["enter s"]


@pytest.mark.parametrize("cardinality", ["-1", "1.5", '"x"', "1000000"])
def test_a_cardinality_that_is_no_sensible_number_is_an_incident(drive, cardinality):
    assert drive(host(multi(cardinality=cardinality))).incidents() == ["loop-count"]


def test_two_branches_that_write_keep_what_both_wrote(drive):
    """Hazard: every branch had its own copy; at the join lists were truncated and counters lost updates."""
    d = drive(
        host(multi("[1, 2, 3]", element="v", output="all", of="v"), ext(io("out noted = append(noted, v)"))),
        {"noted": []},
    )
    for _ in range(3):
        d.complete("a")
    assert d.variables["noted"] == [1, 2, 3]


def test_a_multi_instance_subprocess_has_a_scope_for_each_instance(drive):
    inner = sub("sub", start("is"), node("scriptTask", "sc", script("v * v", "square")), user("a"), flows("is -> sc -> a"),
                multi("[2, 3]", element="v", output="all", of="square"))  # fmt: skip
    d = drive(bpmn(start(), inner, user("x"), flows("s -> sub -> x")))
    d.complete("a")
    d.complete("a")
    assert d.waiting() == ["x"]
    assert d.variables["all"] == [4, 9]


def test_an_error_in_one_instance_ends_all_by_the_boundary_of_the_activity(drive):
    xml = bpmn(
        start(),
        user("a", multi(cardinality="3")),
        boundary("b", "a", error()),
        user("x"),
        flows("s -> a", "b -> x"),
        top=TOP,
    )
    d = drive(xml)
    d.complete("a")
    d.fail("a", "E1")
    assert d.waiting() == ["x"]


BEHAVIOUR = '<escalationEventDefinition id="thrown" escalationRef="esc" />'


@pytest.mark.parametrize(
    ("behavior", "attribute", "caught"),
    [("None", "none", 3), ("One", "one", 1)],
    ids=["at each completion", "at the first"],
)
def test_multi_instance_behaviours_throw_what_they_name(drive, behavior, attribute, caught):
    """Hazard: these behaviours were dropped."""
    loop_element = multi(
        cardinality="3", attributes=f' behavior="{behavior}" {attribute}BehaviorEventRef="thrown"'
    )
    xml = bpmn(
        start(), user("a", loop_element), boundary("b", "a", escalation("esc"), interrupting=False), end("y"),
        user("x"), flows("s -> a -> x", "b -> y"), top=TOP + BEHAVIOUR,
    )  # fmt: skip
    d = drive(xml)
    for _ in range(3):
        d.complete("a")
    assert d.waiting() == ["x"]
    assert d.completed().count("y") == caught


def test_a_behaviour_event_interrupts_by_default(drive):
    loop_element = multi(cardinality="3", attributes=' behavior="One" oneBehaviorEventRef="thrown"')
    xml = bpmn(
        start(),
        user("a", loop_element),
        boundary("b", "a", escalation("esc")),
        user("y"),
        flows("s -> a", "b -> y"),
        top=TOP + BEHAVIOUR,
    )
    d = drive(xml)
    d.complete("a")
    assert d.waiting() == ["y"]


def test_a_complex_behaviour_throws_when_its_condition_holds(drive):
    rule = (
        "<complexBehaviorDefinition><condition>numberOfCompletedInstances = 2</condition>"
        f'<event id="ce">{signal("sig")}</event></complexBehaviorDefinition>'
    )
    loop_element = multi(cardinality="3", attributes=' behavior="Complex"', inside=rule)
    xml = bpmn(
        start(),
        user("a", loop_element),
        boundary("b", "a", signal("sig")),
        user("y"),
        flows("s -> a", "b -> y"),
        top=TOP,
    )
    d = drive(xml)
    d.complete("a")
    assert "y" not in d.waiting()
    d.complete("a")
    assert d.waiting() == ["y"]


def test_standard_bpmn_collections_are_understood(drive):
    inside = (
        "<loopDataInputRef>in1</loopDataInputRef><loopDataOutputRef>out1</loopDataOutputRef>"
        '<inputDataItem id="i1" name="v" /><outputDataItem id="o1" name="w" />'
    )
    data = '<dataObject id="in1" name="todo" /><dataObject id="out1" name="results" />'
    xml = bpmn(
        start(),
        data,
        node("scriptTask", "a", script("v + 1", "w"), multi(inside=inside)),
        user("x"),
        flows("s -> a -> x"),
    )
    d = drive(xml, {"todo": [1, 2]})
    assert d.variables["results"] == [2, 3]
    assert "w" not in d.variables


@pytest.mark.parametrize(
    ("element", "rounds"),
    [
        (loop("loopCounter < 3"), 3),
        (loop("loopCounter < 3", before=True), 3),
        (loop("false"), 1),
        (loop("false", before=True), 0),
        (loop("true", maximum="4"), 4),
        (loop(maximum="2"), 2),
    ],
    ids=["tested after", "tested before", "once", "never", "maximum stops", "maximum alone"],
)
def test_a_standard_loop_goes_on_while_its_condition_holds(drive, element, rounds):
    d = drive(
        bpmn(
            start(), node("scriptTask", "a", script("n + 1", "n"), element), user("x"), flows("s -> a -> x")
        ),
        {"n": 0},
    )
    assert d.waiting() == ["x"]
    assert d.variables["n"] == rounds


def test_a_standard_loop_of_user_tasks_sees_their_data(drive):
    d = drive(host(loop("again")))
    d.complete("a", again=True)
    d.complete("a", again=False)
    assert d.waiting() == ["x"]


def test_a_loop_of_a_subprocess_opens_it_again(drive):
    inner = sub("sub", start("is"), user("a"), flows("is -> a"), loop("again"))
    d = drive(bpmn(start(), inner, user("x"), flows("s -> sub -> x")))
    d.complete("a", again=True)
    d.complete("a", again=False)
    assert d.waiting() == ["x"]
    assert d.trace("enter").count("enter is") == 2
