"""String functions (DMN 1.5 section 10.3.4.3). Positions count code points from 1."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pdflow.feel.functions.signature import builtin
from pdflow.feel.runtime import Runtime


@builtin("substring", "string: string, start position: number, length?: number?")
def _substring(rt: Runtime, string: str, start: Decimal, length: Decimal | None) -> str | None:
    rt.charge(len(string) >> 8)
    first = int(start)
    if first == 0 or abs(first) > len(string):
        return None
    index = first - 1 if first > 0 else len(string) + first
    if length is None:
        return string[index:]
    return string[index : index + int(length)] if length >= 1 else None


@builtin("string length", "string: string")
def _string_length(rt: Runtime, string: str) -> Decimal:
    return Decimal(len(string))


@builtin("upper case", "string: string")
def _upper_case(rt: Runtime, string: str) -> str:
    rt.check_string(len(string))
    return string.upper()


@builtin("lower case", "string: string")
def _lower_case(rt: Runtime, string: str) -> str:
    rt.check_string(len(string))
    return string.lower()


@builtin("substring before", "string: string, match: string")
def _substring_before(rt: Runtime, string: str, match: str) -> str:
    rt.charge(len(string) >> 6)
    return string.partition(match)[0] if match and match in string else ""


@builtin("substring after", "string: string, match: string")
def _substring_after(rt: Runtime, string: str, match: str) -> str:
    rt.charge(len(string) >> 6)
    if not match:
        return string
    return string.partition(match)[2]


@builtin("contains", "string: string, match: string")
def _contains(rt: Runtime, string: str, match: str) -> bool:
    rt.charge(len(string) >> 6)
    return match in string


@builtin("starts with", "string: string, match: string")
def _starts_with(rt: Runtime, string: str, match: str) -> bool:
    return string.startswith(match)


@builtin("ends with", "string: string, match: string")
def _ends_with(rt: Runtime, string: str, match: str) -> bool:
    return string.endswith(match)


@builtin("string join", "list: list, delimiter?: string?")
def _string_join(rt: Runtime, items: list[Any], delimiter: str | None) -> str | None:
    """Joins strings; null elements are left out, anything else makes the result null."""
    rt.charge(len(items))
    strings = [item for item in items if item is not None]
    if not all(isinstance(item, str) for item in strings):
        return None
    rt.check_string(sum(len(item) for item in strings) + len(delimiter or "") * len(strings))
    return (delimiter or "").join(strings)
