"""Correlation sets are not executed: messages are addressed by name and key (BPMN 2.0.2 section 8.4.2)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    local,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Correlation keys and subscriptions of executed models."""
    for element in document.all("correlationKey", "correlationSubscription"):
        process = document.process(element)
        if process is not None and process not in document.executed:
            continue
        yield Report(
            element,
            f"A {local(element)} is not executed.",
            "Name the key of each message with zeebe:subscription correlationKey.",
        )


RULE = Rule("correlation-set", "error", check)
