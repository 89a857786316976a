"""A reference to something that is not there, or is of the wrong kind."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    BPMN,
    Document,
    children,
    local,
    text,
)
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule

_ROOT = {
    "messageRef": "message",
    "signalRef": "signal",
    "errorRef": "error",
    "escalationRef": "escalation",
    "dataStoreRef": "dataStore",
}
_LOCAL = {"dataObjectRef": "dataObject", "processRef": "process"}


def _attributes(document: Document) -> Iterator[tuple[Element, str, str]]:
    for element in document.root.iter(f"{{{BPMN}}}*"):
        for attribute in (*_ROOT, *_LOCAL):
            expected = _ROOT.get(attribute) or _LOCAL[attribute]
            if (element.get(attribute) or "").strip():
                yield element, attribute, expected


def _ends(document: Document) -> Iterator[Report]:
    for flow in document.flows:
        for attribute, word in (("sourceRef", "source"), ("targetRef", "target")):
            reference = flow.get(attribute)
            if document.node(reference) is not None:
                continue
            there = document.element(reference)
            what = "does not exist" if there is None else f"is a {local(there)}, not a flow node"
            yield Report(
                flow,
                f"The {word} '{reference or ''}' of this sequence flow {what}.",
                "Let it join two events, activities or gateways.",
            )


def _others(document: Document) -> Iterator[Report]:
    for boundary in document.all("boundaryEvent"):
        host = boundary.get("attachedToRef")
        if document.element(host) is None:
            yield Report(
                boundary,
                f"It is attached to '{host or ''}', which does not exist.",
                "Attach it to an activity.",
            )
    for node in document.nodes:
        default = node.get("default")
        if default and document.element(default) is None:
            yield Report(node, f"Its default flow '{default}' does not exist.", "Name a flow that leaves it.")
    for lane in document.all("lane"):
        for member in children(lane, "flowNodeRef"):
            if text(member) and document.element(text(member)) is None:
                yield Report(
                    lane,
                    f"The lane names '{text(member)}', which does not exist.",
                    "Name existing flow nodes.",
                )
    for definition in document.all("compensateEventDefinition"):
        if definition.get("activityRef") and document.referred(definition, "activityRef") is None:
            yield Report(
                _holder(definition),
                f"It compensates '{definition.get('activityRef')}', which does not exist.",
                "Name an activity with a compensation handler.",
            )
    for event in document.nodes:
        for reference in children(event, "eventDefinitionRef"):
            found = document.element(text(reference).rpartition(":")[2])
            if found is None or found.getparent() is not document.root:
                yield Report(
                    event,
                    f"There is no event definition '{text(reference)}' to share.",
                    "Name one that stands beside the processes, not inside of another event.",
                )


def _holder(element: Element) -> Element:
    """The event of an event definition, which people see; else the element itself."""
    parent = element.getparent()
    return parent if parent is not None and local(element).endswith("EventDefinition") else element


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """References of sequence flows, events, lanes, data and participants."""
    yield from _ends(document)
    yield from _others(document)
    for element, attribute, expected in _attributes(document):
        target = document.referred(element, attribute)
        if target is not None and local(target) == expected:
            continue
        holder = _holder(element)
        if target is None and document.is_foreign(element, element.get(attribute) or ""):
            what = "stands in another file, which is not read"
        else:
            what = "does not exist" if target is None else f"is a {local(target)}"
        yield Report(
            holder, f"The {attribute} '{element.get(attribute)}' {what}.", f"Name a {expected} of this file."
        )


RULE = Rule("dangling-reference", "error", check)
