"""Where an end event is drawn, a start event is drawn too (BPMN 2.0.2 section 10.5.3)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    children,
    local,
    true,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Scopes with an end event and nothing that starts them."""
    for scope in document.scopes:
        ends = children(scope, "endEvent")
        if not ends or children(scope, "startEvent") or local(scope) == "adHocSubProcess":
            continue
        if not any(true(one, "instantiate") for one in document.members(scope)):
            yield Report(
                ends[0],
                f"This {local(scope)} has an end event but no start event.",
                "Draw the start event, or leave both away.",
            )


RULE = Rule("end-without-start", "error", check, stops=False)
