"""What waits for a person or a message has a deadline, so that nothing is forgotten in silence."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    SUBPROCESSES,
    Document,
    children,
    label,
    local,
    properties,
    setting,
    true,
)
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule


def _timed(document: Document, element: Element) -> bool:
    """Whether a clock, a due date or a timer watches over an element or a scope around it."""
    current: Element | None = element
    while current is not None:
        schedule = setting(current, "taskSchedule")
        if properties(current).get("sla:policy") or (schedule is not None and schedule.get("dueDate")):
            return True
        if any("timer" in document.kinds(one) for one in document.boundaries(current)):
            return True
        for handler in children(current, *SUBPROCESSES):
            starts = children(handler, "startEvent") if true(handler, "triggeredByEvent") else []
            if any("timer" in document.kinds(one) for one in starts):
                return True
        current = document.scope(current)
    return False


def _chosen_with_timer(document: Document, event: Element) -> bool:
    for flow in document.incoming(event):
        gateway = document.node(flow.get("sourceRef"))
        if gateway is None or local(gateway) != "eventBasedGateway":
            continue
        others = (document.node(one.get("targetRef")) for one in document.outgoing(gateway))
        if any(other is not None and "timer" in document.kinds(other) for other in others):
            return True
    return False


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """User tasks, receive tasks and message catches that may wait for ever."""
    for node in document.run_nodes:
        waits = local(node) in {"userTask", "receiveTask"} or (
            local(node) == "intermediateCatchEvent" and "message" in document.kinds(node)
        )
        if waits and not _timed(document, node) and not _chosen_with_timer(document, node):
            yield Report(
                node,
                f"This {label(node)} may wait for ever.",
                "Give it an SLA policy, a due date or a timer.",
            )


RULE = Rule("wait-without-deadline", "advice", check, stops=False)
