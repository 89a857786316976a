import json

import pytest

TWO_TASKS = """
<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="ask"/>
<userTask id="ask"/><sequenceFlow id="f2" sourceRef="ask" targetRef="tell"/>
<serviceTask id="tell"><extensionElements><zeebe:taskDefinition type="tell"/></extensionElements></serviceTask>
<sequenceFlow id="f3" sourceRef="tell" targetRef="e"/><endEvent id="e"/>
"""
WAITS_FOR_MESSAGE = """
<message id="m" name="answer"><extensionElements><zeebe:subscription correlationKey="= case"/></extensionElements></message>
<signal id="g" name="stop"/>
<process id="p" isExecutable="true">
  <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="r"/>
  <receiveTask id="r" messageRef="m"/>
  <boundaryEvent id="late" attachedToRef="r"><timerEventDefinition id="d"><timeDuration>PT48H</timeDuration></timerEventDefinition></boundaryEvent>
  <boundaryEvent id="stopped" attachedToRef="r"><signalEventDefinition id="q" signalRef="g"/></boundaryEvent>
  <sequenceFlow id="f2" sourceRef="r" targetRef="answered"/><endEvent id="answered"/>
  <sequenceFlow id="f3" sourceRef="late" targetRef="reminded"/><endEvent id="reminded"/>
  <sequenceFlow id="f4" sourceRef="stopped" targetRef="gone"/><endEvent id="gone"/>
</process>
"""


@pytest.fixture
def run(pdflow, tmp_path):
    """Runs a model with a script; gives exit status, output and the trace."""

    def call(path, script=None, *options, variables=None):
        extra = [*options, "--no-temporal", "--trace", tmp_path / "trace.jsonl"]
        for name, data in (("--script", script), ("--vars", variables)):
            if data is not None:
                file = tmp_path / f"{name[2:]}.json"
                file.write_text(data if isinstance(data, str) else json.dumps(data))
                extra += [name, file]
        result = pdflow("run", path, *extra)
        trace = tmp_path / "trace.jsonl"
        lines = [json.loads(line) for line in trace.read_text().splitlines()] if trace.exists() else []
        return result.exit_code, result.output, lines

    return call


def entered(trace):
    return [line["element"] for line in trace if line["event"] == "enter" and line["type"] != "process"]


def test_a_model_that_ends_exits_0_and_prints_its_variables(run, bpmn):
    status, output, trace = run(bpmn(TWO_TASKS), [{"complete": "ask", "vars": {"amount": 1.5}}])
    assert status == 0
    assert json.loads(output.splitlines()[-1]) == {"amount": {"$feel": "number", "value": "1.5"}}
    assert entered(trace) == ["s", "ask", "tell", "e"]


def test_a_model_that_waits_exits_3_and_says_for_what(run, bpmn):
    status, output, _ = run(bpmn(TWO_TASKS))
    assert status == 3
    assert "user task ask" in output


def test_a_service_task_with_an_entry_waits_for_it_and_without_one_completes(run, bpmn):
    script = [{"complete": "ask"}, {"fail": "tell"}]
    assert run(bpmn(TWO_TASKS), script)[0] == 4
    assert run(bpmn(TWO_TASKS), script[:1])[0] == 0


def test_a_strict_script_leaves_a_service_task_without_an_entry_waiting(run, bpmn):
    status, output, _ = run(bpmn(TWO_TASKS), [{"complete": "ask"}], "--strict-script")
    assert status == 3
    assert "activity tell" in output


def test_an_uncaught_error_is_an_incident(run, bpmn):
    status, output, trace = run(bpmn(TWO_TASKS), [{"complete": "ask"}, {"fail": "tell", "error": "no-such"}])
    assert status == 4
    assert "incident at tell" in output
    assert [line["element"] for line in trace if line["event"] == "incident"] == ["tell"]


def test_every_trace_line_has_the_fixed_keys(run, bpmn):
    _, _, trace = run(bpmn(TWO_TASKS), [{"complete": "ask"}])
    assert {tuple(line) for line in trace} == {
        ("event", "element", "type", "instance", "scope", "item", "time")
    }
    assert {line["event"] for line in trace} == {"enter", "complete", "take", "end"}
    assert [line["element"] for line in trace if line["event"] == "take"] == ["f1", "f2", "f3"]
    assert {line["type"] for line in trace if line["event"] == "take"} == {"sequenceFlow"}


@pytest.mark.parametrize(
    ("entry", "end"),
    [
        ({"message": "answer", "key": "C-1", "vars": {"yes": True}}, "answered"),
        ({"signal": "stop"}, "gone"),
        ({"advance": "PT48H"}, "reminded"),
        ({"advance": "P2D"}, "reminded"),
    ],
    ids=["message", "signal", "exactly at the due instant", "the same in days"],
)
def test_an_entry_reaches_what_waits_for_it(run, bpmn, entry, end):
    status, _, trace = run(bpmn(WAITS_FOR_MESSAGE), [entry], variables={"case": "C-1"})
    assert (status, entered(trace)[-1]) == (0, end)


@pytest.mark.parametrize(
    "entry",
    [
        {"message": "answer", "key": "C-2"},
        {"message": "question", "key": "C-1"},
        {"signal": "go"},
        {"complete": "nothing"},
        {"fail": "nothing"},
    ],
    ids=["another key", "another message", "another signal", "no such task", "no such work"],
)
def test_an_entry_that_matches_nothing_is_bad_use_and_named_by_its_index(run, bpmn, entry):
    status, output, trace = run(
        bpmn(WAITS_FOR_MESSAGE), [{"advance": "PT1H"}, entry], variables={"case": "C-1"}
    )
    assert status == 2
    assert "Entry 1 (" in output and "it waits for message answer [C-1]" in output
    assert entered(trace) == ["s", "r"]


def test_time_that_is_not_enough_leaves_the_model_waiting(run, bpmn):
    assert run(bpmn(WAITS_FOR_MESSAGE), [{"advance": "PT47H59M59S"}], variables={"case": "C-1"})[0] == 3


BAD_SCRIPTS = {
    "no list": ({"complete": "ask"}, "expected a list"),
    "no kind": ([{"vars": {}}], "Entry 0"),
    "two kinds": ([{"complete": "ask", "signal": "x"}], "Entry 0"),
    "unknown key": ([{"complete": "ask", "variables": {}}], "'variables' does not belong to 'complete'"),
    "variables that are a list": ([{"complete": "ask", "vars": [1]}], "expected an object of variables"),
    "a duration in months": ([{"advance": "P1M"}], "expected days and time such as P2DT4H"),
    "a negative duration": ([{"advance": "-PT1H"}], "expected days and time"),
    "a broken date": (
        [{"complete": "ask", "vars": {"d": {"$feel": "date", "value": "2026-13-01"}}}],
        "expected a value of kind",
    ),
    "values nested too deep": (
        [{"complete": "ask", "vars": {"x": json.loads("[" * 90 + "]" * 90)}}],
        "nested at most 60 deep",
    ),
    "JSON nested without end": ("[" * 100_000, "expected JSON"),
    "no JSON": ("[{", "expected JSON"),
}


@pytest.mark.parametrize(("script", "sentence"), BAD_SCRIPTS.values(), ids=BAD_SCRIPTS)
def test_a_script_of_another_form_is_refused_before_anything_runs(run, bpmn, script, sentence):
    status, output, trace = run(bpmn(TWO_TASKS), script)
    assert status == 2
    assert sentence in output
    assert trace == []


def test_a_model_that_is_not_executable_runs_with_force_only(run, bpmn):
    path = bpmn(f'<process id="p" isExecutable="false">{TWO_TASKS}</process>')
    status, output, trace = run(path, [{"complete": "ask"}])
    assert (status, trace) == (2, [])
    assert "not-executable" in output
    assert run(path, [{"complete": "ask"}], "--force")[0] == 0


def test_findings_that_stop_execution_stop_it_with_force_too(run, bpmn):
    status, output, _ = run(
        bpmn('<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="no"/>'), None, "--force"
    )
    assert status == 2
    assert " f dangling-reference " in output


SEVERAL = (
    '<process id="first" isExecutable="true"><userTask id="a"/></process>'
    '<process id="second" isExecutable="true"><startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="b"/><userTask id="b"/></process>'
)


@pytest.mark.parametrize(
    ("options", "task"), [([], "b"), (["--process", "first"], "a")], ids=["with a none start", "named"]
)
def test_of_several_processes_the_named_one_runs_or_the_first_with_a_none_start(run, bpmn, options, task):
    status, output, _ = run(bpmn(SEVERAL), None, *options)
    assert (status, f"user task {task}" in output) == (3, True)


def test_a_process_that_is_not_there_is_bad_use(run, bpmn):
    status, output, _ = run(bpmn(SEVERAL), None, "--process", "third")
    assert status == 2
    assert "expected one of first, second" in output


def test_the_first_message_of_the_script_starts_a_process_that_begins_with_it(run, bpmn):
    path = bpmn(
        '<message id="m" name="request"/><process id="p" isExecutable="true">'
        '<startEvent id="s"><messageEventDefinition id="d" messageRef="m"/></startEvent>'
        '<sequenceFlow id="f" sourceRef="s" targetRef="t"/><userTask id="t"/></process>'
    )
    script = [{"message": "request", "vars": {"case": "C-1"}}, {"complete": "t"}]
    status, output, trace = run(path, script)
    assert status == 0
    assert json.loads(output.splitlines()[-1]) == {"case": "C-1"}
    assert entered(trace) == ["s", "t"]
    status, output, _ = run(path, [*script, {"signal": "x"}])
    assert (status, "Entry 2 (signal x)" in output) == (2, True)


def test_a_called_process_is_found_in_the_folder(run, bpmn):
    bpmn('<process id="callee" isExecutable="true"><userTask id="inner"/></process>', "other.bpmn")
    path = bpmn(
        '<callActivity id="c"><extensionElements><zeebe:calledElement processId="callee"/></extensionElements></callActivity>'
    )
    status, _, trace = run(path, [{"complete": "inner"}])
    assert (status, entered(trace)) == (0, ["c", "inner"])


def test_a_called_process_that_is_nowhere_is_an_incident(run, bpmn):
    path = bpmn(
        '<callActivity id="c"><extensionElements><zeebe:calledElement processId="nowhere"/></extensionElements></callActivity>'
    )
    status, output, _ = run(path)
    assert (status, "incident at c" in output) == (4, True)


def test_a_model_that_never_waits_is_an_incident(run, bpmn, monkeypatch):
    monkeypatch.setattr("pdflow.engine.execution.NEVER_WAITS", 7_000)
    path = bpmn(
        '<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="a"/><task id="a"/>'
        '<sequenceFlow id="g" sourceRef="a" targetRef="b"/><task id="b"/><sequenceFlow id="h" sourceRef="b" targetRef="a"/>'
    )
    status, output, _ = run(path)
    assert status == 4
    assert "without waiting" in output


def test_a_loop_of_service_tasks_that_never_waits_is_an_incident(run, bpmn, monkeypatch):
    monkeypatch.setattr("pdflow.runtime.scripted.MAX_ANSWERS", 50)
    path = bpmn(
        '<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="a"/>'
        '<serviceTask id="a"/><sequenceFlow id="g" sourceRef="a" targetRef="a"/>'
    )
    status, output, trace = run(path)
    assert status == 4
    assert "without ever waiting" in output
    assert [line["element"] for line in trace if line["event"] == "incident"] == ["p"]


def test_variables_that_are_too_many_are_refused(run, bpmn):
    status, output, _ = run(bpmn(TWO_TASKS), [{"complete": "ask", "vars": {"x": "y" * 70_000}}])
    assert status == 2
    assert "Entry 0 (complete ask): " in output


def test_a_message_thrown_early_reaches_the_instance_s_own_catch(run, bpmn):
    path = bpmn(
        '<message id="m" name="note"/><process id="p" isExecutable="true"><startEvent id="s"/>'
        '<sequenceFlow id="f1" sourceRef="s" targetRef="t"/>'
        '<intermediateThrowEvent id="t"><messageEventDefinition id="d1" messageRef="m"/></intermediateThrowEvent>'
        '<sequenceFlow id="f2" sourceRef="t" targetRef="u"/><userTask id="u"/><sequenceFlow id="f3" sourceRef="u" targetRef="c"/>'
        '<intermediateCatchEvent id="c"><messageEventDefinition id="d2" messageRef="m"/></intermediateCatchEvent></process>'
    )
    assert run(path, [{"complete": "u"}])[0] == 0


def test_the_oldest_of_several_open_tasks_is_completed_first(run, bpmn):
    path = bpmn(
        '<userTask id="t"><multiInstanceLoopCharacteristics id="l"><extensionElements>'
        '<zeebe:loopCharacteristics inputCollection="= people" inputElement="person"/>'
        "</extensionElements></multiInstanceLoopCharacteristics></userTask>"
    )
    _, _, trace = run(path, [{"complete": "t"}], variables={"people": ["a", "b"]})
    items = {
        line["event"]: line["item"] for line in trace if line["element"] == "t" and line["item"] is not None
    }
    assert items == {"enter": 1, "complete": 0}


GUARDED = """
<error id="no" errorCode="no"/><process id="p" isExecutable="true">
<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
{task}
<boundaryEvent id="refused" attachedToRef="t"><errorEventDefinition id="d1" errorRef="no"/></boundaryEvent>
<boundaryEvent id="late" attachedToRef="t"><timerEventDefinition id="d2"><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>
<sequenceFlow id="f2" sourceRef="t" targetRef="done"/><endEvent id="done"/>
<sequenceFlow id="f3" sourceRef="refused" targetRef="e1"/><endEvent id="e1"/>
<sequenceFlow id="f4" sourceRef="late" targetRef="e2"/><endEvent id="e2"/>
</process>
"""
TASKS = {
    "user task": '<userTask id="t"/>',
    "service task": '<serviceTask id="t"/>',
    "script task": '<scriptTask id="t"/>',
}
REACTIONS = {
    "a BPMN error is caught": ([{"fail": "t", "error": "no"}], "e1"),
    "time passes it by": ([{"advance": "PT1H"}], "e2"),
    "it is done in time": (
        [
            {"advance": "PT59M"},
            {"complete": "t"},
        ],
        "done",
    ),
}


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
@pytest.mark.parametrize(("script", "end"), REACTIONS.values(), ids=REACTIONS)
def test_a_task_of_any_kind_waits_for_its_entry_and_for_its_boundary_events(run, bpmn, task, script, end):
    status, _, trace = run(bpmn(GUARDED.format(task=task)), script, "--strict-script")
    assert (status, entered(trace)[-1]) == (0, end)


def test_a_user_task_cannot_fail_without_an_error_code(run, bpmn):
    status, output, _ = run(bpmn(GUARDED.format(task=TASKS["user task"])), [{"fail": "t"}])
    assert (status, "Entry 0 (fail t) matches nothing" in output) == (2, True)


def test_a_trace_that_cannot_be_written_is_a_sentence(pdflow, bpmn, tmp_path):
    result = pdflow(
        "run", bpmn('<task id="t"/>'), "--no-temporal", "--trace", tmp_path / "none" / "out.jsonl"
    )
    assert result.exit_code == 2
    assert "the trace cannot be written" in result.output


def test_two_runs_of_one_script_give_the_same_trace_apart_from_the_time(run, bpmn):
    def trace():
        return [line | {"time": None} for line in run(bpmn(TWO_TASKS), [{"complete": "ask"}])[2]]

    assert trace() == trace()
