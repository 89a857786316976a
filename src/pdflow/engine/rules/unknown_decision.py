"""A business rule task calls a decision that is deployed with the model."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    setting,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Called decisions that nobody knows."""
    for task in document.run_nodes:
        own = setting(task, "calledDecision")
        decision = "" if own is None else (own.get("decisionId") or "").strip()
        if not decision or decision.startswith("=") or context.decisions is None:
            continue
        if decision not in context.decisions:
            yield Report(
                task, f"The decision '{decision}' does not exist.", "Add the decision, or name another."
            )


RULE = Rule("unknown-decision", "advice", check, stops=False)
