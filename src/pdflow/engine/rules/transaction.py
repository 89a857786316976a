"""Cancel belongs to a transaction: its end inside of one, its catch on one (BPMN 2.0.2 section 10.3.5.2)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    local,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Cancel events that stand elsewhere."""
    for event in document.nodes:
        if "cancel" not in document.kinds(event):
            continue
        if local(event) == "boundaryEvent":
            host = document.element(event.get("attachedToRef"))
            if host is not None and local(host) != "transaction":
                yield Report(
                    event, "A cancel boundary event is not on a transaction.", "Attach it to a transaction."
                )
        elif local(event) == "endEvent":
            scope = document.scope(event)
            if scope is None or local(scope) != "transaction":
                yield Report(
                    event,
                    "A cancel end event does not stand in a transaction.",
                    "Move it directly into a transaction.",
                )
            elif not any("cancel" in document.kinds(one) for one in document.boundaries(scope)):
                yield Report(
                    event,
                    "Its transaction has no cancel boundary event to go on from.",
                    "Attach a cancel boundary event to the transaction.",
                )


RULE = Rule("transaction", "error", check)
