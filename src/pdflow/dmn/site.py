"""A place in a model where FEEL stands: the names, types and frame an expression there is compiled with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pdflow.dmn.document import Element, line_of
from pdflow.dmn.errors import ModelError
from pdflow.feel.compiler import Compiler
from pdflow.feel.errors import FeelError
from pdflow.feel.expression import BUILTIN_SCOPE
from pdflow.feel.names import NameTree, Scope
from pdflow.feel.parser import make_parser
from pdflow.feel.runtime import Runtime
from pdflow.feel.scopes import Closure, Env, Frame
from pdflow.feel.types import Type, coerce


@dataclass(frozen=True)
class Site:
    """Where an expression stands.

    Attributes:
        element: name of the model element, for findings.
        scope: names the parser knows.
        frame: frames the closure will find its variables in.
        members: names that may follow a dot.
        types: named types.
        externals: registered Python callables.
        errors: where findings are collected.
    """

    element: str
    scope: Scope
    frame: Frame
    members: NameTree
    types: Mapping[str, Type]
    externals: Mapping[str, Callable[..., Any]]
    errors: list[ModelError]

    @classmethod
    def outermost(
        cls,
        element: str,
        names: Iterable[str],
        members: NameTree,
        types: Mapping[str, Type],
        externals: Mapping[str, Callable[..., Any]],
        errors: list[ModelError],
    ) -> Site:
        """The site of an element whose requirements have some names."""
        return cls(element, Scope(BUILTIN_SCOPE, names), Frame(None, None), members, types, externals, errors)

    def within(self, names: Iterable[str] = ()) -> Site:
        """A site one frame further in."""
        declared = list(names)
        return replace(self, scope=Scope(self.scope, declared), frame=Frame(self.frame, declared))

    def item(self) -> Site:
        """The site of a filter's condition."""
        scope = Scope(self.scope, ["item"], open_=True)
        return replace(self, scope=scope, frame=Frame(self.frame, [], item=True))

    def declare(self, name: str) -> None:
        """Add a name to this site for what is compiled from now on."""
        self.scope.tree.add(name)
        self.frame.declare(name)

    def report(self, code: str, cell: str, element: Element, message: str) -> Closure:
        """Note a finding and give a closure that is null."""
        self.errors.append(ModelError(code, self.element, cell, line_of(element), message))
        return lambda env, rt: rt.warn(code, message)

    def compiler(self, text: str) -> Compiler:
        """A compiler that knows the frames' names."""
        return Compiler(text, (), self.externals)

    def expression(self, text: str | None, cell: str, element: Element) -> Closure:
        """A FEEL expression; a syntax error is a finding."""
        if not text:
            return self.report("missing", cell, element, "expected a FEEL expression, found none")
        return _bounded(*self._compiled(text, cell, element, tests=False))

    def tests(self, text: str | None, cell: str, element: Element) -> Closure:
        """Unary tests on ``?``, which must be in the innermost frame; nothing written means any value."""
        return _bounded(*self._compiled(text or "-", cell, element, tests=True))

    def tests_with_cost(self, text: str | None, cell: str, element: Element) -> tuple[Closure | None, int]:
        """Like `tests`, but what it costs is for the caller to charge; None for any value."""
        if text in (None, "", "-"):
            return None, 0
        closure, cost, _ = self._compiled(text or "-", cell, element, tests=True)
        return closure, cost

    def _compiled(self, text: str, cell: str, element: Element, *, tests: bool) -> tuple[Closure, int, int]:
        try:
            parser = make_parser(text, self.scope, self.members, self.types)
            compiler = self.compiler(text)
            if tests:
                closure = compiler.compile_tests(parser.parse_tests(), self.frame)
            else:
                closure = compiler.compile(parser.parse(), self.frame)
        except FeelError as error:
            return self.report("syntax", cell, element, str(error)), 1, 1
        return closure, compiler.weight, compiler.height


def _bounded(closure: Closure, cost: int, frames: int) -> Closure:
    def run(env: Env, rt: Runtime) -> Any:
        rt.charge(cost)
        rt.enter(frames)
        value = closure(env, rt)
        rt.leave(frames)
        return value

    return run


def typed(closure: Closure, type_: Type | None, what: str) -> Closure:
    """A closure whose value is made to conform to a declared type; null when it cannot be."""
    if type_ is None:
        return closure

    def run(env: Env, rt: Runtime) -> Any:
        value, fits = coerce(closure(env, rt), type_, rt)
        if not fits:
            rt.warn("result-type", f"expected {what} to have its declared type")
        return value

    return run
