"""Where a gateway chooses, each choice says when (BPMN 2.0.2 sections 10.6.2 and 10.6.3)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    child,
    label,
    local,
    text,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Flows without a condition that leave a choosing gateway and are not its default."""
    for gateway in document.run_nodes:
        flows = document.outgoing(gateway)
        if local(gateway) not in {"exclusiveGateway", "inclusiveGateway"} or len(flows) < 2:
            continue
        for flow in flows:
            if flow.get("id") != gateway.get("default") and not text(child(flow, "conditionExpression")):
                yield Report(
                    flow,
                    f"This flow leaves the {label(gateway)} without a condition and is not its default.",
                    "Give it a condition, or make it the default flow.",
                )


RULE = Rule("gateway-condition", "error", check, stops=False)
