"""A scope that has nodes has one to begin with (BPMN 2.0.2 section 13.3.4)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    label,
    local,
    true,
)
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule


def _begins(document: Document, scope: Element) -> bool:
    return any(
        local(one) == "startEvent"
        or true(one, "instantiate")
        or (
            not document.incoming(one)
            and local(one) != "boundaryEvent"
            and not true(one, "triggeredByEvent")
            and not true(one, "isForCompensation")
        )
        for one in document.members(scope)
    )


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Executed processes and subprocesses in which nothing can begin."""
    runnable = [one for one in document.executed if _begins(document, one)]
    for process in document.executed:
        if process not in runnable:
            # An empty pool beside a process that runs is a picture of somebody else, not a defect.
            yield Report(
                process,
                "Nothing in this process can begin.",
                "Add a start event.",
                severity="advice" if runnable and not document.members(process) else None,
            )
    for scope in document.scopes:
        inner = local(scope) != "process" and document.runs(scope) and bool(document.members(scope))
        if inner and not _begins(document, scope):
            yield Report(scope, f"Nothing in this {label(scope)} can begin.", "Add a start event inside.")


RULE = Rule("no-start", "error", check)
