"""The syntax tree of FEEL. Every node knows its offset in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pdflow.feel.types import Type


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression."""

    position: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A constant."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable; ``name`` as its declaration spells it."""

    name: str


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """Left-associative operators of one level, flat so that long sums stay shallow: first op operand op ..."""

    first: Node
    rest: tuple[tuple[str, Node, int], ...]


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """``and`` or ``or`` of any number of operands."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """Arithmetic minus."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """``= != < <= > >=``."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """``value between low and high``."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """``value in test`` or ``value in (test, ...)``."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """``value instance of type``."""

    value: Node
    type: Type | None


@dataclass(frozen=True, slots=True)
class RangeNode(Node):
    """An interval; ``test`` is the operator of a one-sided one, whose operand is then ``start``."""

    start: Node
    end: Node
    start_included: bool
    end_included: bool
    test: str = ""


@dataclass(frozen=True, slots=True)
class Path(Node):
    """``source.member``."""

    source: Node
    member: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """``source[condition]``."""

    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """An invocation with positional or named arguments (``names`` empty when positional)."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    """Conditions with their results, tried in order; an else-if chain is one flat node."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """``name in source`` or ``name in source..end``."""

    name: str
    source: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """``for ... return``."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """``some`` or ``every``."""

    some: bool
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class ListNode(Node):
    """``[a, b]``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextNode(Node):
    """``{a: 1, b: a}``."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class FunctionNode(Node):
    """``function(a: type, b) body``; ``external`` when the body is a mapping for a host callable."""

    parameters: tuple[str, ...]
    types: tuple[Type | None, ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests of an input entry; ``negated`` for ``not(...)``; empty for ``-``."""

    items: tuple[Node, ...]
    negated: bool
