"""Hit policies and aggregators: what a table makes of the rules that matched (DMN 1.5 section 8.2.8)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pdflow.feel.compare import equal, precedes
from pdflow.feel.decimals import CONTEXT, ZERO
from pdflow.feel.runtime import Runtime

# A policy receives the outputs of the rules that matched, in rule order, and a rank for each.
Policy = Callable[[list[Any], list[tuple[int, ...]], Runtime], Any]


def unique(results: list[Any], ranks: list[tuple[int, ...]], rt: Runtime) -> Any:
    """The one match; more than one is an error of the table."""
    if len(results) > 1:
        return rt.warn(
            "hit-policy", f"expected at most one rule of a unique table to match, found {len(results)}"
        )
    return results[0]


def any_(results: list[Any], ranks: list[tuple[int, ...]], rt: Runtime) -> Any:
    """What all matches agree on; matches that differ are an error of the table."""
    if any(equal(results[0], other, rt) is not True for other in results[1:]):
        return rt.warn("hit-policy", "expected all matching rules of an 'any' table to give the same output")
    return results[0]


def first(results: list[Any], ranks: list[tuple[int, ...]], rt: Runtime) -> Any:
    """The first match in rule order."""
    return results[0]


def _by_priority(results: list[Any], ranks: list[tuple[int, ...]]) -> list[Any]:
    return [results[index] for index in sorted(range(len(results)), key=lambda index: ranks[index])]


def priority(results: list[Any], ranks: list[tuple[int, ...]], rt: Runtime) -> Any:
    """The match whose output stands first among the output values."""
    return _by_priority(results, ranks)[0]


def output_order(results: list[Any], ranks: list[tuple[int, ...]], rt: Runtime) -> Any:
    """All matches in the order of the output values."""
    return _by_priority(results, ranks)


def collect(results: list[Any], ranks: list[tuple[int, ...]], rt: Runtime) -> Any:
    """All matches in rule order."""
    return results


def _count(results: list[Any], ranks: list[tuple[int, ...]], rt: Runtime) -> Any:
    return Decimal(len(results))


def _sum(results: list[Any], ranks: list[tuple[int, ...]], rt: Runtime) -> Any:
    total = ZERO
    for value in results:
        if not isinstance(value, Decimal):
            return rt.warn("hit-policy", "expected numbers to sum, found another output")
        total = CONTEXT.add(total, value)
    return total


def _extreme(largest: bool) -> Policy:
    def run(results: list[Any], ranks: list[tuple[int, ...]], rt: Runtime) -> Any:
        best = results[0]
        for value in results:
            better = precedes(best, value, rt) if largest else precedes(value, best, rt)
            if better is None:
                return rt.warn("hit-policy", "expected outputs of one ordered kind, found others")
            best = value if better else best
        return best

    return run


POLICIES: dict[str, Policy] = {
    "UNIQUE": unique,
    "ANY": any_,
    "PRIORITY": priority,
    "FIRST": first,
    "RULE ORDER": collect,
    "OUTPUT ORDER": output_order,
    "COLLECT": collect,
}
AGGREGATORS: dict[str, Policy] = {"SUM": _sum, "COUNT": _count, "MIN": _extreme(False), "MAX": _extreme(True)}


def nothing_matched(policy: str, aggregation: str) -> Any:
    """The result without a match and without default outputs: no list is empty, no count is zero, else null."""
    if aggregation:
        return ZERO if aggregation == "COUNT" else None
    return [] if policy in ("RULE ORDER", "OUTPUT ORDER", "COLLECT") else None
