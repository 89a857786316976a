"""The same script on Temporal and on the engine alone: the same output and the same trace."""

import json
import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAIN = "from pdflow.cli import main; main()"
OPEN_JOB = """
<startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="ask"/>
<userTask id="ask"/><sequenceFlow id="f2" sourceRef="ask" targetRef="tell"/>
<serviceTask id="tell"><extensionElements><zeebe:taskDefinition type="tell"/></extensionElements></serviceTask>
<boundaryEvent id="late" attachedToRef="tell" cancelActivity="false">
  <timerEventDefinition id="d"><timeDuration>PT48H</timeDuration></timerEventDefinition></boundaryEvent>
<sequenceFlow id="f3" sourceRef="tell" targetRef="e"/><endEvent id="e"/>
<sequenceFlow id="f4" sourceRef="late" targetRef="reminded"/><endEvent id="reminded"/>
"""

pytestmark = pytest.mark.temporal


def shipped(model, name):
    """Model, start and events of a test that comes with a shipped model."""
    tests = json.loads((ROOT / f"bpmn/tests/{model}.json").read_text())
    test = next(test for test in tests if test["name"] == name)
    return ROOT / f"bpmn/{model}.bpmn", test["start"], test["events"]


@pytest.fixture
def run(tmp_path):
    """Runs a model in a process of its own; gives exit status, what it printed without instants, and the trace."""

    def call(model, variables, script, *options):
        files = {"vars": variables, "script": script}
        for name, data in files.items():
            (tmp_path / f"{name}.json").write_text(json.dumps(data))
        trace = tmp_path / "trace.jsonl"
        arguments = [part for name in files for part in (f"--{name}", tmp_path / f"{name}.json")]
        result = subprocess.run(
            [sys.executable, "-c", MAIN, "run", model, *arguments, "--trace", trace, *options],
            env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        printed = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "INSTANT", result.stdout + result.stderr)
        return result.returncode, printed, from_its_start(trace)

    return call


def from_its_start(trace):
    """The lines of a trace, their times counted from the first."""
    lines = [json.loads(line) for line in trace.read_text().splitlines()]
    begin = datetime.fromisoformat(lines[0]["time"])
    return [{**line, "time": str(datetime.fromisoformat(line["time"]) - begin)} for line in lines]


def open_job(bpmn, *then):
    return bpmn(OPEN_JOB), {}, [{"complete": "ask", "vars": {"amount": 1.5}}, {"advance": "PT48H"}, *then]


CASES = {
    "a called process, clocks and messages": (
        3,
        lambda bpmn: shipped("inquiry", "the deadline passes and the office goes on with what it has"),
    ),
    "a job that answers after a timer beside it": (0, lambda bpmn: open_job(bpmn, {"complete": "tell"})),
    "a job that fails": (4, lambda bpmn: open_job(bpmn, {"fail": "tell"})),
    "a job that is left open": (3, lambda bpmn: (*open_job(bpmn), "--strict-script")),
    "an entry that matches nothing": (2, lambda bpmn: open_job(bpmn, {"complete": "tell"}, {"signal": "no"})),
}


@pytest.mark.parametrize(("status", "case"), CASES.values(), ids=CASES)
def test_a_run_on_temporal_is_the_run_without_it(run, bpmn, status, case):
    asked = case(bpmn)
    alone = run(*asked, "--no-temporal")
    assert alone[0] == status
    assert run(*asked) == alone
