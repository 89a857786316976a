"""Two elements with one id: every reference to it is ambiguous (XML ``xsd:ID``, BPMN 2.0.2 table 8.5)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    line,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Every element whose id an earlier element already has."""
    for element in document.duplicates:
        first = document.element(element.get("id"))
        where = 0 if first is None else line(first)
        yield Report(
            element, f"The id is already used in line {where}.", "Give each element an id of its own."
        )


RULE = Rule("duplicate-id", "error", check)
