"""What the engine does not execute is refused by name, never passed over."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    FLOW_NODES,
    Document,
    children,
    local,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule

_CHOREOGRAPHY = {
    "choreography",
    "globalChoreographyTask",
    "choreographyTask",
    "subChoreography",
    "callChoreography",
}
_PARTS = FLOW_NODES | {
    "sequenceFlow",
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    "documentation",
    "extensionElements",
    "auditing",
    "monitoring",
    "ioSpecification",
    "property",
    "laneSet",
    "textAnnotation",
    "association",
    "group",
    "incoming",
    "outgoing",
    "dataInputAssociation",
    "dataOutputAssociation",
    "resourceRole",
    "performer",
    "humanPerformer",
    "potentialOwner",
    "multiInstanceLoopCharacteristics",
    "standardLoopCharacteristics",
    "completionCondition",
    "supports",
    "supportedInterfaceRef",
    "ioBinding",
    "correlationSubscription",
    "artifact",
}


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Choreographies, and elements that BPMN does not know in a process."""
    for element in document.all(*sorted(_CHOREOGRAPHY)):
        yield Report(element, f"A {local(element)} is not executed.", "Draw the process of each participant.")
    for scope in document.scopes:
        if not document.runs(scope):
            continue
        for part in children(scope):
            if local(part) not in _PARTS | _CHOREOGRAPHY:
                yield Report(
                    part, f"BPMN knows no '{local(part)}' in a process.", "Use an element of BPMN 2.0."
                )


RULE = Rule("unsupported-element", "error", check)
