"""Expressions are FEEL; any other language is refused by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
)
from pdflow.engine.rules._expressions import Expression, expressions
from pdflow.engine.rules._rule import LintContext, Report, Rule

_NAMES = {
    "xpath": "XPath",
    "juel": "JUEL",
    "javascript": "JavaScript",
    "python": "Python",
    "groovy": "Groovy",
}
_NAMES |= {"mvel": "MVEL", "spel": "SpEL", "jsonata": "JSONata", "java": "Java"}
_TEMPLATE = re.compile(r"[$#]\{")


def language(uri: str) -> str | None:
    """The name of a language that is not FEEL; ``None`` for FEEL and for no language at all."""
    folded = uri.strip().casefold()
    if not folded or "feel" in folded:
        return None
    return next((name for key, name in _NAMES.items() if key in folded), uri.strip())


def foreign(document: Document, expression: Expression) -> str | None:
    """The language of an expression that is not FEEL."""
    own = language(expression.language)
    # A time in ISO 8601 and a plain setting are no expressions, whatever language their tool names.
    if own is not None and (expression.feel or expression.text.startswith("=")):
        return own
    if _TEMPLATE.match(expression.text.removeprefix("=")):
        return "JUEL"
    whole = language(document.root.get("expressionLanguage") or "")
    # XPath is the schema's default, which many modelers write whatever the expressions are: it says nothing.
    return None if whole == "XPath" or expression.language or not expression.feel else whole


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Expressions that say, or show, that they are not FEEL."""
    for one in expressions(document):
        name = foreign(document, one)
        if name is not None:
            yield Report(
                one.owner,
                f"Its {one.what} is written in {name}: {one.text[:80]}",
                "Write it in FEEL, such as: = amount > 100",
            )


RULE = Rule("expression-language", "error", check)
