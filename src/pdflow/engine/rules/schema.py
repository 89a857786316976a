"""The XML follows the schema of the standard (BPMN 2.0.2 annex, ``BPMN20.xsd``)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pdflow.engine.reader.schema import violations
from pdflow.engine.rules._document import BPMN, Document, line
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule

#: Violations shown at most: one wrong habit of a tool repeats on every element.
_SHOWN = 20
_NAMESPACE = re.compile(r"\{[^{}]*\}")


def _at(document: Document, wanted: int) -> Element:
    """The innermost element with an id that begins at or before a line."""
    found = document.root
    for element in document.root.iter(f"{{{BPMN}}}*"):
        if element.get("id") and line(element) <= wanted:
            found = element
    return found


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """What the standard's own schema says against this file; advice where no meaning is lost."""
    for one in violations(document.root)[:_SHOWN]:
        said = " ".join(_NAMESPACE.sub("", one.message).split())
        yield Report(
            _at(document, one.line),
            f"The XML schema of BPMN says: {said[:300]}",
            "Nothing is lost; write it as the schema has it." if one.harmless else "Follow the schema.",
            severity="advice" if one.harmless else None,
        )


RULE = Rule("schema", "error", check, stops=False)
