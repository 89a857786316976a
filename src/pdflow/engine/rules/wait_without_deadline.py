"""What waits for a person or a message has a deadline, so that nothing is forgotten in silence."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    children,
    label,
    local,
    properties,
    setting,
    true,
)
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule


def _watched_inside(document: Document) -> set[Element]:
    """Scopes in which an event subprocess waits for a time."""
    found: set[Element] = set()
    for handler in document.scopes:
        starts = children(handler, "startEvent") if true(handler, "triggeredByEvent") else []
        scope = document.scope(handler)
        if scope is not None and any("timer" in document.kinds(one) for one in starts):
            found.add(scope)
    return found


def _timed(document: Document, element: Element, watched: set[Element], known: dict[Element, bool]) -> bool:
    """Whether a clock, a due date or a timer watches over an element or a scope around it.

    Args:
        document: the model.
        element: a node or a scope.
        watched: scopes in which an event subprocess waits for a time.
        known: answers of scopes so far; each is looked at once, however much it holds.
    """
    if element not in known:
        schedule = setting(element, "taskSchedule")
        scope = document.scope(element)
        known[element] = (
            element in watched
            or bool(properties(element).get("sla:policy"))
            or (schedule is not None and bool(schedule.get("dueDate")))
            or any("timer" in document.kinds(one) for one in document.boundaries(element))
            or (scope is not None and _timed(document, scope, watched, known))
        )
    return known[element]


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
    watched = _watched_inside(document)
    known: dict[Element, bool] = {}
    for node in document.run_nodes:
        waits = local(node) in {"userTask", "receiveTask"} or (
            local(node) == "intermediateCatchEvent" and "message" in document.kinds(node)
        )
        if waits and not _timed(document, node, watched, known) and not _chosen_with_timer(document, node):
            yield Report(
                node,
                f"This {label(node)} may wait for ever.",
                "Give it an SLA policy, a due date or a timer.",
            )


RULE = Rule("wait-without-deadline", "advice", check, stops=False)
