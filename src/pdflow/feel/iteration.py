"""Loops: filters, ``for`` and quantified expressions. Each turn is charged the weight of its body."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pdflow.feel import nodes
from pdflow.feel.compare import kind
from pdflow.feel.decimals import is_integer
from pdflow.feel.nodes import Node
from pdflow.feel.ranges import elements, steps_between
from pdflow.feel.runtime import Runtime
from pdflow.feel.scopes import Closure, Env, Frame

Turn = Callable[[Env], bool]


class IterationCompiler:
    """The part of the compiler for loops."""

    weight: int

    def compile(self, node: Node, frame: Frame) -> Closure:
        """Any node; see `pdflow.feel.compiler`."""
        raise NotImplementedError

    def compile_filter(self, node: nodes.Filter, frame: Frame) -> Closure:
        """``source[condition]``: a number picks from 1 (from the end when negative), a condition selects."""
        source = self.compile(node.source, frame)
        before = self.weight
        condition = self.compile(node.condition, Frame(frame, [], item=True))
        cost = self.weight - before
        return filtered(source, condition, cost, node.position)

    def _compile_iterators(
        self, iterators: tuple[nodes.Iterator, ...], frame: Frame
    ) -> tuple[Frame, Callable[[Env, Runtime, Turn], bool]]:
        """The innermost frame, and a function that calls a turn for each combination until it answers false.

        That function itself answers false when a source is null.
        """
        steps: list[tuple[str, Closure, Closure | None, int]] = []
        for iterator in iterators:
            source = self.compile(iterator.source, frame)
            end = self.compile(iterator.end, frame) if iterator.end is not None else None
            steps.append((iterator.name, source, end, iterator.position))
            frame = Frame(frame, [iterator.name])

        def walk(env: Env, rt: Runtime, turn: Turn, at: int = 0) -> bool:
            name, source, end, position = steps[at]
            value = source(env, rt)
            items = elements(value, rt) if end is None else steps_between(value, end(env, rt), rt)
            if items is None:
                rt.warn(
                    "iteration", f"expected a list or a range of whole numbers, found {kind(value)}", position
                )
                return False
            last = at == len(steps) - 1
            for item in items:
                inner = ({name: item}, env)
                rt.charge(1)
                if last:
                    if not turn(inner):
                        return True
                elif not walk(inner, rt, turn, at + 1):
                    return False
            return True

        return frame, walk

    def compile_for(self, node: nodes.For, frame: Frame) -> Closure:
        """``for``: the list of the body's values; ``partial`` is the list so far."""
        inner, walk = self._compile_iterators(node.iterators, frame)
        results = Frame(inner, ["partial"])
        before = self.weight
        body = self.compile(node.body, results)
        cost = self.weight - before
        uses_partial = "partial" in results.used

        def run(env: Env, rt: Runtime) -> list[Any] | None:
            collected: list[Any] = []

            def turn(scope: Env) -> bool:
                rt.charge(cost + (len(collected) if uses_partial else 0))
                partial = {"partial": list(collected)} if uses_partial else None
                collected.append(body((partial, scope), rt))
                return True

            return collected if walk(env, rt, turn) else None

        return run

    def compile_quantified(self, node: nodes.Quantified, frame: Frame) -> Closure:
        """``some`` and ``every`` in three-valued logic."""
        inner, walk = self._compile_iterators(node.iterators, frame)
        before = self.weight
        condition = self.compile(node.condition, inner)
        cost = self.weight - before
        decisive = node.some

        def run(env: Env, rt: Runtime) -> bool | None:
            seen: set[bool | None] = set()

            def turn(scope: Env) -> bool:
                rt.charge(cost)
                value = condition(scope, rt)
                seen.add(value if isinstance(value, bool) else None)
                return value is not decisive

            if not walk(env, rt, turn):
                return None
            if decisive in seen:
                return decisive
            return None if None in seen else not decisive

        return run


def _pick(items: list[Any], index: Decimal, rt: Runtime, position: int) -> Any:
    if is_integer(index) and 0 < abs(index) <= len(items):
        number = int(index)
        return items[number - 1 if number > 0 else number]
    message = f"expected a position between 1 and {len(items)} or between -{len(items)} and -1, found {index}"
    return rt.warn("index", message, position)


def filtered(source: Closure, condition: Closure, cost: int, position: int) -> Closure:
    """The closure of a filter; the condition finds the item in the innermost frame."""

    def run(env: Env, rt: Runtime) -> Any:
        value = source(env, rt)
        if value is None:
            return rt.warn("filter", "expected a list before '[', found null", position)
        items = value if isinstance(value, list) else [value]
        rt.charge(cost)
        first = condition((items[0] if items else None, env), rt)
        if isinstance(first, Decimal):
            return _pick(items, first, rt, position)
        kept = [items[0]] if items and first is True else []
        for item in items[1:]:
            rt.charge(cost)
            if condition((item, env), rt) is True:
                kept.append(item)
        return kept

    return run
