"""One none start event a scope: with two it is open which one begins (BPMN 2.0.2 section 13.3.4)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    children,
    local,
    true,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """The second and further none start events of a process or an embedded subprocess."""
    for scope in document.scopes:
        if not document.runs(scope) or true(scope, "triggeredByEvent"):
            continue
        none = [
            one
            for one in children(scope, "startEvent")
            if not document.kinds(one) and not children(one, "eventDefinitionRef")
        ]
        for event in none[1:]:
            yield Report(
                event,
                f"This {local(scope)} has a second none start event.",
                f"Keep '{none[0].get('id')}' alone, or say what this one waits for.",
            )


RULE = Rule("several-starts", "error", check, stops=False)
