"""Writes ``docs/supported-elements.md`` from tests that ran: ``python -m tests.engine.supported_elements``.

Every move that the engine makes in a test is noted by element, position and kind; a row counts the tests that passed
and in which such an element moved. What the standard has and no test moves shows with no test.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pdflow.engine.behaviours import BEHAVIOURS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "supported-elements.md"
TESTS = ["tests/engine/behaviours", "tests/engine/test_execution.py"]

_TRIGGERS = ["message", "timer", "conditional", "signal"]
_EVENT_SUBPROCESS = [*_TRIGGERS, "escalation"]
EVENTS = {
    "start of a process": ["none", *_TRIGGERS],
    "start of a subprocess": ["none"],
    "start of an event subprocess, interrupting": [*_EVENT_SUBPROCESS, "error", "compensation"],
    "start of an event subprocess, not interrupting": _EVENT_SUBPROCESS,
    "intermediate, catching": [*_TRIGGERS, "link", "multiple", "parallel multiple"],
    "boundary, interrupting": [*_EVENT_SUBPROCESS, "error", "cancel"],
    "boundary, not interrupting": _EVENT_SUBPROCESS,
    "boundary, compensation": ["compensation"],
    "intermediate, throwing": ["none", "message", "escalation", "compensation", "link", "signal"],
    "end": ["none", "message", "escalation", "error", "cancel", "compensation", "signal", "terminate"],
}
TASKS = [
    "task", "manualTask", "userTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask",
]  # fmt: skip
SCOPES = ["subProcess", "transaction", "adHocSubProcess", "callActivity"]
GATEWAYS = ["exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway"]
LOOPS = ["standard loop", "sequential multi-instance", "parallel multi-instance"]


def rows_of(node: Any, triggered: bool) -> set[tuple[str, str]]:
    """The rows that a node belongs to: (group, name)."""
    if node.type.endswith("Event"):
        return {(_position(node, triggered), _kind(node))}
    found = {(_group(node.type), node.type)}
    if node.loop is not None:
        loop = node.loop.kind
        found.add(("loops", "standard loop" if loop == "standard" else f"{loop} multi-instance"))
    if node.is_handler:
        found.add(("boundary, compensation", "compensation"))
    return found


def _group(name: str) -> str:
    groups = {"tasks": TASKS, "subprocesses and calls": SCOPES, "gateways": GATEWAYS}
    return next((group for group, names in groups.items() if name in names), "process")


def _kind(node: Any) -> str:
    if len(node.events) > 1:
        return "parallel multiple" if node.parallel else "multiple"
    return node.events[0].kind if node.events else "none"


def _position(node: Any, triggered: bool) -> str:
    if node.type == "startEvent":
        if triggered:
            return f"start of an event subprocess, {'' if node.interrupting else 'not '}interrupting"
        return "start of a process" if node.parent == node.process else "start of a subprocess"
    if node.type == "boundaryEvent":
        if _kind(node) == "compensation":
            return "boundary, compensation"
        return f"boundary, {'' if node.interrupting else 'not '}interrupting"
    names = {
        "intermediateCatchEvent": "intermediate, catching",
        "intermediateThrowEvent": "intermediate, throwing",
    }
    return names.get(node.type, "end")


class Noting:
    """Stands before a behaviour and notes which nodes move."""

    def __init__(self, behaviour: Any, seen: set[tuple[str, str]]) -> None:
        self._behaviour, self._seen = behaviour, seen
        self._known: dict[int, tuple[Any, set[str]]] = {}

    def _triggered(self, model: Any) -> set[str]:
        """Ids of the event subprocesses of a model; the model is kept, so that its identity stays its own."""
        if id(model) not in self._known:
            scopes = [
                *(one.scope for one in model.processes.values()),
                *(n.scope for n in model.walk() if n.scope),
            ]
            self._known[id(model)] = model, {one for scope in scopes for one in scope.event_subprocesses}
        return self._known[id(model)][1]

    def __getattr__(self, name: str) -> Any:
        move = getattr(self._behaviour, name)

        def noted(s: Any, token: Any, *others: Any) -> Any:
            self._seen |= rows_of(token.node, token.node.parent in self._triggered(token.home.model))
            return move(s, token, *others)

        return noted


class Recorder:
    """Counts, for each row, the tests that passed and moved it."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, str]] = set()
        self.passed: Counter[tuple[str, str]] = Counter()
        self.tests = 0

    def pytest_runtest_setup(self) -> None:
        self.seen.clear()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self.tests += 1
            self.passed.update(self.seen)


def page(recorder: Recorder) -> str:
    """The page, from what was recorded."""
    groups = {
        "tasks": TASKS,
        "loops": LOOPS,
        "subprocesses and calls": SCOPES,
        "gateways": GATEWAYS,
        **EVENTS,
    }
    lines = [
        "# Supported elements",
        "",
        "What the engine executes, and in how many tests that passed it moved; each also with save and restore after every step.",
        "What is refused, and why, is in the [deployment rules](rules/README.md). Written by `python -m tests.engine.supported_elements`.",
    ]
    for group, names in groups.items():
        lines += ["", f"## {group[0].upper()}{group[1:]}", "", "| Element | Tests |", "| --- | ---: |"]
        lines += [f"| {name} | {recorder.passed[group, name] or 'none'} |" for name in names]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run the tests and write the page; the tests' exit status."""
    recorder = Recorder()
    for name, behaviour in list(BEHAVIOURS.items()):
        BEHAVIOURS[name] = Noting(behaviour, recorder.seen)  # type: ignore[assignment]
    status = pytest.main(["-q", "-p", "no:cacheprovider", *TESTS], plugins=[recorder])
    if status == 0:
        PAGE.write_text(page(recorder), encoding="utf-8")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
