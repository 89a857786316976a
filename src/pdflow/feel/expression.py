"""A text parsed and compiled once, and evaluated as often as needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from pdflow.feel.boundary import from_python
from pdflow.feel.compiler import Compiler
from pdflow.feel.errors import FeelWarning
from pdflow.feel.functions import BUILTINS
from pdflow.feel.names import Scope
from pdflow.feel.parser import make_parser
from pdflow.feel.runtime import DEFAULT_STEPS, Runtime
from pdflow.feel.scopes import Closure, Frame

BUILTIN_SCOPE = Scope(None, [*BUILTINS, "?"])


class Expression:
    """A compiled expression or unary tests.

    Attributes:
        text: the source.
        names: free variable names it reads, those included that may be entries of a filtered item instead.
        entries: the names among them that may be entries of a filtered item, as in ``people[age > limit]``.
        calls: names it invokes that are neither variables nor built-ins, so functions of the host.
    """

    def __init__(self, text: str, closure: Closure, compiler: Compiler):
        self.text = text
        self.names = frozenset(compiler.names | compiler.possible)
        self.entries = frozenset(compiler.possible)
        self.calls = frozenset(compiler.calls)
        self._closure = closure
        self._cost = compiler.weight
        self._frames = compiler.height + 2

    def evaluate(
        self,
        context: Mapping[str, Any],
        *,
        clock: Callable[[], datetime] | None = None,
        steps: int | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
    ) -> Any:
        """The value in a context; run-time trouble is null.

        Args:
            context: variables, JSON-like Python or FEEL values. Only those the expression reads are looked at.
            clock: gives an aware instant; without it ``now()`` and ``today()`` are null.
            steps: the budget in weighted steps; 1,000,000 when not given.
            functions: functions of the host; they receive and return Python values.

        Returns:
            None, bool, Decimal, str, list, dict or a type of `pdflow.feel.values`.

        Raises:
            BudgetExceeded: when the budget, the depth or a size is exceeded.
        """
        return self.evaluate_with_warnings(context, clock=clock, steps=steps, functions=functions)[0]

    def evaluate_with_warnings(
        self,
        context: Mapping[str, Any],
        *,
        clock: Callable[[], datetime] | None = None,
        steps: int | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
    ) -> tuple[Any, list[FeelWarning]]:
        """Like `evaluate`, with the reasons why parts of it became null."""
        root = {name: from_python(context[name]) for name in self.names | self.calls if name in context}
        return self._run(root, clock, steps, functions)

    def _run(
        self,
        root: dict[str, Any],
        clock: Callable[[], datetime] | None,
        steps: int | None,
        functions: Mapping[str, Callable[..., Any]] | None,
    ) -> tuple[Any, list[FeelWarning]]:
        rt = Runtime(DEFAULT_STEPS if steps is None else steps, 0, clock, functions or {})
        return self.run(root, rt), rt.warnings

    def run(self, variables: dict[str, Any], rt: Runtime) -> Any:
        """The value with FEEL values as variables, in an evaluation that is under way."""
        rt.charge(self._cost)
        rt.enter(self._frames)
        value = self._closure((variables, None), rt)
        rt.leave(self._frames)
        return value


class UnaryTests(Expression):
    """Compiled unary tests, such as an input entry of a decision table or the cases of a gateway."""

    def matches(
        self,
        value: Any,
        context: Mapping[str, Any],
        *,
        clock: Callable[[], datetime] | None = None,
        steps: int | None = None,
    ) -> bool:
        """Whether a value passes; null counts as no.

        Raises:
            BudgetExceeded: when the budget, the depth or a size is exceeded.
        """
        root = {name: from_python(context[name]) for name in self.names | self.calls if name in context}
        root["?"] = from_python(value)
        return self._run(root, clock, steps, None)[0] is True


def compile_expression(text: str, names: Iterable[str] = ()) -> Expression:
    """Parse and compile an expression. A leading ``=`` is not part of FEEL.

    Args:
        text: FEEL.
        names: names in scope; only those of several words or with operators need to be known.

    Raises:
        FeelSyntaxError: with line, column and what was expected.
        BudgetExceeded: for a text above one million characters.
    """
    declared = list(names)
    return _compile(text, declared, declared)


def _compile(text: str, names: list[str], members: list[str]) -> Expression:
    node = make_parser(text, Scope(BUILTIN_SCOPE, names), members).parse()
    compiler = Compiler(text, names)
    return Expression(text, compiler.compile(node, Frame(None, None)), compiler)


def compile_unary_tests(text: str, names: Iterable[str] = ()) -> UnaryTests:
    """Parse and compile unary tests, in which ``?`` is the tested value.

    Raises:
        FeelSyntaxError: with line, column and what was expected.
    """
    declared = list(names)
    node = make_parser(text, Scope(BUILTIN_SCOPE, declared), declared).parse_tests()
    compiler = Compiler(text, declared)
    frame = Frame(Frame(None, None), ["?"])
    closure = compiler.compile_tests(node, frame)
    return UnaryTests(text, lambda env, rt: closure(({"?": env[0].get("?")}, env), rt), compiler)


def evaluate(
    text: str,
    context: Mapping[str, Any],
    *,
    clock: Callable[[], datetime] | None = None,
    steps: int | None = None,
) -> Any:
    """Parse and evaluate once; see `compile_expression` and `Expression.evaluate`.

    Raises:
        FeelSyntaxError: when the text is not FEEL.
        BudgetExceeded: when the budget, the depth or a size is exceeded.
    """
    members = [name for name in _keys_within(context) if not name.isidentifier()]
    return _compile(text, list(context), members).evaluate(context, clock=clock, steps=steps)


def unary_tests(
    text: str,
    value: Any,
    context: Mapping[str, Any],
    *,
    clock: Callable[[], datetime] | None = None,
    steps: int | None = None,
) -> bool:
    """Parse unary tests and apply them once; see `compile_unary_tests`.

    Raises:
        FeelSyntaxError: when the text is not FEEL.
        BudgetExceeded: when the budget, the depth or a size is exceeded.
    """
    return compile_unary_tests(text, list(context)).matches(value, context, clock=clock, steps=steps)


def _keys_within(value: Any) -> Iterable[str]:
    pending = [value]
    while pending:
        current = pending.pop()
        if isinstance(current, Mapping):
            yield from current
            pending.extend(current.values())
        elif isinstance(current, list):
            pending.extend(current)
