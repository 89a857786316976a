"""Which event definition may stand where (BPMN 2.0.2 section 10.5, tables 10.86 to 10.93)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    EVENTS,
    Document,
    children,
    local,
    true,
)
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule

_START = {"message", "timer", "conditional", "signal"}
_EVENT_SUBPROCESS = {"message", "timer", "escalation", "error", "compensate", "conditional", "signal"}
_NON_INTERRUPTING = {"message", "timer", "escalation", "conditional", "signal"}
_CATCH = {"message", "timer", "conditional", "link", "signal"}
_BOUNDARY = _EVENT_SUBPROCESS | {"cancel"}
_THROW = {"message", "escalation", "compensate", "link", "signal"}
_END = {"message", "escalation", "error", "cancel", "compensate", "signal", "terminate"}


def _allowed(document: Document, event: Element) -> tuple[str, set[str]]:
    """Words for the position, and the kinds that may stand there."""
    name = local(event)
    if name == "endEvent":
        return "an end event", _END
    if name == "intermediateThrowEvent":
        return "an intermediate throw event", _THROW
    if name == "intermediateCatchEvent":
        return "an intermediate catch event", _CATCH
    if name == "boundaryEvent":
        if true(event, "cancelActivity", default=True):
            return "an interrupting boundary event", _BOUNDARY
        # Compensation neither interrupts nor leaves the activity alone: the attribute says nothing there.
        return "a non-interrupting boundary event", _NON_INTERRUPTING | {"compensate"}
    scope = document.scope(event)
    if scope is None or local(scope) == "process":
        return "the start event of a process", _START
    if not true(scope, "triggeredByEvent"):
        return "the start event of a subprocess", set()
    if true(event, "isInterrupting", default=True):
        return "the start event of an event subprocess", _EVENT_SUBPROCESS
    return "a non-interrupting start event of an event subprocess", _NON_INTERRUPTING


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Event definitions in a position where the standard has no such event."""
    for event in document.nodes:
        if local(event) not in EVENTS:
            continue
        position, allowed = _allowed(document, event)
        choice = (
            f"Allowed here: {', '.join(sorted(allowed))}."
            if allowed
            else "Only a none start event stands here."
        )
        for found in document.kinds(event):
            if found not in allowed:
                yield Report(event, f"The kind '{found}' cannot stand in {position}.", choice)
        bare = not document.kinds(event) and not children(event, "eventDefinitionRef")
        if bare and local(event) == "intermediateCatchEvent":
            yield Report(
                event, "An intermediate catch event without an event definition waits for nothing.", choice
            )


RULE = Rule("event-position", "error", check)
