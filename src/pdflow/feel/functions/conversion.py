"""Conversion functions `number`, `string`, `duration`, `range` (DMN 1.5 section 10.3.4.1)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from pdflow.feel import decimals, nodes
from pdflow.feel.arithmetic import negate
from pdflow.feel.errors import FeelSyntaxError
from pdflow.feel.functions.signature import MISMATCH, builtin
from pdflow.feel.names import Scope
from pdflow.feel.parser import make_parser
from pdflow.feel.printing import to_text
from pdflow.feel.ranges import make_range
from pdflow.feel.runtime import Runtime
from pdflow.feel.temporal_text import parse_date, parse_datetime, parse_duration, parse_time
from pdflow.feel.values import DaysTimeDuration, Range, YearsMonthsDuration

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,6})?\Z")
_MAX_NUMBER = 10_000
# A range, its ends, the arguments of a date function there.
_RANGE_DEPTH = 4


@builtin("number", "from: string, grouping separator?: string?, decimal separator?: string?", cost=3)
def _number(rt: Runtime, text: str, grouping: str | None, point: str | None) -> Decimal | None:
    """Separators are space, comma or period and differ; the decimal separator is a period when not given."""
    point = point or "."
    if grouping not in (None, " ", ",", ".") or point not in (",", ".") or grouping == point:
        return None
    rt.charge(len(text) >> 6)
    if len(text) > _MAX_NUMBER or (point == "," and grouping != "." and "." in text):
        return None
    if grouping:
        text = text.replace(grouping, "")
    text = text.replace(point, ".")
    return decimals.number(text) if _NUMBER.match(text) else None


@builtin("string", "from: any", cost=4)
def _string(rt: Runtime, value: Any) -> str | None:
    return None if value is None else to_text(value, rt)


@builtin("duration", "from: string", cost=5)
def _duration(rt: Runtime, text: str) -> Any:
    return parse_duration(text)


@builtin("duration", "from: any")
def _duration_same(rt: Runtime, value: Any) -> Any:
    return value if isinstance(value, (DaysTimeDuration, YearsMonthsDuration)) else None


_ENDPOINTS = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_datetime,
    "duration": parse_duration,
}
_ENDPOINT_NAMES = Scope(None, _ENDPOINTS)


@builtin("range", "from: string", cost=250)
def _range(rt: Runtime, text: str) -> Range | None:
    """A range from its literal, whose ends are literals too."""
    rt.charge(8 * len(text))
    if len(text) > _MAX_NUMBER:
        return None
    try:
        parser = make_parser(text, _ENDPOINT_NAMES)
        parser.max_depth = _RANGE_DEPTH
        node = parser.parse()
    except FeelSyntaxError:
        return None
    if not isinstance(node, nodes.RangeNode) or node.test:
        return None
    start, end = _endpoint(node.start), _endpoint(node.end)
    if start is MISMATCH or end is MISMATCH:
        return None
    return make_range(start, end, node.start_included, node.end_included)


def _endpoint(node: nodes.Node) -> Any:
    if isinstance(node, nodes.Literal):
        return node.value
    if isinstance(node, nodes.Negation) and isinstance(node.operand, nodes.Literal):
        return negate(node.operand.value)
    if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name) and len(node.arguments) == 1:
        parse, argument = _ENDPOINTS.get(node.function.name), node.arguments[0]
        if parse and isinstance(argument, nodes.Literal) and isinstance(argument.value, str):
            value = parse(argument.value)
            return MISMATCH if value is None else value
    return MISMATCH
