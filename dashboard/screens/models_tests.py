"""The tests of a model, run on a definition that need not be deployed; the same files as `pdflow test-model`."""

import json
from typing import Any

import streamlit as st

from dashboard.backend import platform
from pdflow.casework.packs import BPMN
from pdflow.engine.findings import ModelRefused
from pdflow.runtime.script import ScriptRefused
from pdflow.services.draft_tests import TestResult, run_tests


def tests_of(process: str) -> Any | None:
    """The tests beside the model of a process, as JSON; `None`: it has none."""
    path = BPMN / "tests" / f"{process}.json"
    return json.loads(path.read_bytes()) if path.is_file() else None


def results(process: str, manifest: bytes) -> list[TestResult] | str:
    """Run the tests of a process; a sentence when they cannot be run."""
    tests = tests_of(process)
    if tests is None:
        return []
    with platform().reading() as session:
        try:
            return run_tests(session, manifest, tests)
        except (ModelRefused, ScriptRefused) as refused:
            return f"The tests cannot be run: {refused}"


def draw_tests(process: str, manifest: bytes, *, key: str) -> None:
    """A button that runs the tests, and what came of them."""
    if tests_of(process) is None:
        st.html(
            f'<div class="pd-empty">This model has no tests yet: write them as data in bpmn/tests/{process}.json.</div>'
        )
        return
    if st.button("Run the tests", key=f"tests-{key}"):
        st.session_state[f"results-{key}"] = results(process, manifest)
    draw_results(st.session_state.get(f"results-{key}"))


def draw_results(found: list[TestResult] | str | None) -> None:
    """Say each case, the failed ones first and with what was not as expected."""
    if isinstance(found, str):
        st.warning(found)
        return
    for result in sorted(found or [], key=lambda each: each.passed):
        st.markdown(f"{'✓ passed' if result.passed else '■ **failed**'}: {result.name}")
        for sentence in result.wrong:
            st.markdown(f"- {sentence}")
