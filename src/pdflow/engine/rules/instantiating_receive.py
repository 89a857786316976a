"""A receive task that creates instances begins the process (BPMN 2.0.2 section 10.3.3.4)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    local,
    true,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Instantiating receive tasks that a flow leads into, or that stand beside a start event."""
    for task in document.run_nodes:
        if local(task) != "receiveTask" or not true(task, "instantiate"):
            continue
        if document.incoming(task):
            yield Report(
                task,
                "A receive task that creates instances has an incoming flow.",
                "Let it begin the process.",
            )


RULE = Rule("instantiating-receive", "error", check)
