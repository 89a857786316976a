"""An event subprocess begins by its one start event, never by a flow (BPMN 2.0.2 section 10.3.5)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    children,
    local,
    true,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule

_LOOPS = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Event subprocesses with flows, or without exactly one triggered start event."""
    for scope in document.scopes:
        if not true(scope, "triggeredByEvent"):
            continue
        if document.incoming(scope) or document.outgoing(scope):
            yield Report(
                scope, "A sequence flow is joined to an event subprocess.", "Remove it; its event starts it."
            )
        if document.boundaries(scope) or children(scope, *_LOOPS) or local(scope) != "subProcess":
            yield Report(
                scope,
                "An event subprocess is a plain subprocess, without boundary events and loop.",
                "Remove them, or put what repeats into a subprocess inside.",
            )
        starts = children(scope, "startEvent")
        if len(starts) != 1:
            yield Report(
                scope,
                f"An event subprocess has {len(starts)} start events.",
                "Give it exactly one start event.",
            )
        for event in starts:
            if not document.kinds(event) and not children(event, "eventDefinitionRef"):
                yield Report(
                    event,
                    "The start event of an event subprocess waits for nothing.",
                    "Say what it waits for: a message, timer, error, escalation, signal, condition or compensation.",
                )


RULE = Rule("event-subprocess", "error", check)
