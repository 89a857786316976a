"""FEEL that does not parse is refused before anybody depends on it (DMN 1.5 section 10.3.1)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
)
from pdflow.engine.rules._expressions import expressions, syntax_error
from pdflow.engine.rules._rule import LintContext, Report, Rule
from pdflow.engine.rules.expression_language import foreign


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Conditions, mappings, timers, loops and settings whose FEEL does not parse."""
    for one in expressions(document):
        if foreign(document, one) is not None or not (one.feel or one.text.startswith("=")):
            continue
        error = syntax_error(one.text)
        if error is not None:
            yield Report(one.owner, f"Its {one.what} is not FEEL: {error}", "Correct the expression.")


RULE = Rule("feel-syntax", "error", check)
