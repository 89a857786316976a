"""A boundary event sits on an activity of its own scope and is entered by no flow (BPMN 2.0.2 section 10.5.4)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    ACTIVITIES,
    Document,
    children,
    local,
    true,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Boundary events on a wrong host, with an incoming flow, or without an event definition."""
    for event in document.nodes:
        if local(event) != "boundaryEvent":
            continue
        host = document.element(event.get("attachedToRef"))
        if host is not None and local(host) not in ACTIVITIES:
            yield Report(
                event,
                f"It is attached to a {local(host)}, which cannot carry it.",
                "Attach it to a task or subprocess.",
            )
        elif host is not None and true(host, "triggeredByEvent"):
            yield Report(
                event,
                "It is attached to an event subprocess, which cannot carry it.",
                "Attach it to an activity that stands in the flow.",
            )
        elif host is not None and document.scope(host) is not document.scope(event):
            yield Report(
                event,
                f"Its activity '{host.get('id')}' stands in another scope.",
                "Let both stand in the same process or subprocess.",
            )
        if document.incoming(event):
            yield Report(
                event, "A sequence flow leads into a boundary event.", "Lead the flow to its activity."
            )
        if not document.event_definitions(event) and not children(event, "eventDefinitionRef"):
            yield Report(
                event,
                "A boundary event without an event definition waits for nothing.",
                "Say what it waits for: a message, timer, error, escalation, signal, condition, compensation or cancel.",
            )


RULE = Rule("boundary-event", "error", check)
