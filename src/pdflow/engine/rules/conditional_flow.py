"""A condition stands on a flow that leaves an activity or a choosing gateway (BPMN 2.0.2 section 8.4.13)."""

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
    """Conditions on flows that leave events, parallel or event-based gateways, or an activity as its only flow."""
    for flow in document.flows:
        source = document.node(flow.get("sourceRef"))
        if source is None or not text(child(flow, "conditionExpression")):
            continue
        if local(source) not in _CHOOSING:
            yield Report(
                flow,
                f"A flow that leaves a {local(source)} has a condition, which would not be asked.",
                "Choose with an exclusive or inclusive gateway.",
            )
        elif local(source) in ACTIVITIES and len(document.outgoing(source)) == 1:
            yield Report(
                flow,
                f"The only flow that leaves '{source.get('id')}' has a condition, so the path may end in nothing.",
                "Draw the other way too, or remove the condition.",
            )


RULE = Rule("conditional-flow", "error", check, stops=False)
