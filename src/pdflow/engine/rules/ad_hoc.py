"""An ad-hoc subprocess holds activities that are done as needed, no start and no end (BPMN 2.0.2 section 10.3.5.3)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    ACTIVITIES,
    Document,
    children,
    local,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Ad-hoc subprocesses with start or end events, without activities, or with an unknown ordering."""
    for scope in document.all("adHocSubProcess"):
        for event in children(scope, "startEvent", "endEvent"):
            yield Report(event, f"A {local(event)} stands in an ad-hoc subprocess.", "Remove it.")
        if document.runs(scope) and not children(scope, *ACTIVITIES):
            yield Report(scope, "An ad-hoc subprocess has no activity.", "Put at least one activity into it.")
        if scope.get("ordering") not in {None, "Parallel", "Sequential"}:
            yield Report(
                scope, f"The ordering '{scope.get('ordering')}' is unknown.", "Use Parallel or Sequential."
            )


RULE = Rule("ad-hoc", "error", check)
