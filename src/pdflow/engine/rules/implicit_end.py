"""In a scope with end events, every path ends in one (BPMN 2.0.2 section 10.5.3): the others look forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    label,
    local,
    true,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Nodes where a path ends without an end event although the scope has end events."""
    for scope in document.scopes:
        members = document.members(scope)
        if local(scope) == "adHocSubProcess" or not any(local(one) == "endEvent" for one in members):
            continue
        for node in members:
            if local(node) == "endEvent" or document.outgoing(node):
                continue
            if true(node, "triggeredByEvent") or true(node, "isForCompensation"):
                continue
            if {"link", "compensate"} & set(document.kinds(node)) and local(node) != "intermediateCatchEvent":
                continue
            yield Report(
                node, f"The path ends at this {label(node)} without an end event.", "Draw an end event."
            )


RULE = Rule("implicit-end", "advice", check, stops=False)
