"""A message flow joins two pools, never two parts of one (BPMN 2.0.2 section 7.6.2)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    local,
)
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule


def _pool(document: Document, element: Element) -> Element | None:
    if local(element) == "participant":
        return document.referred(element, "processRef")
    return document.process(element)


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Message flows with an end that is not there, or with both ends in one process."""
    for flow in document.all("messageFlow"):
        ends = [document.referred(flow, name) for name in ("sourceRef", "targetRef")]
        for end, name in zip(ends, ("sourceRef", "targetRef"), strict=True):
            if end is None and not document.is_foreign(flow, flow.get(name) or ""):
                yield Report(
                    flow,
                    f"The {name} '{flow.get(name) or ''}' of this message flow does not exist.",
                    "Let it join two pools or elements of two pools.",
                )
        pools = [_pool(document, end) for end in ends if end is not None]
        if len(pools) == 2 and pools[0] is not None and pools[0] is pools[1]:
            yield Report(
                flow,
                "This message flow begins and ends in the same process.",
                "Use a sequence flow inside a process; a message flow joins two pools.",
            )


RULE = Rule("message-flow", "error", check, stops=False)
