"""List functions (DMN 1.5 section 10.3.4.4) and `sort` (10.3.4.7)."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from pdflow.feel.calling import invoke
from pdflow.feel.compare import equal, less
from pdflow.feel.compare import precedes as before
from pdflow.feel.decimals import is_integer
from pdflow.feel.functions.signature import builtin
from pdflow.feel.runtime import Runtime
from pdflow.feel.values import Function


def same_element(one: Any, other: Any, rt: Runtime) -> bool:
    """Whether two elements are equal; null equals null."""
    rt.charge(2)
    return equal(one, other, rt) is True


@builtin("list contains", "list: list, element: any")
def _list_contains(rt: Runtime, items: list[Any], element: Any) -> bool:
    return any(same_element(item, element, rt) for item in items)


@builtin("count", "list: list...")
def _count(rt: Runtime, items: list[Any]) -> Decimal:
    return Decimal(len(items))


def _extreme(items: list[Any], largest: bool, rt: Runtime) -> Any:
    rt.charge(len(items))
    if not items or items[0] is None:
        return None
    best = items[0]
    if less(best, best) is None:
        return None
    for item in items[1:]:
        better = before(best, item, rt) if largest else before(item, best, rt)
        if better is None:
            return None
        best = item if better else best
    return best


@builtin("min", "list: list...")
def _min(rt: Runtime, items: list[Any]) -> Any:
    return _extreme(items, False, rt)


@builtin("max", "list: list...")
def _max(rt: Runtime, items: list[Any]) -> Any:
    return _extreme(items, True, rt)


@builtin("all", "list: list...")
def _all(rt: Runtime, items: list[Any]) -> bool | None:
    """False when one is false; null when one is no boolean; else true."""
    rt.charge(len(items))
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@builtin("any", "list: list...")
def _any(rt: Runtime, items: list[Any]) -> bool | None:
    rt.charge(len(items))
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


def _index(position: Decimal, length: int) -> int | None:
    """The index of a position counted from 1, or from the end when negative; null outside the list."""
    if not is_integer(position) or not 0 < abs(position) <= length:
        return None
    place = int(position)
    return place - 1 if place > 0 else length + place


@builtin("sublist", "list: list, start position: number, length?: number?")
def _sublist(rt: Runtime, items: list[Any], start: Decimal, length: Decimal | None) -> list[Any] | None:
    first = _index(start, len(items))
    if first is None:
        return None
    rt.charge(len(items))
    if length is None:
        return items[first:]
    if length < 1 or not is_integer(length) or first + int(length) > len(items):
        return None
    return items[first : first + int(length)]


@builtin("append", "list: list, item: any*")
def _append(rt: Runtime, items: list[Any], added: list[Any]) -> list[Any]:
    rt.charge(len(items) + len(added))
    return [*items, *added]


@builtin("concatenate", "list: any*")
def _concatenate(rt: Runtime, lists: list[Any]) -> list[Any] | None:
    result: list[Any] = []
    for items in lists:
        if items is None:
            return None
        result.extend(items if isinstance(items, list) else [items])
        rt.charge(len(items) if isinstance(items, list) else 1)
    return result


@builtin("insert before", "list: list, position: number, newItem: any")
def _insert_before(rt: Runtime, items: list[Any], position: Decimal, new: Any) -> list[Any] | None:
    index = _index(position, len(items))
    rt.charge(len(items))
    return None if index is None else [*items[:index], new, *items[index:]]


@builtin("remove", "list: list, position: number")
def _remove(rt: Runtime, items: list[Any], position: Decimal) -> list[Any] | None:
    index = _index(position, len(items))
    rt.charge(len(items))
    return None if index is None else [*items[:index], *items[index + 1 :]]


@builtin("list replace", "list: list, position: number, newItem: any")
def _list_replace(rt: Runtime, items: list[Any], position: Decimal, new: Any) -> list[Any] | None:
    index = _index(position, len(items))
    rt.charge(len(items))
    return None if index is None else [*items[:index], new, *items[index + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: any")
def _list_replace_matches(rt: Runtime, items: list[Any], match: Function, new: Any) -> list[Any] | None:
    result: list[Any] = []
    for item in items:
        decision = invoke(match, [item, new], rt)
        if not isinstance(decision, bool):
            return None
        result.append(new if decision else item)
    return result


@builtin("reverse", "list: list")
def _reverse(rt: Runtime, items: list[Any]) -> list[Any]:
    rt.charge(len(items))
    return items[::-1]


@builtin("index of", "list: list, match: any")
def _index_of(rt: Runtime, items: list[Any], match: Any) -> list[Any]:
    return [Decimal(i + 1) for i, item in enumerate(items) if same_element(item, match, rt)]


def _distinct(items: list[Any], rt: Runtime) -> list[Any]:
    result: list[Any] = []
    for item in items:
        if not any(same_element(item, kept, rt) for kept in result):
            result.append(item)
    return result


@builtin("union", "list: any*")
def _union(rt: Runtime, lists: list[Any]) -> list[Any] | None:
    joined = _concatenate(rt, lists)
    return None if joined is None else _distinct(joined, rt)


@builtin("distinct values", "list: list")
def _distinct_values(rt: Runtime, items: list[Any]) -> list[Any]:
    return _distinct(items, rt)


@builtin("flatten", "list: list")
def _flatten(rt: Runtime, items: list[Any]) -> list[Any]:
    result: list[Any] = []
    pending = [iter(items)]
    while pending:
        for item in pending[-1]:
            rt.charge(1)
            if isinstance(item, list):
                pending.append(iter(item))
                break
            result.append(item)
        else:
            pending.pop()
    return result


@builtin("sort", "list: list, precedes?: function")
def _sort(rt: Runtime, items: list[Any], precedes: Function | None) -> list[Any] | None:
    """Stable; without a function in natural order, and null when the elements have none."""
    rt.charge(len(items) * max(1, len(items).bit_length()))
    unordered = False

    def comes_first(one: Any, other: Any) -> bool:
        nonlocal unordered
        result = before(one, other, rt) if precedes is None else invoke(precedes, [one, other], rt)
        if not isinstance(result, bool):
            unordered = True
        return result is True

    def compare(one: Any, other: Any) -> int:
        if comes_first(one, other):
            return -1
        return 1 if comes_first(other, one) else 0

    result = sorted(items, key=cmp_to_key(compare))
    return None if unordered else result
