"""Data associations are pictures: variables move by input and output mappings (BPMN 2.0.2 section 10.4.2)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    children,
    local,
    text,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Data associations of executed processes: an error where they would change data, advice elsewhere."""
    for association in document.all("dataInputAssociation", "dataOutputAssociation"):
        holder = association.getparent()
        if holder is None or not document.runs(association):
            continue
        if any(text(one) or len(one) for one in children(association, "transformation", "assignment")):
            yield Report(
                holder,
                f"Its {local(association)} changes data, which is not executed.",
                "Use a zeebe:ioMapping instead.",
                severity="error",
            )
        else:
            yield Report(
                holder,
                f"Its {local(association)} is shown, not executed.",
                "Where a variable must be mapped, use a zeebe:ioMapping.",
            )


RULE = Rule("data-association", "advice", check)
