"""A gateway has several flows on one side at least (BPMN 2.0.2 section 10.6.1); one in and one out does nothing."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    GATEWAYS,
    Document,
    label,
    local,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Gateways that neither split nor join."""
    for gateway in document.run_nodes:
        if local(gateway) not in GATEWAYS or local(gateway) == "eventBasedGateway":
            continue
        if len(document.incoming(gateway)) < 2 and len(document.outgoing(gateway)) < 2:
            yield Report(
                gateway,
                f"This {label(gateway)} neither splits nor joins.",
                "Remove it, or draw its other flow.",
            )


RULE = Rule("idle-gateway", "advice", check, stops=False)
