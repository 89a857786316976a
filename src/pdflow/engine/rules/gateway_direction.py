"""A gateway that says which way it works has its several flows on that side (BPMN 2.0.2 table 8.46)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    GATEWAYS,
    Document,
    local,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Gateways whose ``gatewayDirection`` their flows contradict."""
    for gateway in document.nodes:
        direction = (
            gateway.get("gatewayDirection", "Unspecified") if local(gateway) in GATEWAYS else "Unspecified"
        )
        into, out = len(document.incoming(gateway)), len(document.outgoing(gateway))
        several = {"Converging": out > 1, "Diverging": into > 1}
        if several.get(direction):
            yield Report(
                gateway,
                f"It is marked as {direction.lower()}, but {into} flows lead into it and {out} leave it.",
                "Correct gatewayDirection, or split it into two gateways.",
            )


RULE = Rule("gateway-direction", "error", check, stops=False)
