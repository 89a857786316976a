"""An intermediate event stands in the flow: something leads to it, and it leads on (BPMN 2.0.2 section 10.5.4)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    local,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Intermediate events in the normal flow without an incoming or an outgoing flow; links have one side only."""
    for event in document.nodes:
        name, link = local(event), "link" in document.kinds(event)
        if name not in {"intermediateCatchEvent", "intermediateThrowEvent"}:
            continue
        if not document.incoming(event) and not (link and name == "intermediateCatchEvent"):
            yield Report(
                event, "No flow leads to this intermediate event.", "Lead one to it, or use a start event."
            )
        if not document.outgoing(event) and not (link and name == "intermediateThrowEvent"):
            yield Report(
                event,
                "No flow leaves this intermediate event.",
                "Lead it on, or use an end event.",
                severity="advice",
            )


RULE = Rule("intermediate-event", "error", check, stops=False)
