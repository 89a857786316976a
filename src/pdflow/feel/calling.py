"""Calling a function value: how many arguments, which names, which types."""

from __future__ import annotations

from typing import Any

from pdflow.feel.compare import kind
from pdflow.feel.runtime import Runtime
from pdflow.feel.types import coerce
from pdflow.feel.values import Function


def invoke(function: Function, arguments: list[Any], rt: Runtime, position: int = -1) -> Any:
    """Call a function with positional arguments; null when they do not fit."""
    if function.named is not None:
        return function.call(rt, arguments)
    if len(arguments) != len(function.parameters):
        message = (
            f"expected {len(function.parameters)} arguments of '{function.name}', found {len(arguments)}"
        )
        return rt.warn("arguments", message, position)
    return _invoke_typed(function, arguments, rt, position)


def invoke_named(function: Function, arguments: dict[str, Any], rt: Runtime, position: int = -1) -> Any:
    """Call a function with named arguments; an unknown or missing name makes the result null."""
    if function.named is not None:
        return function.named(rt, arguments)
    if set(arguments) != set(function.parameters):
        expected = ", ".join(function.parameters)
        return rt.warn("arguments", f"expected the parameters {expected} of '{function.name}'", position)
    return _invoke_typed(function, [arguments[name] for name in function.parameters], rt, position)


def _invoke_typed(function: Function, arguments: list[Any], rt: Runtime, position: int) -> Any:
    values = arguments
    if function.types:
        values = []
        for argument, type_, name in zip(arguments, function.types, function.parameters, strict=True):
            value, fits = coerce(argument, type_, rt)
            if not fits:
                message = (
                    f"expected the declared type for '{name}' of '{function.name}', found {kind(argument)}"
                )
                return rt.warn("arguments", message, position)
            values.append(value)
    result = function.call(rt, values)
    if function.result is None:
        return result
    value, fits = coerce(result, function.result, rt)
    if not fits:
        rt.warn(
            "result-type",
            f"expected the declared result of '{function.name}', found {kind(result)}",
            position,
        )
    return value
