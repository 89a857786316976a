"""The XML follows the schema of the standard (BPMN 2.0.2 annex, ``BPMN20.xsd``)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pdflow.engine.reader.schema import violations
from pdflow.engine.rules._document import BPMN, Document
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule

_NAMESPACE = re.compile(r"\{[^{}]*\}")


def _at(document: Document, line: int) -> Element:
    """The innermost element with an id that begins at or before a line."""
    found = document.root
    for element in document.root.iter(f"{{{BPMN}}}*"):
        if element.get("id") and (element.sourceline or 0) <= line:
            found = element
    return found


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """What the standard's own schema says against this file."""
    for line, message in violations(document.root):
        said = " ".join(_NAMESPACE.sub("", message).split())
        yield Report(_at(document, line), f"The XML schema of BPMN says: {said[:300]}", "Follow the schema.")


RULE = Rule("schema", "error", check, stops=False)
