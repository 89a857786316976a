"""Syntax tree to closures ``f(env, rt)``; every rule of evaluation that is neither a loop nor a call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from pdflow.feel import arithmetic, nodes
from pdflow.feel.compare import equal, kind, precedes
from pdflow.feel.errors import FeelSyntaxError
from pdflow.feel.functions import BUILTINS
from pdflow.feel.invocation import InvocationCompiler
from pdflow.feel.iteration import IterationCompiler
from pdflow.feel.members import member
from pdflow.feel.nodes import Node
from pdflow.feel.ranges import any_true, make_range, one_sided, passes
from pdflow.feel.runtime import Runtime
from pdflow.feel.scopes import Closure, Env, Found, Frame, variable
from pdflow.feel.types import instance_of, without_constraints

MAX_HEIGHT = 240
# Python frames that evaluating a node puts on the stack above its parts; one where not named.
_FRAMES: dict[type, int] = {
    nodes.Call: 3,
    nodes.ContextNode: 1,
    nodes.Filter: 2,
    nodes.For: 4,
    nodes.In: 3,
    nodes.ListNode: 2,
    nodes.Name: 2,
    nodes.Quantified: 4,
    nodes.Tests: 3,
}


class Compiler(IterationCompiler, InvocationCompiler):
    """Compiles the trees of one text.

    Attributes:
        names: free variable names that were read.
        possible: names read in a filter that are its item's entries or else free variables.
        calls: names that are invoked and are neither variables nor built-ins.
        weight: closures made so far, the measure a loop or function charges its body by.
        height: greatest number of Python frames an evaluation can need so far.
    """

    def __init__(
        self, text: str, declared: Iterable[str], externals: Mapping[str, Callable[..., Any]] | None = None
    ):
        self.text = text
        self.declared = frozenset(declared)
        self.externals = externals or {}
        self.names: set[str] = set()
        self.possible: set[str] = set()
        self.calls: set[str] = set()
        self.weight = 0
        self.depth = 0
        self.height = 0

    def compile(self, node: Node, frame: Frame) -> Closure:
        """The closure of a node used at a frame.

        Raises:
            FeelSyntaxError: when the tree is too high to be evaluated safely.
        """
        self.weight += 1
        frames = _FRAMES.get(type(node), 1)
        self.depth += frames
        self.height = max(self.height, self.depth)
        if self.depth > MAX_HEIGHT:
            raise FeelSyntaxError(
                self.text, node.position, "an expression that is less deep", "a deeper expression"
            )
        closure: Closure = _METHODS[type(node)](self, node, frame)
        self.depth -= frames
        return closure

    def _literal(self, node: nodes.Literal, frame: Frame) -> Closure:
        value = node.value
        return lambda env, rt: value

    def _name(self, node: nodes.Name, frame: Frame) -> Closure:
        name, position = node.name, node.position
        builtin = BUILTINS.get(name)

        def absent(rt: Runtime) -> Any:
            if builtin is not None:
                return builtin
            return rt.warn("unknown-name", f"expected a variable, found the unknown name '{name}'", position)

        closure, found = variable(frame, name, absent)
        if name != "?" and (builtin is None or name in self.declared):
            self.read(name, found)
        return closure

    def read(self, name: str, found: Found) -> None:
        """Note a variable that is read from outside."""
        if found is Found.FREE or (found is Found.MAYBE_FREE and name in self.declared):
            self.names.add(name)
        elif found is Found.MAYBE_FREE:
            self.possible.add(name)

    def _chain(self, node: nodes.Chain, frame: Frame) -> Closure:
        first = self.compile(node.first, frame)
        rest = [(arithmetic.OPERATORS[op], op, self.compile(part, frame), at) for op, part, at in node.rest]

        def run(env: Env, rt: Runtime) -> Any:
            left = first(env, rt)
            for operator, symbol, operand, position in rest:
                right = operand(env, rt)
                result = arithmetic.apply(operator, left, right, rt)
                if result is None:
                    message = (
                        f"expected operands that '{symbol}' accepts, found {kind(left)} and {kind(right)}"
                    )
                    rt.warn("arithmetic", message, position)
                left = result
            return left

        return run

    def _negation(self, node: nodes.Negation, frame: Frame) -> Closure:
        operand, position = self.compile(node.operand, frame), node.position

        def run(env: Env, rt: Runtime) -> Any:
            value = operand(env, rt)
            result = arithmetic.negate(value)
            if result is None:
                rt.warn(
                    "arithmetic", f"expected a number or a duration after '-', found {kind(value)}", position
                )
            return result

        return run

    def _logic(self, node: nodes.Logic, frame: Frame) -> Closure:
        operands = [self.compile(operand, frame) for operand in node.operands]
        decisive = node.operator == "or"
        position = node.position

        def run(env: Env, rt: Runtime) -> bool | None:
            unknown = False
            for operand in operands:
                value = operand(env, rt)
                if value is decisive:
                    return decisive
                if not isinstance(value, bool):
                    unknown = True
                    if value is not None:
                        rt.warn("not-boolean", f"expected true or false, found {kind(value)}", position)
            return None if unknown else not decisive

        return run

    def _comparison(self, node: nodes.Comparison, frame: Frame) -> Closure:
        left, right = self.compile(node.left, frame), self.compile(node.right, frame)
        position, operator, compare = node.position, node.operator, COMPARISONS[node.operator]

        def run(env: Env, rt: Runtime) -> bool | None:
            a, b = left(env, rt), right(env, rt)
            result = compare(a, b, rt)
            if result is None:
                message = f"expected values that '{operator}' compares, found {kind(a)} and {kind(b)}"
                rt.warn("comparison", message, position)
            return result

        return run

    def _between(self, node: nodes.Between, frame: Frame) -> Closure:
        value = self.compile(node.value, frame)
        low, high = self.compile(node.low, frame), self.compile(node.high, frame)
        position = node.position

        def run(env: Env, rt: Runtime) -> bool | None:
            tested = value(env, rt)
            below, above = precedes(tested, low(env, rt), rt), precedes(high(env, rt), tested, rt)
            if below or above:
                return None if below is None or above is None else False
            if below is None or above is None:
                return rt.warn(
                    "comparison", "expected three values of one ordered kind for 'between'", position
                )
            return True

        return run

    def _in(self, node: nodes.In, frame: Frame) -> Closure:
        value = self.compile(node.value, frame)
        tests = [self.compile_test(test, Frame(frame, ["?"])) for test in node.tests]

        def run(env: Env, rt: Runtime) -> bool | None:
            tested = value(env, rt)
            inner = ({"?": tested}, env)
            return any_true(test(inner, rt) for test in tests)

        return run

    def compile_test(self, node: Node, frame: Frame) -> Closure:
        """A unary test on the value ``?`` of the frame (DMN 1.5 section 7.3.3)."""
        if isinstance(node, nodes.RangeNode) and node.test:
            operand, compare = self.compile(node.start, frame), COMPARISONS[node.test]
            self.weight += 1
            return lambda env, rt: compare(env[0]["?"], operand(env, rt), rt)
        if isinstance(node, nodes.Literal) and isinstance(node.value, (Decimal, str)):
            self.weight += 1
            return _equals(node.value)
        before = frame.used.copy()
        frame.used.discard("?")
        result = self.compile(node, frame)
        asks = "?" in frame.used
        frame.used |= before

        def run(env: Env, rt: Runtime) -> bool | None:
            outcome, value = result(env, rt), env[0]["?"]
            if isinstance(outcome, bool) and (asks or not (value is None or isinstance(value, (bool, list)))):
                return outcome
            return passes(value, outcome, rt)

        return run

    def _instance_of(self, node: nodes.InstanceOf, frame: Frame) -> Closure:
        value, type_, position = self.compile(node.value, frame), node.type, node.position
        if type_ is None:
            return lambda env, rt: rt.warn(
                "unknown-type", "expected a known type after 'instance of'", position
            )
        plain = without_constraints(type_)
        return lambda env, rt: instance_of(value(env, rt), plain, rt)

    def _range(self, node: nodes.RangeNode, frame: Frame) -> Closure:
        start = self.compile(node.start, frame)
        if node.test:
            test = node.test
            return lambda env, rt: one_sided(test, start(env, rt))
        if isinstance(node.start, nodes.Literal) and isinstance(node.end, nodes.Literal):
            interval = make_range(node.start.value, node.end.value, node.start_included, node.end_included)
            if interval is not None:
                return lambda env, rt: interval
        end = self.compile(node.end, frame)
        start_included, end_included, position = node.start_included, node.end_included, node.position

        def run(env: Env, rt: Runtime) -> Any:
            result = make_range(start(env, rt), end(env, rt), start_included, end_included)
            if result is None:
                rt.warn(
                    "range", "expected two ends of one ordered kind, the first not above the second", position
                )
            return result

        return run

    def _path(self, node: nodes.Path, frame: Frame) -> Closure:
        source, name, position = self.compile(node.source, frame), node.member, node.position
        return lambda env, rt: member(source(env, rt), name, rt, position)

    def _if(self, node: nodes.If, frame: Frame) -> Closure:
        branches = [
            (self.compile(test, frame), self.compile(result, frame)) for test, result in node.branches
        ]
        otherwise = self.compile(node.otherwise, frame)

        def run(env: Env, rt: Runtime) -> Any:
            for test, result in branches:
                if test(env, rt) is True:
                    return result(env, rt)
            return otherwise(env, rt)

        return run

    def _list(self, node: nodes.ListNode, frame: Frame) -> Closure:
        items = [self.compile(item, frame) for item in node.items]
        return lambda env, rt: [item(env, rt) for item in items]

    def _context(self, node: nodes.ContextNode, frame: Frame) -> Closure:
        inner = Frame(frame, [])
        entries: list[tuple[str, Closure]] = []
        for key, value in node.entries:
            # A function may call itself: its frame is complete when it runs.
            if isinstance(value, nodes.FunctionNode):
                inner.declare(key)
            entries.append((key, self.compile(value, inner)))
            inner.declare(key)

        def run(env: Env, rt: Runtime) -> dict[str, Any]:
            result: dict[str, Any] = {}
            scope = (result, env)
            for key, value in entries:
                result[key] = value(scope, rt)
            return result

        return run

    def compile_tests(self, node: nodes.Tests, frame: Frame) -> Closure:
        """Unary tests as one closure that is true, false or null."""
        tests = [self.compile_test(item, frame) for item in node.items]
        if not tests:
            return lambda env, rt: True
        if node.negated:
            return lambda env, rt: _not(any_true(test(env, rt) for test in tests))
        if len(tests) == 1:
            return tests[0]
        return lambda env, rt: any_true(test(env, rt) for test in tests)


def _equals(wanted: Decimal | str) -> Closure:
    """The commonest test, a number or string, without the general path."""
    kind_wanted = type(wanted)

    def run(env: Env, rt: Runtime) -> bool | None:
        value = env[0]["?"]
        return value == wanted if type(value) is kind_wanted else passes(value, wanted, rt)

    return run


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _different(left: Any, right: Any, rt: Runtime) -> bool | None:
    return _not(equal(left, right, rt))


COMPARISONS: dict[str, Callable[[Any, Any, Runtime], bool | None]] = {
    "=": equal,
    "!=": _different,
    "<": precedes,
    ">": lambda a, b, rt: precedes(b, a, rt),
    "<=": lambda a, b, rt: _not(precedes(b, a, rt)),
    ">=": lambda a, b, rt: _not(precedes(a, b, rt)),
}

_METHODS: dict[type, Callable[..., Closure]] = {
    nodes.Literal: Compiler._literal,
    nodes.Name: Compiler._name,
    nodes.Chain: Compiler._chain,
    nodes.Logic: Compiler._logic,
    nodes.Negation: Compiler._negation,
    nodes.Comparison: Compiler._comparison,
    nodes.Between: Compiler._between,
    nodes.In: Compiler._in,
    nodes.InstanceOf: Compiler._instance_of,
    nodes.RangeNode: Compiler._range,
    nodes.Path: Compiler._path,
    nodes.If: Compiler._if,
    nodes.ListNode: Compiler._list,
    nodes.ContextNode: Compiler._context,
    nodes.Filter: Compiler.compile_filter,
    nodes.For: Compiler.compile_for,
    nodes.Quantified: Compiler.compile_quantified,
    nodes.Call: Compiler.compile_call,
    nodes.FunctionNode: Compiler.compile_function,
}
