"""A multi-instance activity says how many instances there are (BPMN 2.0.2 section 10.3.7.2)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    child,
    setting,
    text,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule

_BEHAVIOURS = {None, "None", "One", "All", "Complex"}


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Multi-instance loops without a cardinality or collection, or with a setting that names nothing."""
    for loop in document.all("multiInstanceLoopCharacteristics"):
        activity = loop.getparent()
        if activity is None or not document.runs(activity):
            continue
        own = setting(loop, "loopCharacteristics")
        collection = "" if own is None else (own.get("inputCollection") or "").strip()
        if (
            not collection
            and not text(child(loop, "loopCardinality"))
            and not text(child(loop, "loopDataInputRef"))
        ):
            yield Report(
                activity,
                "A multi-instance activity has neither a collection nor a cardinality.",
                "Set zeebe:loopCharacteristics inputCollection, or loopCardinality.",
            )
        if own is not None and bool(own.get("outputCollection")) != bool(own.get("outputElement")):
            yield Report(
                activity,
                "Its outputCollection and outputElement do not stand together.",
                "Set both, or neither.",
            )
        if loop.get("behavior") not in _BEHAVIOURS:
            yield Report(
                activity,
                f"The behavior '{loop.get('behavior')}' is unknown.",
                "Use None, One, All or Complex.",
            )
        for attribute, behaviour in (("oneBehaviorEventRef", "One"), ("noneBehaviorEventRef", "None")):
            if loop.get("behavior") == behaviour and document.referred(loop, attribute) is None:
                yield Report(activity, f"The behavior '{behaviour}' names no event.", f"Set {attribute}.")


RULE = Rule("multi-instance", "error", check)
