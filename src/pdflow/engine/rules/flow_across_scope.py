"""A sequence flow stays in its process and its subprocess (BPMN 2.0.2 section 7.6.1)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Flows whose ends stand in different scopes."""
    for flow in document.flows:
        source, target = document.node(flow.get("sourceRef")), document.node(flow.get("targetRef"))
        if source is None or target is None or document.scope(source) is document.scope(target):
            continue
        pools = document.process(source) is not document.process(target)
        border = "from one process into another" if pools else "across the border of a subprocess"
        yield Report(
            flow,
            f"This sequence flow leads {border}, from '{source.get('id')}' to '{target.get('id')}'.",
            "Use a message between processes; leave a subprocess by its own flow or a boundary event.",
        )


RULE = Rule("flow-across-scope", "error", check)
