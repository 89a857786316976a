"""A timer says when: one of a date, a duration or a cycle, in ISO 8601 or FEEL (BPMN 2.0.2 table 10.101)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    children,
    local,
    text,
)
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule
from pdflow.engine.rules._times import CRON, ISO

_EXAMPLE = {"timeDate": "2026-11-24T09:00:00Z", "timeDuration": "PT48H", "timeCycle": "R3/PT8H"}
_LITERAL = re.compile(r"[\d.]+|true|false|null")
# Another language is named by the rule expression-language.
_TEMPLATE = re.compile(r"[$#]\{")


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Timers without a value, with several, or with one that is no time."""
    for definition in document.all("timerEventDefinition"):
        event = definition.getparent()
        if event is None or not document.runs(event):
            continue
        given = [one for one in children(definition, *ISO) if text(one)]
        if len(given) != 1:
            yield Report(
                event,
                f"Its timer has {len(given)} values.",
                "Give it exactly one of timeDate, timeDuration and timeCycle.",
            )
        for one in given:
            yield from _value(event, local(one), text(one))


def _value(event: Element, name: str, value: str) -> Iterator[Report]:
    expected = f"Write ISO 8601, such as {_EXAMPLE[name]}, or FEEL with a leading =."
    if ISO[name].fullmatch(value) or _TEMPLATE.match(value):
        return
    if any(pattern.fullmatch(value) for pattern in ISO.values()):
        yield Report(event, f"Its {name} '{value}' is another kind of time.", expected)
    elif CRON.fullmatch(value):
        yield Report(event, f"Its {name} '{value}' is a cron expression, which is not executed.", expected)
    elif not value.startswith("=") or _LITERAL.fullmatch(value.removeprefix("=").strip()):
        yield Report(event, f"Its {name} '{value[:80]}' is no time.", expected)


RULE = Rule("timer-value", "error", check)
