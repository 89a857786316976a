"""Global tasks are not executed: a call activity to one is refused (BPMN 2.0.2 section 10.3.4)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    local,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Call activities that call a global task."""
    for activity in document.run_nodes:
        if local(activity) != "callActivity":
            continue
        there = document.referred(activity, "calledElement")
        if there is not None and local(there).startswith("global"):
            yield Report(
                activity,
                f"It calls the {local(there)} '{there.get('id')}'; global tasks are not executed.",
                "Put the task into a process and call that, or draw the task here.",
            )


RULE = Rule("global-task", "error", check)
