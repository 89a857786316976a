"""A start event has no incoming sequence flow (BPMN 2.0.2 section 10.5.2)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    local,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Start events that a flow leads into."""
    for event in document.nodes:
        if local(event) == "startEvent" and document.incoming(event):
            flow = document.incoming(event)[0].get("id")
            yield Report(
                event, f"The flow '{flow}' leads into a start event.", "Lead it to the node that follows."
            )


RULE = Rule("start-event-incoming", "error", check)
