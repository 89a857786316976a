"""Every node can be reached (BPMN 2.0.2 sections 10.5.2 and 13.2): no token ever comes to what is drawn apart."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    label,
    local,
    true,
)
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule


def _begins(document: Document, scope: Element) -> list[Element]:
    """Where tokens appear in a scope: its start events; without any, whatever no flow leads into."""
    members = document.members(scope)
    starts = [one for one in members if local(one) == "startEvent"]
    creators = [one for one in members if true(one, "instantiate")]
    handlers = [one for one in members if true(one, "triggeredByEvent") or true(one, "isForCompensation")]
    links = [
        one for one in members if local(one) == "intermediateCatchEvent" and "link" in document.kinds(one)
    ]
    free = [one for one in members if not document.incoming(one) and local(one) != "boundaryEvent"]
    if local(scope) == "adHocSubProcess" or not (starts or creators):
        return handlers + links + free
    return starts + creators + handlers + links


def reachable(document: Document, scope: Element) -> set[Element]:
    """Nodes directly in a scope that a token can come to."""
    seen: set[Element] = set()
    waiting = _begins(document, scope)
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        waiting += document.boundaries(node)
        ends = (document.node(flow.get("targetRef")) for flow in document.outgoing(node))
        waiting += [end for end in ends if end is not None]
    return seen


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Nodes that no token can come to, scope by scope."""
    for scope in document.scopes:
        if not document.runs(scope):
            continue
        found = reachable(document, scope)
        for node in document.members(scope):
            if node in found or (
                local(node) == "boundaryEvent" and document.element(node.get("attachedToRef")) is None
            ):
                continue
            yield Report(
                node,
                f"No path leads to this {label(node)}.",
                "Connect it, or remove it; beside a start event, nothing else begins by itself.",
            )


RULE = Rule("unreachable-node", "error", check, stops=False)
