"""How many participants of a kind there are: at least none, at most one or more (BPMN 2.0.2 table 9.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Multiplicities whose minimum is negative or above their maximum."""
    for one in document.all("participantMultiplicity"):
        participant = one.getparent()
        low, high = one.get("minimum", "0").strip(), one.get("maximum", "").strip()
        numbers = [value for value in (low, high) if value]
        if participant is None or not all(re.fullmatch(r"-?\d+", value) for value in numbers):
            continue
        least = int(low)
        # The schema's default of the maximum is one; a larger minimum without a maximum means at least so many.
        most = int(high) if high else max(1, least)
        if least < 0 or most < 1 or most < least:
            yield Report(
                participant,
                f"Its multiplicity is from {least} to {most}.",
                "Use a minimum from 0 on and a maximum from 1 on, not below the minimum.",
            )


RULE = Rule("participant-multiplicity", "error", check, stops=False)
