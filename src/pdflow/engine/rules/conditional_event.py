"""A conditional event says what it waits for (BPMN 2.0.2 table 10.95)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    child,
    kind,
    text,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Conditional events without a condition."""
    for event in document.run_nodes:
        for definition in document.event_definitions(event):
            if kind(definition) == "conditional" and not text(child(definition, "condition")):
                yield Report(
                    event,
                    "Its conditional event definition has no condition.",
                    "Give it a condition in FEEL.",
                )


RULE = Rule("conditional-event", "error", check)
