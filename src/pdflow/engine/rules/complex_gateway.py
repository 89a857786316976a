"""A complex gateway that joins says when it goes on (BPMN 2.0.2 section 10.6.5)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    child,
    local,
    text,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Complex gateways with several incoming flows and no activation condition."""
    for gateway in document.run_nodes:
        joins = local(gateway) == "complexGateway" and len(document.incoming(gateway)) > 1
        if joins and not text(child(gateway, "activationCondition")):
            yield Report(
                gateway,
                "A complex gateway joins flows without an activation condition.",
                "Give it one, such as: = activationCount >= 2.",
            )


RULE = Rule("complex-gateway", "error", check)
