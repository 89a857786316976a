"""An end event has no outgoing sequence flow (BPMN 2.0.2 section 10.5.3)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    local,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """End events that a flow leaves."""
    for event in document.nodes:
        if local(event) == "endEvent" and document.outgoing(event):
            flow = document.outgoing(event)[0].get("id")
            yield Report(
                event,
                f"The flow '{flow}' leaves an end event.",
                "Use an intermediate throw event where the path goes on.",
            )


RULE = Rule("end-event-outgoing", "error", check)
