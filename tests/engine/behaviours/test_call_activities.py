"""Call activities: processes of this file and of other definitions."""

from __future__ import annotations

from pdflow.engine import ResolveDefinition
from tests.engine.models import (
    boundary,
    bpmn,
    end,
    error,
    ext,
    file,
    flows,
    io,
    multi,
    node,
    process,
    script,
    start,
    timer,
    user,
)  # fmt: skip

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
