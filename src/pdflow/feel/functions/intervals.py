"""Relations of points and ranges after Allen (DMN 1.5 section 10.3.4.10, table 78)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pdflow.feel.compare import equal, less
from pdflow.feel.functions.signature import builtin
from pdflow.feel.runtime import Runtime
from pdflow.feel.values import Range


def _lt(one: Any, other: Any) -> bool:
    return less(one, other) is True


def _eq(one: Any, other: Any) -> bool:
    return one is not None and other is not None and less(one, other) is False and less(other, one) is False


def _before(a: Range, b: Range) -> bool:
    return _lt(a.end, b.start) or (_eq(a.end, b.start) and not (a.end_included and b.start_included))


def _starts_not_after(a: Range, b: Range) -> bool:
    return _lt(a.start, b.start) or (_eq(a.start, b.start) and (a.start_included or not b.start_included))


def _ends_not_before(a: Range, b: Range) -> bool:
    return _lt(b.end, a.end) or (_eq(a.end, b.end) and (a.end_included or not b.end_included))


def _same_start(a: Range, b: Range) -> bool:
    return _eq(a.start, b.start) and a.start_included == b.start_included


def _same_end(a: Range, b: Range) -> bool:
    return _eq(a.end, b.end) and a.end_included == b.end_included


def _includes(a: Range, b: Range) -> bool:
    return _starts_not_after(a, b) and _ends_not_before(a, b)


def _holds(a: Range, point: Any) -> bool:
    after_start = _lt(a.start, point) or (_eq(a.start, point) and a.start_included)
    return after_start and (_lt(point, a.end) or (_eq(a.end, point) and a.end_included))


def _overlaps(a: Range, b: Range) -> bool:
    return not _before(a, b) and not _before(b, a)


def _overlaps_before(a: Range, b: Range) -> bool:
    """It begins before the other, reaches into it, and does not end after it."""
    begins = _lt(a.start, b.start) or (_eq(a.start, b.start) and a.start_included and not b.start_included)
    reaches = _lt(b.start, a.end) or (_eq(a.end, b.start) and a.end_included and b.start_included)
    ends = _lt(a.end, b.end) or (_eq(a.end, b.end) and (not a.end_included or b.end_included))
    return begins and reaches and ends


def _overlaps_after(a: Range, b: Range) -> bool:
    begins = _lt(b.start, a.start) or (_eq(a.start, b.start) and b.start_included and not a.start_included)
    reaches = _lt(a.start, b.end) or (_eq(a.start, b.end) and a.start_included and b.end_included)
    ends = _lt(b.end, a.end) or (_eq(a.end, b.end) and (a.end_included or not b.end_included))
    return begins and reaches and ends


def _meets(a: Range, b: Range) -> bool:
    return _eq(a.end, b.start) and a.end_included and b.start_included


_RANGES: dict[str, Callable[[Range, Range], bool]] = {
    "before": _before,
    "after": lambda a, b: _before(b, a),
    "meets": _meets,
    "met by": lambda a, b: _meets(b, a),
    "overlaps": _overlaps,
    "overlaps before": _overlaps_before,
    "overlaps after": _overlaps_after,
    "finishes": lambda a, b: _same_end(a, b) and _starts_not_after(b, a),
    "finished by": lambda a, b: _same_end(a, b) and _starts_not_after(a, b),
    "includes": _includes,
    "during": lambda a, b: _includes(b, a),
    "starts": lambda a, b: _same_start(a, b) and _ends_not_before(b, a),
    "started by": lambda a, b: _same_start(a, b) and _ends_not_before(a, b),
    "coincides": lambda a, b: _same_start(a, b) and _same_end(a, b),
}
_POINT_RANGE: dict[str, Callable[[Any, Range], bool]] = {
    "before": lambda p, r: _lt(p, r.start) or (_eq(p, r.start) and not r.start_included),
    "after": lambda p, r: _lt(r.end, p) or (_eq(p, r.end) and not r.end_included),
    "finishes": lambda p, r: _eq(p, r.end) and r.end_included,
    "during": lambda p, r: _holds(r, p),
    "starts": lambda p, r: _eq(p, r.start) and r.start_included,
}
_RANGE_POINT: dict[str, Callable[[Range, Any], bool]] = {
    "before": lambda r, p: _lt(r.end, p) or (_eq(p, r.end) and not r.end_included),
    "after": lambda r, p: _lt(p, r.start) or (_eq(p, r.start) and not r.start_included),
    "finished by": lambda r, p: _eq(p, r.end) and r.end_included,
    "includes": _holds,
    "started by": lambda r, p: _eq(p, r.start) and r.start_included,
}
_POINTS: dict[str, Callable[[Any, Any], bool]] = {
    "before": _lt,
    "after": lambda p, q: _lt(q, p),
    "coincides": _eq,
}


def _register(name: str, relation: Callable[[Any, Any], bool], parameters: str) -> None:
    def run(rt: Runtime, one: Any, other: Any) -> bool | None:
        rt.charge(40)
        probes = [_probe(one), _probe(other)]
        if (
            None not in probes
            and less(probes[0], probes[1]) is None
            and equal(probes[0], probes[1], rt) is None
        ):
            return None
        return relation(one, other)

    builtin(name, parameters)(run)


def _probe(value: Any) -> Any:
    if isinstance(value, Range):
        return value.end if value.start is None else value.start
    return value


for _name, _relation in _RANGES.items():
    _register(_name, _relation, "range1: range, range2: range")
for _name, _relation in _POINT_RANGE.items():
    _register(_name, _relation, "point: point, range: range")
for _name, _relation in _RANGE_POINT.items():
    _register(_name, _relation, "range: range, point: point")
for _name, _relation in _POINTS.items():
    _register(_name, _relation, "point1: point, point2: point")
