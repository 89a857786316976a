"""Settings of the zeebe dialect are whole: what is named has a name, what is counted is a number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pdflow.engine.rules._document import (
    ZEEBE,
    Document,
    child,
    setting,
)
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule

_NEEDS = {
    "taskDefinition": ("type",),
    "calledDecision": ("decisionId", "resultVariable"),
    "script": ("expression", "resultVariable"),
    "input": ("source", "target"),
    "output": ("source", "target"),
    "calledElement": ("processId",),
}
_TARGET = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Settings without what they need, targets that are no variable, sources without =, retries that are no number."""
    for node in document.run_nodes:
        extensions = child(node, "extensionElements")
        if extensions is None:
            continue
        for name, attributes in _NEEDS.items():
            for one in extensions.iter(f"{{{ZEEBE}}}{name}"):
                yield from _missing(node, one, name, attributes)
        for one in extensions.iter(f"{{{ZEEBE}}}input", f"{{{ZEEBE}}}output"):
            source = (one.get("source") or "").strip()
            if source and not source.startswith("="):
                yield Report(
                    node,
                    f"The source '{source[:80]}' has no leading = and is read as FEEL; some tools mean it as text.",
                    'Write = in front of FEEL, and text as ="text".',
                    severity="advice",
                )
        retries = setting(node, "taskDefinition")
        count = "" if retries is None else (retries.get("retries") or "").strip()
        if count and not count.startswith("=") and not count.isdecimal():
            yield Report(node, f"Its retries '{count}' are no number.", "Give a whole number, or FEEL.")


def _missing(node: Element, one: Element, name: str, attributes: tuple[str, ...]) -> Iterator[Report]:
    for attribute in attributes:
        value = (one.get(attribute) or "").strip()
        if not value:
            yield Report(node, f"Its zeebe:{name} has no {attribute}.", f"Set {attribute}.")
        elif attribute == "target" and not _TARGET.fullmatch(value):
            yield Report(
                node, f"The target '{value}' of its zeebe:{name} is no variable.", "Name a variable."
            )


RULE = Rule("zeebe-setting", "error", check, stops=False)
