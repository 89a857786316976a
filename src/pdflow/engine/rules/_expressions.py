"""Every expression of a model, with the element it belongs to: what is FEEL, what only after a leading ``=``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from pdflow.engine.expressions import expression
from pdflow.engine.rules._document import BPMN, ZEEBE, Document, local, text
from pdflow.feel.errors import FeelError

Element = etree._Element

_STANDARD = {
    "conditionExpression": "condition",
    "condition": "condition",
    "completionCondition": "completion condition",
    "loopCondition": "loop condition",
    "loopCardinality": "loop cardinality",
    "activationCondition": "activation condition",
}
# zeebe: element -> attributes that are FEEL with or without the leading "="
_FEEL = {
    "input": ("source",),
    "output": ("source",),
    "script": ("expression",),
    "loopCharacteristics": ("inputCollection", "outputElement"),
    "subscription": ("correlationKey",),
}
# zeebe: element -> attributes that are text unless they begin with "="
_STATIC = {
    "assignmentDefinition": ("assignee", "candidateGroups", "candidateUsers"),
    "taskSchedule": ("dueDate", "followUpDate"),
    "priorityDefinition": ("priority",),
    "calledElement": ("processId",),
    "calledDecision": ("decisionId",),
    "taskDefinition": ("type", "retries"),
    "formDefinition": ("formId",),
    "property": ("value",),
}
_TIMES = ("timeDate", "timeDuration", "timeCycle")


@dataclass(frozen=True)
class Expression:
    """One expression.

    Attributes:
        owner: the element with an id that it belongs to.
        what: words for the place, such as ``condition`` or ``zeebe:input source``.
        text: as written, trimmed.
        language: the ``language`` attribute of the expression; empty when it has none.
        feel: whether the text is FEEL even without a leading ``=``.
    """

    owner: Element
    what: str
    text: str
    language: str = ""
    feel: bool = True


def _owner(element: Element) -> Element:
    current = element
    while current.get("id") is None or local(current) in _STANDARD or not _is_place(current):
        parent = current.getparent()
        if parent is None:
            return current
        current = parent
    return current


def _is_place(element: Element) -> bool:
    name = local(element)
    return bool(name) and not name.endswith(("EventDefinition", "LoopCharacteristics")) and name not in _TIMES


def expressions(document: Document) -> Iterator[Expression]:
    """Every non-empty expression of the executed processes and of the root elements beside them."""
    for element in document.root.iter(f"{{{BPMN}}}*", f"{{{ZEEBE}}}*"):
        process = document.process(element)
        if process is not None and process not in document.executed:
            continue
        yield from (found for found in _of(element) if found.text)


def _of(element: Element) -> Iterator[Expression]:
    name = local(element)
    if name in _STANDARD:
        yield Expression(_owner(element), _STANDARD[name], text(element), element.get("language") or "")
    elif name == "callActivity":
        yield Expression(
            _owner(element), "calledElement", (element.get("calledElement") or "").strip(), feel=False
        )
    elif name in _TIMES:
        yield Expression(_owner(element), name, text(element), element.get("language") or "", feel=False)
    elif isinstance(element.tag, str) and element.tag.startswith(f"{{{ZEEBE}}}"):
        zeebe = element.tag[len(ZEEBE) + 2 :]
        for attribute in _FEEL.get(zeebe, ()):
            value = (element.get(attribute) or "").strip()
            yield Expression(_owner(element), f"zeebe:{zeebe} {attribute}", value)
        for attribute in _STATIC.get(zeebe, ()):
            value = (element.get(attribute) or "").strip()
            yield Expression(_owner(element), f"zeebe:{zeebe} {attribute}", value, feel=False)


def syntax_error(source: str) -> str | None:
    """Why FEEL does not parse, or ``None`` when it does; a leading ``=`` is not part of it."""
    try:
        expression(source)
    except FeelError as error:
        return str(error)
    return None
