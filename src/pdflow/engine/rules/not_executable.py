"""A process that is deployed is marked executable (BPMN 2.0.2 table 10.1)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    true,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Files whose every process says ``isExecutable="false"``; advice where none says anything."""
    if any(true(one, "isExecutable") for one in document.processes):
        return
    for process in document.processes:
        if process.get("isExecutable") is not None:
            if not any(one.get("isExecutable") is None for one in document.processes):
                yield Report(process, "The process is marked as not executable.", 'Set isExecutable="true".')
        else:
            yield Report(
                process,
                "The process does not say whether it is executable.",
                'Set isExecutable="true".',
                severity="advice",
            )


RULE = Rule("not-executable", "error", check, stops=False)
