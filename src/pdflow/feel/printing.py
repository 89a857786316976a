"""FEEL's `string()`: values as text.

Inside lists, contexts and ranges strings are quoted and temporal values are ``@"..."`` literals, so that the text
reads as FEEL again.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from pdflow.feel import temporal_text as text
from pdflow.feel.decimals import plain
from pdflow.feel.errors import BudgetExceeded
from pdflow.feel.lexer import KEYWORDS
from pdflow.feel.runtime import MAX_STRING, Runtime
from pdflow.feel.values import Date, DateTime, DaysTimeDuration, Function, Range, Time, YearsMonthsDuration

_SIMPLE_KEY = re.compile(r"[^\W\d]\w*(?: \w+)*\Z")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED = re.compile(r'["\\\n\r\t]')
_MAX_NESTING = 100


def quoted(value: str) -> str:
    """A string literal of a string."""
    return '"' + _ESCAPED.sub(lambda match: _ESCAPES[match.group()], value) + '"'


def to_text(value: Any, rt: Runtime) -> str:
    """The text of a value that is not null."""
    if isinstance(value, str):
        return value
    result = _temporal(value)
    if result is not None:
        return result
    parts: list[str] = []
    _write(value, parts, rt, 0)
    return "".join(parts)


def _temporal(value: Any) -> str | None:
    if isinstance(value, Date):
        return text.format_date(value)
    if isinstance(value, DateTime):
        return text.format_datetime(value)
    if isinstance(value, Time):
        return text.format_time(value)
    if isinstance(value, DaysTimeDuration):
        return text.format_days_time(value)
    if isinstance(value, YearsMonthsDuration):
        return text.format_years_months(value)
    return None


def _write(value: Any, parts: list[str], rt: Runtime, depth: int) -> None:
    rt.charge(2)
    if depth > _MAX_NESTING or len(parts) > MAX_STRING:
        raise BudgetExceeded("expected a value small enough to be written as a string")
    if value is None:
        parts.append("null")
    elif isinstance(value, bool):
        parts.append("true" if value else "false")
    elif isinstance(value, Decimal):
        number = plain(value)
        rt.charge(len(number) >> 6)
        parts.append(number)
    elif isinstance(value, str):
        rt.check_string(len(value))
        parts.append(quoted(value))
    elif isinstance(value, list):
        parts.append("[")
        for index, item in enumerate(value):
            parts.append(", " if index else "")
            _write(item, parts, rt, depth + 1)
        parts.append("]")
    elif isinstance(value, dict):
        parts.append("{")
        for index, (key, item) in enumerate(value.items()):
            simple = _SIMPLE_KEY.match(key) and key.split(" ")[0] not in KEYWORDS
            parts.append((", " if index else "") + (key if simple else quoted(key)) + ": ")
            _write(item, parts, rt, depth + 1)
        parts.append("}")
    elif isinstance(value, Range):
        _write_range(value, parts, rt, depth)
    elif isinstance(value, Function):
        parts.append(f"function({', '.join(value.parameters)})")
    else:
        parts.append(f'@"{_temporal(value)}"')


def _write_range(value: Range, parts: list[str], rt: Runtime, depth: int) -> None:
    if value.test:
        parts.append(f"({value.test}")
        _write(value.end if value.test in ("<", "<=") else value.start, parts, rt, depth + 1)
        parts.append(")")
        return
    parts.append("[" if value.start_included else "(")
    _write(value.start, parts, rt, depth + 1)
    parts.append("..")
    _write(value.end, parts, rt, depth + 1)
    parts.append("]" if value.end_included else ")")
