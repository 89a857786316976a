"""The default flow leaves its element, needs no condition, and stands where there is a choice (BPMN 2.0.2 table 8.60)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    ACTIVITIES,
    Document,
    child,
    local,
    text,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule

_CHOOSING = ACTIVITIES | {"exclusiveGateway", "inclusiveGateway", "complexGateway"}


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Default flows that leave another element, carry a condition, or leave what does not choose."""
    for node in document.nodes:
        flow = document.element(node.get("default"))
        if flow is None:
            continue
        if flow not in document.outgoing(node):
            yield Report(
                node, f"Its default flow '{node.get('default')}' does not leave it.", "Name one that does."
            )
        elif text(child(flow, "conditionExpression")):
            yield Report(
                flow, "A default flow has a condition.", "Remove the condition, or name another default."
            )
        if local(node) not in _CHOOSING:
            yield Report(
                node, f"A {local(node)} does not choose, so it has no default flow.", "Remove the default."
            )


RULE = Rule("default-flow", "error", check)
