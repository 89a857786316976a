"""The 21 reference models of the interchange group: each runs, or is refused with element ids and reasons."""

import re
from pathlib import Path

import pytest

MODELS = sorted((Path(__file__).parents[1] / "suites" / "bpmn-miwg").glob("*.bpmn"))
REASON = re.compile(r"\S+\.bpmn:\d+ \S+ [a-z-]+ \S.+|ManualCheck: The correlation key .+")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr("pdflow.engine.execution.NEVER_WAITS", 7_000)


def test_all_21_are_here():
    assert len(MODELS) == 21


@pytest.mark.parametrize("options", [[], ["--force"]], ids=["as it is", "forced"])
@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.stem)
def test_it_runs_or_says_why_not(pdflow, model, options):
    result = pdflow("run", model, "--no-temporal", *options)
    assert result.exit_code in {0, 2, 3, 4}
    assert "Traceback" not in result.output
    if result.exit_code == 2:
        lines = result.output.strip().splitlines()
        assert [line for line in lines if not REASON.fullmatch(line)] == []


#: What each one does when it is forced: a change here is a change of what the engine says about somebody's model.
ENDED, REFUSED, WAITS, INCIDENT = 0, 2, 3, 4
FORCED = {
    "A.1.0": ENDED,
    "A.2.0": ENDED,
    "A.2.1": REFUSED,  # a condition in XPath
    "A.3.0": ENDED,
    "A.4.0": ENDED,
    "A.4.1": ENDED,
    "B.1.0": REFUSED,  # a timer without a time, a global task
    "B.2.0": REFUSED,  # timers without a time, loops without an end, a global task
    "C.1.0": REFUSED,  # JUEL
    "C.1.1": REFUSED,  # JUEL
    "C.2.0": INCIDENT,  # a loop whose gateway has no conditions
    "C.3.0": REFUSED,  # a condition that is not FEEL
    "C.4.0": REFUSED,  # a loop without an end
    "C.5.0": WAITS,
    "C.6.0": REFUSED,  # timers without a time
    "C.7.0": REFUSED,  # a multi-instance task without a count
    "C.8.0": REFUSED,  # names with spaces
    "C.8.1": REFUSED,  # data associations that change data, names with spaces
    "C.9.0": REFUSED,  # mappings that are not FEEL
    "C.9.1": INCIDENT,  # a correlation key without its variable
    "C.9.2": REFUSED,  # a correlation key without its variable, at the start
}


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.stem)
def test_forced_it_does_the_same_as_before(pdflow, model):
    assert pdflow("run", model, "--no-temporal", "--force").exit_code == FORCED[model.stem]
