"""An event that catches or throws something names it (BPMN 2.0.2 section 10.5.5)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    EVENTS,
    Document,
    kind,
    local,
    setting,
)
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule

_CATCHING = {"startEvent", "intermediateCatchEvent", "boundaryEvent"}


def _missing(document: Document, event: Element, definition: Element) -> Report | None:
    found, catching = kind(definition), local(event) in _CATCHING
    # Without a reference these two catch everything of their kind: BPMN 2.0.2 tables 10.86 and 10.90.
    if found in {"error", "escalation"} and catching and not (definition.get(f"{found}Ref") or "").strip():
        return None
    if not (definition.get(f"{found}Ref") or "").strip():
        return Report(
            event,
            f"Its {found} event definition names no {found}.",
            f"Name the {found} with {found}Ref.",
        )
    target = document.referred(definition, f"{found}Ref")
    attribute = {"message": "name", "signal": "name", "error": "errorCode", "escalation": "escalationCode"}[
        found
    ]
    if (
        target is not None
        and not (target.get(attribute) or "").strip()
        and not (found == "error" and catching)
    ):
        return Report(
            event, f"Its {found} '{target.get('id')}' has no {attribute}.", f"Give it a {attribute}."
        )
    return None


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Message, signal, error and escalation events that do not say which."""
    for event in document.run_nodes:
        if local(event) not in EVENTS:
            continue
        for definition in document.event_definitions(event):
            if kind(definition) in {"message", "signal", "error", "escalation"}:
                # A message that an activity sends needs no name of its own.
                if kind(definition) == "message" and setting(event, "taskDefinition") is not None:
                    continue
                report = _missing(document, event, definition)
                if report is not None:
                    yield report


RULE = Rule("event-reference", "error", check, stops=False)
