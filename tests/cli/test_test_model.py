import json

import pytest

MODEL = """
<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="serve"/>
<userTask id="serve"><extensionElements>
  <zeebe:properties><zeebe:property name="sla:policy" value="notify"/></zeebe:properties>
</extensionElements></userTask>
<sequenceFlow id="f2" sourceRef="serve" targetRef="e"/><endEvent id="e"/>
<subProcess id="late" triggeredByEvent="true">
  <startEvent id="breach" isInterrupting="false"><signalEventDefinition id="d" signalRef="g"/></startEvent>
  <sequenceFlow id="f3" sourceRef="breach" targetRef="tell"/><userTask id="tell"/>
</subProcess>
"""
PACK = {
    "format": 1,
    "pack": "clocks",
    "version": 1,
    "policies": [
        {
            "id": "notify",
            "title": "Serve the notice",
            "target": "PT48H",
            "calendar": "elapsed",
            "holder": "office",
            "levels": [{"name": "half", "percent": 50}],
            "escalation": [{"level": "breached", "step": "director"}],
        }
    ],
}
LATE = {
    "name": "an unserved notice is escalated",
    "start": {"office": "ATL"},
    "events": [{"advance": "PT48H"}],
    "expect": {
        "state": "waits",
        "path": ["s", "serve", "tell"],
        "never": ["e"],
        "visits": {"serve": 1, "tell": 1},
        "variables": {"office": "ATL"},
        "open_tasks": ["tell", "serve"],
        "clocks": {"notify": "breached_open"},
        "messages": [],
    },
}


@pytest.fixture
def test_model(pdflow, bpmn, tmp_path):
    def call(*cases):
        path = bpmn(
            f'<signal id="g" name="sla.escalation"/><process id="p" isExecutable="true">{MODEL}</process>'
        )
        (tmp_path / "policy").mkdir(exist_ok=True)
        (tmp_path / "policy" / "clocks.json").write_text(json.dumps(PACK))
        (tmp_path / "tests").mkdir(exist_ok=True)
        (tmp_path / "tests" / "model.json").write_text(json.dumps(cases))
        result = pdflow("test-model", path)
        return result.exit_code, result.output

    return call


def test_a_case_that_is_as_expected_passes(test_model):
    assert test_model(LATE) == (0, "passed model: an unserved notice is escalated\npassed 1/1\n")


def test_the_test_file_may_be_named_instead_of_the_model(test_model, pdflow, tmp_path):
    test_model(LATE)
    assert pdflow("test-model", tmp_path / "tests" / "model.json").exit_code == 0


DIFFERENT = {
    "state": (
        {"state": "completed"},
        "state: expected completed, but it is waits; it waits for user task serve",
    ),
    "path": ({"path": ["serve", "s"]}, "path: expected 's' after 'serve', but the path was s > serve > "),
    "never": ({"never": ["tell"]}, "never: expected 'tell' not to be entered, but it was."),
    "visits": ({"visits": {"serve": 2}}, "visits: expected 'serve' to be entered 2 times, but it was 1."),
    "variable": ({"variables": {"office": "BOS"}}, 'variables: expected office = "BOS", but it is "ATL".'),
    "absent variable": (
        {"variables": {"unit": 1}},
        "variables: expected unit = 1, but there is no such variable.",
    ),
    "tasks": ({"open_tasks": ["serve"]}, "open_tasks: expected ['serve'], but open are ['serve', 'tell']."),
    "clock": ({"clocks": {"notify": "met"}}, "clocks: expected notify to be met, but it is breached_open."),
    "other clock": (
        {"clocks": {"decide": "met"}},
        "clocks: expected decide to be met, but it is not started.",
    ),
    "messages": ({"messages": ["m"]}, "messages: expected ['m'] to be thrown, but thrown were []."),
}


@pytest.mark.parametrize(("expect", "sentence"), DIFFERENT.values(), ids=DIFFERENT)
def test_a_difference_fails_the_case_and_names_both_sides(test_model, expect, sentence):
    status, output = test_model(LATE | {"expect": expect})
    assert status == 1
    assert sentence in output
    assert output.endswith("passed 0/1\n")


def test_an_event_that_matches_nothing_fails_the_case(test_model):
    status, output = test_model(LATE | {"events": [{"complete": "nothing"}], "expect": {"state": "waits"}})
    assert status == 1
    assert "events: Entry 0 (complete nothing) matches nothing; it waits for user task serve" in output


def test_a_clock_met_exactly_at_its_due_instant_is_met(test_model):
    before = LATE | {"events": [{"advance": "PT47H"}, {"complete": "serve"}]}
    assert test_model(before | {"expect": {"state": "completed", "clocks": {"notify": "met"}}})[0] == 0


BAD_FILES = {
    "no expectation": ({"name": "x"}, "without it the case cannot fail"),
    "no name": ({"expect": {"state": "waits"}}, "case 0: expected an object with a name"),
    "unknown key": ({"name": "x", "expcet": {}, "expect": {"state": "waits"}}, "there is no 'expcet'"),
    "unknown expectation": ({"name": "x", "expect": {"status": "waits"}}, "there is no 'status'"),
    "unknown state": (
        {"name": "x", "expect": {"state": "done"}},
        "expected state to be one of completed, waits, incident",
    ),
    "broken event": ({"name": "x", "events": [{}], "expect": {"state": "waits"}}, "case 'x': Entry 0"),
    "instant without offset": (
        {"name": "x", "clock_start": "2026-01-01T00:00:00", "expect": {"state": "waits"}},
        "expected an instant with its offset",
    ),
}


@pytest.mark.parametrize(("case", "sentence"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_test_file_of_another_form_is_refused(test_model, case, sentence):
    status, output = test_model(case)
    assert status == 2
    assert sentence in output


def test_a_model_without_a_test_file_is_refused(pdflow, bpmn):
    result = pdflow("test-model", bpmn('<task id="t"/>'))
    assert result.exit_code == 2
    assert "model.json: cannot be read" in result.output
