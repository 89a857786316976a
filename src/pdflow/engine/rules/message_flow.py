"""A message flow joins two pools, from what sends to what receives (BPMN 2.0.2 sections 7.6.2 and 9.4)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    EVENTS,
    SUBPROCESSES,
    TASKS,
    Document,
    local,
)
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule

_ENDS = (
    TASKS | SUBPROCESSES | EVENTS | {"participant", "callActivity", "conversationNode", "callConversation"}
)
_ENDS |= {"conversation", "subConversation", "globalTask", "choreographyTask"}
_NEVER_SENDS = {"startEvent", "intermediateCatchEvent", "boundaryEvent"}
_NEVER_RECEIVES = {"endEvent", "intermediateThrowEvent"}


def _pool(document: Document, element: Element) -> Element | None:
    if local(element) == "participant":
        return document.referred(element, "processRef")
    return document.process(element)


def _end(document: Document, flow: Element, attribute: str) -> Iterator[Report]:
    end = document.referred(flow, attribute)
    if end is None:
        if not document.is_foreign(flow, flow.get(attribute) or ""):
            yield Report(
                flow,
                f"The {attribute} '{flow.get(attribute) or ''}' of this message flow does not exist.",
                "Let it join two pools or elements of two pools.",
            )
        return
    wrong = _NEVER_SENDS if attribute == "sourceRef" else _NEVER_RECEIVES
    if local(end) not in _ENDS:
        yield Report(
            flow, f"A message flow cannot end at a {local(end)}.", "Join pools, activities or events."
        )
    elif local(end) in wrong:
        word = "send" if attribute == "sourceRef" else "receive"
        yield Report(
            flow, f"A {local(end)} does not {word} messages.", "Draw the message flow the other way."
        )
    elif local(end) in EVENTS and "message" not in document.kinds(end):
        yield Report(
            flow,
            f"The {local(end)} '{end.get('id')}' has a message flow but no message event definition.",
            "Make it a message event.",
            severity="advice",
        )


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Message flows with an end that is missing or wrong, or with both ends in one process."""
    for flow in document.all("messageFlow"):
        for attribute in ("sourceRef", "targetRef"):
            yield from _end(document, flow, attribute)
        ends = [document.referred(flow, attribute) for attribute in ("sourceRef", "targetRef")]
        pools = [_pool(document, end) for end in ends if end is not None]
        if len(pools) == 2 and ((pools[0] is not None and pools[0] is pools[1]) or ends[0] is ends[1]):
            yield Report(
                flow,
                "This message flow begins and ends in the same pool.",
                "Use a sequence flow inside a process; a message flow joins two pools.",
            )


RULE = Rule("message-flow", "error", check, stops=False)
