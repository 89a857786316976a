"""Runs the tests of a model on a definition that is not deployed yet, together with the live ones that it calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from pdflow.engine.protocol import Decision
from pdflow.runtime.definitions import Definition, DefinitionSource, read_manifest
from pdflow.runtime.errors import StartRefused
from pdflow.runtime.model_tests import ModelTest, differences, read_model_tests
from pdflow.runtime.script import ScriptRefused
from pdflow.runtime.scripted import Scripted
from pdflow.services import definitions


@dataclass(frozen=True)
class TestResult:
    """One case; ``wrong`` says what is not as expected, nothing when it passed."""

    __test__ = False

    name: str
    wrong: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.wrong


def run_tests(session: Session, manifest: bytes, tests: Any) -> list[TestResult]:
    """Run a test file on a manifest.

    Args:
        session: for reading; called processes are the live ones.
        manifest: of the definition under test.
        tests: the JSON of ``bpmn/tests/<model>.json`` (``docs/model-tests.md``).

    Raises:
        ScriptRefused: the test file is not of the documented form.
        ModelRefused: the model cannot be read.
    """
    cases = read_model_tests(tests)
    own = read_manifest(manifest)
    return [
        TestResult(case.name, tuple(_run(_Together(session, manifest, case.decisions), own, case)))
        for case in cases
    ]


def _run(together: _Together, own: Definition, case: ModelTest) -> list[str]:
    process = case.process or own.process
    if process not in own.model.processes:
        return [f"process: there is no process '{process}'; expected {', '.join(own.model.processes)}."]
    driver = Scripted(together, own.hash, process, now=case.clock_start, resolve=together.resolve)
    try:
        driver.run(case.start, case.events, start_event=case.start_event)
    except StartRefused as refused:
        return [f"start: {refused}"]
    except ScriptRefused as refused:
        return [f"events: {refused}", *differences(case.expect, driver)]
    return differences(case.expect, driver)


class _Together(DefinitionSource):
    """The definition under test and the live ones; a case may answer for decisions."""

    def __init__(self, session: Session, manifest: bytes, answers: Mapping[str, Any]) -> None:
        super().__init__(lambda hash: definitions.manifest(session, hash))
        self._session, self._answers = session, answers
        self._own = self.add(manifest)

    def decision(self, definition: str, decision: str) -> Decision | None:
        """The answer that the case gives, else the decision of the definition."""
        if decision in self._answers:
            answer = self._answers[decision]
            return lambda inputs, now: answer
        return super().decision(definition, decision)

    def resolve(self, process: str) -> str | None:
        """The definition under test for its own process, the live one for every other."""
        if process == self._own.process:
            return self._own.hash
        return definitions.resolve(self._session, [process]).get(process)
