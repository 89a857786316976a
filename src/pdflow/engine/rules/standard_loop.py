"""A standard loop says when it ends (BPMN 2.0.2 section 10.3.7.1)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    child,
    text,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Standard loops without condition and maximum, or with a maximum that is no count."""
    for loop in document.all("standardLoopCharacteristics"):
        activity, maximum = loop.getparent(), loop.get("loopMaximum")
        if activity is None or not document.runs(activity):
            continue
        if maximum is not None and not (maximum.strip().isdecimal() and int(maximum) > 0):
            yield Report(
                activity, f"The loop maximum '{maximum}' is no count.", "Give a whole number from 1 on."
            )
        elif maximum is None and not text(child(loop, "loopCondition")):
            yield Report(activity, "A loop has neither a condition nor a maximum.", "Say when it ends.")


RULE = Rule("standard-loop", "error", check)
