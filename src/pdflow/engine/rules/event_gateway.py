"""An event-based gateway waits for the first of several events (BPMN 2.0.2 section 10.6.6)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    local,
    true,
)
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule

_KINDS = {"message", "timer", "signal", "conditional"}


def _targets(document: Document, gateway: Element) -> list[Element]:
    ends = (document.node(flow.get("targetRef")) for flow in document.outgoing(gateway))
    return [end for end in ends if end is not None]


def _target(document: Document, target: Element) -> Report | None:
    identifier = target.get("id")
    if local(target) == "receiveTask":
        if document.boundaries(target):
            return Report(
                target,
                f"The receive task '{identifier}' behind an event-based gateway has a boundary event.",
                "Put a timer event beside it behind the gateway.",
            )
    elif local(target) != "intermediateCatchEvent" or set(document.kinds(target)) - _KINDS:
        return Report(
            target,
            f"'{identifier}' stands behind an event-based gateway but waits for nothing the gateway can choose by.",
            "Put an intermediate catch event (message, timer, signal, condition) or a receive task there.",
        )
    if len(document.incoming(target)) > 1:
        return Report(
            target,
            f"'{identifier}' stands behind an event-based gateway and is entered from elsewhere too.",
            "Let the flow from the gateway be its only incoming flow.",
        )
    return None


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Targets and number of outgoing flows of event-based gateways."""
    for gateway in document.nodes:
        if local(gateway) != "eventBasedGateway":
            continue
        targets = _targets(document, gateway)
        if len(targets) < 2:
            yield Report(
                gateway,
                f"An event-based gateway has {len(targets)} outgoing flow(s): there is nothing to choose from.",
                "Let at least two flows leave it.",
            )
        for target in targets:
            report = _target(document, target)
            if report is not None:
                yield report
        names = {local(target) for target in targets}
        messages = any("message" in document.kinds(target) for target in targets)
        if "receiveTask" in names and messages:
            yield Report(
                gateway,
                "Receive tasks and message events stand behind the same event-based gateway.",
                "Use one or the other.",
            )
        if gateway.get("eventGatewayType") == "Parallel" and document.runs(gateway):
            yield Report(
                gateway,
                "A parallel event-based gateway is not executed.",
                "Wait for all behind a parallel gateway.",
            )
        if true(gateway, "instantiate") and document.incoming(gateway):
            yield Report(
                gateway, "A gateway that creates instances has an incoming flow.", "Let it begin the process."
            )


RULE = Rule("event-gateway", "error", check)
