"""Invocations and function literals (DMN 1.5 sections 10.3.2.13.2 and 10.3.2.10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pdflow.feel import nodes
from pdflow.feel.boundary import from_python, to_python
from pdflow.feel.calling import invoke, invoke_named
from pdflow.feel.compare import kind
from pdflow.feel.functions import BUILTINS
from pdflow.feel.nodes import Node
from pdflow.feel.runtime import Runtime
from pdflow.feel.scopes import Closure, Env, Found, Frame, variable
from pdflow.feel.types import Type
from pdflow.feel.values import Function

# Python frames one FEEL invocation uses besides those of its body.
_OWN_FRAMES = 8


class InvocationCompiler:
    """The part of the compiler for calls and functions."""

    text: str
    weight: int
    height: int
    depth: int
    names: set[str]
    calls: set[str]
    declared: frozenset[str]
    externals: Mapping[str, Callable[..., Any]]

    def compile(self, node: Node, frame: Frame) -> Closure:
        """Any node; see `pdflow.feel.compiler`."""
        raise NotImplementedError

    def read(self, name: str, found: Found) -> None:
        """Note a variable that is read from outside; see `pdflow.feel.compiler`."""
        raise NotImplementedError

    def compile_call(self, node: nodes.Call, frame: Frame) -> Closure:
        """An invocation with positional or named arguments."""
        arguments = [self.compile(argument, frame) for argument in node.arguments]
        names, position = node.names, node.position
        target = self._target(node, frame)

        def run(env: Env, rt: Runtime) -> Any:
            function = target(env, rt)
            values = [argument(env, rt) for argument in arguments]
            if not isinstance(function, Function):
                return rt.warn("invocation", f"expected a function, found {kind(function)}", position)
            if not names:
                return invoke(function, values, rt, position)
            return invoke_named(function, dict(zip(names, values, strict=True)), rt, position)

        return run

    def _target(self, node: nodes.Call, frame: Frame) -> Closure:
        if not isinstance(node.function, nodes.Name):
            return self.compile(node.function, frame)
        self.weight += 1
        name, position = node.function.name, node.function.position
        builtin = BUILTINS.get(name)

        def absent(rt: Runtime) -> Any:
            if builtin is not None:
                return builtin
            if name in rt.functions:
                return _host_function(name, rt.functions[name])
            return rt.warn(
                "unknown-function", f"expected a function, found the unknown name '{name}'", position
            )

        closure, found = variable(frame, name, absent)
        if name in self.declared:
            self.read(name, found)
        elif found is not Found.BOUND and builtin is None:
            self.calls.add(name)
        if builtin is None:
            return closure

        def shadowed(env: Env, rt: Runtime) -> Any:
            # A variable that is no function does not hide the built-in of its name.
            value = closure(env, rt)
            return value if isinstance(value, Function) else builtin

        return shadowed

    def compile_function(self, node: nodes.FunctionNode, frame: Frame) -> Closure:
        """A function literal; it keeps the environment it was made in."""
        parameters, types = node.parameters, node.types
        if node.external:
            mapping = self.compile(node.body, frame)
            externals = self.externals
            return lambda env, rt: external_function(mapping(env, rt), parameters, types, externals, rt)
        before, outer_height = self.weight, self.height
        self.height = self.depth
        body = self.compile(node.body, Frame(frame, parameters))
        cost = self.weight - before
        frames = self.height - self.depth + _OWN_FRAMES
        self.height = max(outer_height, self.height)

        def make(env: Env, rt: Runtime) -> Function:
            def call(caller: Runtime, arguments: list[Any]) -> Any:
                caller.charge(cost)
                caller.enter(frames)
                result = body((dict(zip(parameters, arguments, strict=True)), env), caller)
                caller.leave(frames)
                return result

            return Function("function", parameters, call, types)

        return make


def _host_function(name: str, function: Callable[..., Any]) -> Function:
    def call(rt: Runtime, arguments: list[Any]) -> Any:
        rt.charge(20)
        return from_python(function(*[to_python(argument) for argument in arguments]))

    def named(rt: Runtime, arguments: dict[str, Any]) -> Any:
        rt.charge(20)
        return from_python(function(**{key: to_python(value) for key, value in arguments.items()}))

    return Function(name, (), call, named=named)


def external_function(
    mapping: Any,
    parameters: tuple[str, ...],
    types: tuple[Type | None, ...],
    externals: Mapping[str, Callable[..., Any]],
    rt: Runtime,
) -> Function | None:
    """The registered Python callable that an external mapping names as ``class.method(signature)``."""
    java = mapping.get("java") if isinstance(mapping, dict) else None
    if not isinstance(java, dict):
        return rt.warn("external", "expected an external mapping with 'java'")
    key = f"{java.get('class')}.{java.get('method signature')}".replace(" ", "")
    function = externals.get(key)

    def call(caller: Runtime, arguments: list[Any]) -> Any:
        if function is None:
            return caller.warn(
                "external", f"expected a registered callable for the external function '{key}'"
            )
        caller.charge(20)
        try:
            return from_python(function(*[to_python(argument) for argument in arguments]))
        except (TypeError, ValueError, ArithmeticError) as error:
            return caller.warn("external", f"expected '{key}' to accept its arguments, it answered: {error}")

    return Function(key, parameters, call, types)
