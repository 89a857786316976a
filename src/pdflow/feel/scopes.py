"""Where names live when closures run: linked frames with depths fixed at compile time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

from pdflow.feel.runtime import Runtime

# An environment is (frame, enclosing environment). A frame is a dict of variables; in a filter it is the item.
Env = tuple[Any, Any]
Closure = Callable[[Env, Runtime], Any]
_MISSING = object()


class Found(Enum):
    """Where a name is looked up: a known frame, the outermost one, or that one unless a filtered item has it."""

    BOUND = 1
    FREE = 2
    MAYBE_FREE = 3


class Frame:
    """The compile-time picture of one frame.

    Attributes:
        names: the names it holds; None for the outermost, whose names are only known at run time.
        item: set when the frame is the item of a filter.
        used: the names that were read from it.
    """

    def __init__(self, parent: Frame | None, names: Iterable[str] | None, *, item: bool = False):
        self.parent = parent
        self.names = None if names is None else set(names)
        self.item = item
        self.used: set[str] = set()

    def declare(self, name: str) -> None:
        """Add a name for what is compiled from now on."""
        if self.names is not None:
            self.names.add(name)


def variable(frame: Frame, name: str, absent: Callable[[Runtime], Any]) -> tuple[Closure, Found]:
    """A closure that reads a variable, and where it is looked up.

    Args:
        frame: where the name is used.
        name: the variable.
        absent: gives the value when no frame has the name.
    """
    depth = 0
    items: list[int] = []
    current: Frame = frame
    while current.parent is not None:
        if current.item:
            items.append(depth)
        elif current.names is not None and name in current.names:
            current.used.add(name)
            break
        current = current.parent
        depth += 1
    base = _root(depth, name, absent) if current.parent is None else _local(depth, name)
    if not items:
        return base, Found.FREE if current.parent is None else Found.BOUND
    closure = _through_items(items, name, base)
    return closure, Found.MAYBE_FREE if current.parent is None else Found.BOUND


def _local(depth: int, name: str) -> Closure:
    if depth == 0:
        return lambda env, rt: env[0].get(name)
    if depth == 1:
        return lambda env, rt: env[1][0].get(name)

    def read(env: Env, rt: Runtime) -> Any:
        for _ in range(depth):
            env = env[1]
        return env[0].get(name)

    return read


def _root(depth: int, name: str, absent: Callable[[Runtime], Any]) -> Closure:
    def read_here(env: Env, rt: Runtime) -> Any:
        root = env[0]
        return root[name] if name in root else absent(rt)

    if depth == 0:
        return read_here

    def read(env: Env, rt: Runtime) -> Any:
        for _ in range(depth):
            env = env[1]
        return read_here(env, rt)

    return read


def _through_items(depths: list[int], name: str, base: Closure) -> Closure:
    def read(env: Env, rt: Runtime) -> Any:
        current, at = env, 0
        for depth in depths:
            while at < depth:
                current, at = current[1], at + 1
            item = current[0]
            if isinstance(item, dict):
                value = item.get(name, _MISSING)
                if value is not _MISSING:
                    return value
            if name == "item":
                return item
        return base(env, rt)

    return read
