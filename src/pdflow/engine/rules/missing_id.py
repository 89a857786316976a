"""A flow node without an id cannot be a place of the running state, nor be named in the record."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    local,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Every process or flow node without an id."""
    for element in (*document.processes, *document.run_nodes):
        if not (element.get("id") or "").strip():
            yield Report(
                element, f"A {local(element)} has no id.", "Give it an id; state and record name it by that."
            )


RULE = Rule("missing-id", "error", check)
