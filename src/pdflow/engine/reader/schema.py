"""The XML schema of the standard, as SpiffWorkflow brings it along."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from lxml import etree

from pdflow.engine.reader import spiff

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_DIAGRAM = "{http://www.omg.org/spec/BPMN/20100524/DI}BPMNDiagram"
#: The order of what elements contain (BPMN20.xsd and Semantic.xsd); what is not named comes between.
_ORDER = [
    ["documentation"],
    ["extensionElements"],
    ["auditing"],
    ["monitoring"],
    ["categoryValueRef"],
    ["incoming"],
    ["outgoing"],
    ["supportedInterfaceRef"],
    ["ioSpecification"],
    ["ioBinding"],
    ["property"],
    ["dataInput", "dataOutput"],
    ["dataInputAssociation"],
    ["dataOutputAssociation"],
    ["inputSet", "outputSet"],
    ["resourceRole", "performer", "humanPerformer", "potentialOwner"],
    ["multiInstanceLoopCharacteristics", "standardLoopCharacteristics"],
    ["laneSet"],
    [],
    ["association", "group", "textAnnotation"],
    ["completionCondition", "script"],
]
_RANK = {f"{_BPMN}{name}": rank for rank, names in enumerate(_ORDER) for name in names}
_BETWEEN = _ORDER.index([])
_ROLES = {f"{_BPMN}{name}" for name in ("resourceRole", "performer", "humanPerformer", "potentialOwner")}


@dataclass(frozen=True)
class Violation:
    """What the schema says against a model.

    Attributes:
        line: in the file.
        message: as the schema processor words it.
        harmless: only the order of elements or the diagram is not as the schema has it: no meaning is lost.
    """

    line: int
    message: str
    harmless: bool


def violations(root: etree._Element) -> list[Violation]:
    """What ``BPMN20.xsd`` says against a model, in document order.

    Foreign attributes and extension elements are valid where the standard lets them stand.
    """
    found = _validate(copy.deepcopy(root))
    if not found:
        return []
    ordered = copy.deepcopy(root)
    for element in ordered.iter(f"{_BPMN}*"):
        _sort(element)
    for diagram in list(ordered.iterchildren(_DIAGRAM)):
        ordered.remove(diagram)
    serious = _validate(ordered)
    return [Violation(line, message, not serious) for line, message in (serious or found)]


def _validate(root: etree._Element) -> list[tuple[int, str]]:
    validator = spiff.validator()
    validator.preprocess(root)
    if validator.validator.validate(root):
        return []
    return [(entry.line, entry.message) for entry in validator.validator.error_log]


def _sort(element: etree._Element) -> None:
    in_process = element.tag == f"{_BPMN}process"

    def rank(child: etree._Element) -> int:
        if in_process and child.tag in _ROLES:
            return len(_ORDER)
        return _RANK.get(child.tag, _BETWEEN) if isinstance(child.tag, str) else _BETWEEN

    if element.tag != f"{_BPMN}definitions" and len(element) > 1:
        ordered = sorted(element, key=rank)
        if ordered != list(element):
            element[:] = ordered
