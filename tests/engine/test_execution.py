"""The loop: budget, limits, order, determinism, and costs that do not grow with age."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pdflow.engine import Completed, Continue, EngineError, Execution, GoOn, OpenTask
from pdflow.engine import execution as execution_module
from pdflow.engine.execution import BUDGET
from tests.engine.drive import T0, Drive, Shelf
from tests.engine.models import (
    TOP,
    boundary,
    bpmn,
    end,
    flow,
    flows,
    message,
    multi,
    node,
    script,
    signal,
    start,
    sub,
    timer,
    user,
)

COUNTING = bpmn(
    start(), node("scriptTask", "sc", script("n + 1", "n")), node("exclusiveGateway", "g", default="g_e"), end(),
    flows("s -> sc -> g"), flow("g -> sc", "n < 10000"), flow("g -> e"),
)  # fmt: skip


def test_a_loop_of_ten_thousand_rounds_runs_to_its_end_in_bounded_calls():
    """Hazard: such a loop stopped silently after 499 rounds, and one call had no step limit."""
    execution, step = Execution.start(Shelf(COUNTING), "d", "p", {"n": 0}, now=T0)
    calls = 1
    while step.commands == [Continue()]:
        assert len([fact for fact in step.facts if fact.event == "enter"]) <= BUDGET
        step = execution.handle(GoOn(), T0)
        calls += 1
    assert execution.ended
    assert execution.variables == {"n": 10_000}
    assert calls == 2 * 10_000 // BUDGET + 1


def test_expensive_expressions_use_up_a_call_too():
    costly = "count(for i in 1..4000 return for j in 1..20 return i)"
    xml = bpmn(
        start(),
        *(node("scriptTask", f"t{i}", script(costly, "n")) for i in range(8)),
        flows("s -> " + " -> ".join(f"t{i}" for i in range(8))),
    )
    d = Drive(xml)
    assert d.ended
    assert 2 < d.steps < 8


def test_a_step_that_stopped_at_its_budget_goes_on_after_a_snapshot():
    shelf = Shelf(COUNTING)
    execution, _ = Execution.start(shelf, "d", "p", {"n": 0}, now=T0)
    execution = Execution.restore(shelf, json.loads(json.dumps(execution.snapshot())))
    while not execution.ended:
        execution.handle(GoOn(), T0)
    assert execution.variables == {"n": 10_000}


def test_a_model_that_never_waits_becomes_an_incident_that_can_be_retried(monkeypatch):
    monkeypatch.setattr(execution_module, "NEVER_WAITS", 4 * BUDGET)
    endless = bpmn(start(), node("task", "a"), node("task", "b"), flows("s -> a -> b -> a"))
    d = Drive(endless)
    assert d.incidents() == ["never-waits"]
    assert d.steps == 5
    stuck = next(token.node.id for token in d.execution.open_tokens())
    d.send(GoOn())
    assert d.incidents() == ["never-waits"]
    d.retry(stuck)
    assert d.incidents() == ["never-waits"] * 2, "the retry gives it as many moves again"


def test_timers_without_length_in_a_loop_are_a_model_that_never_waits(monkeypatch):
    monkeypatch.setattr(execution_module, "NEVER_WAITS", 500)
    d = Drive(
        bpmn(
            start(),
            node("intermediateCatchEvent", "c", timer("duration", "PT0S")),
            node("task", "t"),
            flows("s -> c -> t -> c"),
        )
    )
    for _ in range(3):
        d.jump(seconds=0)
    assert d.incidents() == ["never-waits"]


def test_a_loop_without_a_gateway_does_not_recurse(drive):
    """Hazard: two user tasks looping without a gateway were a RecursionError at start."""
    d = drive(bpmn(start(), user("a"), user("b"), flows("s -> a -> b -> a")))
    for _ in range(20):
        d.complete("a")
        d.complete("b")
    assert d.waiting() == ["a"]


def test_a_chain_of_a_thousand_elements_does_not_recurse():
    """Hazard: recursion along flows, an error above 489 nodes."""
    names = [f"t{i}" for i in range(1000)]
    d = Drive(
        bpmn(
            start(),
            *(node("task", name) for name in names),
            end(),
            flows("s -> " + " -> ".join(names) + " -> e"),
        )
    )
    assert d.ended == "completed"


def test_parallel_blocks_in_a_row_cost_what_they_are():
    """Hazard: eight two-way blocks predicted 2,045 tasks, fourteen 131,069."""
    parts, chains, before = [start()], [], "s"
    for i in range(14):
        parts += [
            node("parallelGateway", f"f{i}"),
            node("task", f"a{i}"),
            node("task", f"b{i}"),
            node("parallelGateway", f"j{i}"),
        ]
        chains += [f"{before} -> f{i}", f"f{i} -> a{i} -> j{i}", f"f{i} -> b{i} -> j{i}"]
        before = f"j{i}"
    d = Drive(bpmn(*parts, flows(*chains)))
    assert d.ended
    assert len(d.trace("enter")) == 1 + 14 * 4


def test_a_parallel_block_in_a_loop_costs_the_same_each_round():
    """Hazard: 100 rounds took 13 seconds, 190 ended in a RecursionError."""
    d = Drive(
        bpmn(
            start(), node("exclusiveGateway", "in"), node("parallelGateway", "f"), node("task", "a"),
            node("scriptTask", "b", script("n + 1", "n")), node("parallelGateway", "j"), node("exclusiveGateway", "out", default="out_e"),
            end(), flows("s -> in -> f", "f -> a -> j", "f -> b -> j", "j -> out"), flow("out -> in", "n < 300"), flow("out -> e"),
        ),
        {"n": 0},
    )  # fmt: skip
    assert d.ended
    assert len(d.trace("enter")) == 2 + 300 * 6


def test_moves_and_snapshot_do_not_grow_with_age():
    """Hazard: completed tasks were never pruned; cost and state grew with age."""
    d = Drive(
        bpmn(start(), user("a"), node("exclusiveGateway", "g"), flows("s -> a -> g -> a")),
        {f"v{i}": i for i in range(20)},
    )
    sizes, moves = [], []
    for _ in range(1000):
        d.complete("a")
        sizes.append(len(json.dumps(d.execution.snapshot())))
        moves.append(d.execution.snapshot()["moves"])
    variables = len(json.dumps([[f"v{i}", i] for i in range(20)]))
    assert sizes[-1] - variables < 2048
    assert sizes[-1] - sizes[0] <= 12, "only the digits of ids grow"
    assert set(moves) == {3}


def test_the_snapshot_holds_live_things_only():
    xml = bpmn(
        start(),
        sub("sub", start("is"), user("a", multi(cardinality="3")), flows("is -> a")),
        user("x"),
        flows("s -> sub -> x"),
    )
    d = Drive(xml)
    assert len(d.execution.snapshot()["tokens"]) == 6
    for _ in range(3):
        d.complete("a")
    snapshot = d.execution.snapshot()
    assert [row[1] for row in snapshot["tokens"]] == ["p", "x"]
    assert snapshot["subscriptions"] == snapshot["held"] == []


def test_an_unknown_version_of_a_snapshot_is_refused():
    """Hazard: an unknown version was accepted silently."""
    shelf = Shelf(COUNTING)
    data = Drive(shelf, {"n": 9999}).execution.snapshot() | {"version": 99}
    with pytest.raises(EngineError, match="reads version") as refused:
        Execution.restore(shelf, data)
    assert refused.value.code == "snapshot-version"


def test_two_branches_never_share_a_value(drive):
    """Hazard: nested data was aliased between branches until a save and restore broke the alias."""
    d = drive(
        bpmn(
            start(), node("parallelGateway", "g"), user("a"), user("b"), node("scriptTask", "sc", script("a1", "b1")), node("parallelGateway", "j"),
            flows("s -> sc -> g", "g -> a -> j", "g -> b -> j"),
        ),
        {"a1": {"list": [1]}},
    )  # fmt: skip
    d.complete("a", a1={"list": [1, 2]})
    assert d.variables["b1"] == {"list": [1]}


@pytest.mark.parametrize("name", ["Start", "End", "EndJoin", "root", "p"])
def test_ids_that_are_names_inside_spiffworkflow_are_ids_like_any_other(drive, name):
    """Hazard: the ids Start and End collided with internal names."""
    element = name if name != "p" else "q"
    d = drive(bpmn(start(element), user("u"), flows(f"{element} -> u")))
    assert d.trace()[0] == f"enter {element}"


@pytest.mark.parametrize(
    ("process", "start_event", "code"),
    [
        ("q", None, "process-unknown"),
        ("p", "nowhere", "start-event"),
        ("p", "u", "start-event"),
        ("p", None, "start-event"),
    ],
)
def test_a_start_that_does_not_exist_is_refused(process, start_event, code):
    xml = bpmn(
        start("m", message("m2")), start("g", signal("sig")), user("u"), flows("m -> u", "g -> u"), top=TOP
    )
    with pytest.raises(EngineError) as refused:
        Execution.start(Shelf(xml), "d", process, {}, now=T0, start_event=start_event)
    assert refused.value.code == code


def test_variables_that_do_not_fit_are_refused_at_the_start():
    with pytest.raises(EngineError) as refused:
        Drive(COUNTING, {"n": "x" * 70_000})
    assert refused.value.code == "variables-too-large"


def test_an_interruption_comes_before_any_other_move(drive):
    """Hazard: the deepest subprocess was drained before a boundary event that had already come."""
    inner = sub(
        "sub",
        start("is"),
        user("a"),
        node("task", "t1"),
        node("task", "t2"),
        user("late"),
        flows("is -> a -> t1 -> t2 -> late"),
    )
    d = drive(
        bpmn(
            start(),
            inner,
            boundary("b", "sub", signal("sig")),
            user("x"),
            flows("s -> sub", "b -> x"),
            top=TOP,
        )
    )
    d.signal("sig")
    assert d.waiting() == ["x"]
    assert "enter t1" not in d.trace()


def test_the_process_ends_once_and_hears_nothing_more(drive):
    d = drive(bpmn(start(), user("a"), end(), flows("s -> a -> e")))
    token = d.token("a")
    d.complete("a")
    assert d.trace("end") == ["end p"]
    assert not d.send(Completed(token))
    assert not d.signal("sig")
    assert not d.advance(days=1)


SCRIPT = """
import json, sys
sys.path[:0] = {paths!r}
from tests.engine.drive import Drive
from tests.engine.test_execution import BUSY
d = Drive(BUSY, {{"n": 3, "case": 1}}, restoring=True)
d.advance(hours=5); d.signal("sig"); d.work_off()
print(json.dumps([d.trace("enter", "take", "complete", "terminate"), d.execution.snapshot(), [repr(c) for c in d.commands]]))
"""

BUSY = bpmn(
    start(), node("inclusiveGateway", "g"),
    *(user(n, multi("[3, 1, 2]", element="v", output=f"out_{n}", of="v * n")) + boundary(f"t_{n}", n, timer("duration", f"PT{i}H"), interrupting=False)
      + boundary(f"s_{n}", n, signal("sig"), interrupting=i % 2 == 0) for i, n in enumerate("abcd", 1)),
    node("inclusiveGateway", "j"), user("x"), end(),
    flows("s -> g", *(f"{n} -> j" for n in "abcd"), *(f"t_{n} -> x" for n in "abcd"), *(f"s_{n} -> j" for n in "abcd"), "j -> x -> e"),
    *(flow(f"g -> {n}", f"n > {i}") for i, n in enumerate("abcd")), top=TOP,
)  # fmt: skip


def test_the_same_events_give_the_same_steps_under_every_hash_seed():
    root = Path(__file__).parents[2]
    code = SCRIPT.format(paths=[str(root), str(root / "src")])
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("0", "1", "4242")
    ]
    outputs = [run.communicate()[0] for run in runs]
    assert len(set(outputs)) == 1
    assert len(json.loads(outputs[0])[0]) > 60


def test_tasks_open_in_the_order_of_the_document(drive):
    names = ["z", "m", "a", "k"]
    d = drive(bpmn(start(), *(user(n) for n in names), *(flow(f"s -> {n}") for n in names)))
    assert [c.element for c in d.asked(OpenTask)] == names


def test_data_that_nests_deeper_with_each_round_is_an_incident_and_no_crash(drive):
    xml = bpmn(start(), node("scriptTask", "sc", script("[x]", "x")), flows("s -> sc -> sc"))
    d = drive(xml, {"x": 1})
    assert d.incidents() == ["variable-type"]


def test_data_that_come_nested_too_deep_are_refused():
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(EngineError) as refused:
        Drive(COUNTING, {"n": deep})
    assert refused.value.code == "variable-type"
