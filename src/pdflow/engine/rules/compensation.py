"""Compensation is wired by an association, outside of the normal flow (BPMN 2.0.2 section 10.7)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    SUBPROCESSES,
    Document,
    kind,
    local,
    true,
)
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule


def _boundary(document: Document, event: Element) -> Iterator[Report]:
    if document.outgoing(event):
        yield Report(
            event,
            "A sequence flow leaves a compensation boundary event.",
            "Join it to its handler by an association.",
        )
    if len(document.kinds(event)) > 1:
        yield Report(event, "Compensation stands beside another event definition.", "Let it stand alone.")
    handlers = document.associated(event)
    if len(handlers) != 1:
        yield Report(
            event,
            f"It is joined to {len(handlers)} handlers.",
            "Join it by one association to one activity with isForCompensation.",
        )
    for handler in handlers:
        if not true(handler, "isForCompensation"):
            yield Report(
                event,
                f"Its handler '{handler.get('id')}' is not for compensation.",
                "Set isForCompensation on it.",
            )
        if document.scope(handler) is not document.scope(event):
            yield Report(
                event,
                f"Its handler '{handler.get('id')}' stands in another scope.",
                "Let both stand in one scope.",
            )


def _compensable(document: Document, activity: Element) -> bool:
    if any("compensate" in document.kinds(one) for one in document.boundaries(activity)):
        return True
    return local(activity) in SUBPROCESSES or local(activity) == "callActivity"


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Boundaries without handler, handlers in the flow or without boundary, throws at what has no handler."""
    handlers: set[Element] = set()
    for event in document.run_nodes:
        if local(event) == "boundaryEvent" and "compensate" in document.kinds(event):
            handlers.update(document.associated(event))
            yield from _boundary(document, event)
    for node in document.run_nodes:
        if true(node, "isForCompensation"):
            if document.incoming(node) or document.outgoing(node):
                yield Report(
                    node,
                    "An activity for compensation stands in the normal flow.",
                    "Remove its sequence flows; the compensation event calls it.",
                )
            if node not in handlers:
                yield Report(
                    node,
                    "No compensation boundary event leads to this activity for compensation.",
                    "Join it to one by an association.",
                )
        for definition in document.event_definitions(node):
            target = (
                document.referred(definition, "activityRef") if kind(definition) == "compensate" else None
            )
            if target is not None and not _compensable(document, target):
                yield Report(
                    node,
                    f"It compensates '{target.get('id')}', which has no compensation handler.",
                    "Put a compensation boundary event on that activity.",
                )


RULE = Rule("compensation", "error", check)
