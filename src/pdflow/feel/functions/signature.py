"""The table of built-in functions: names, parameters, types, and how arguments find their signature.

A signature is written ``name: type, optional?: type``. A type followed by ``?`` takes null. The parameter
``list: list...`` takes one list or any number of elements, ``item: any*`` any number of arguments. A list of one gives its element where another type is
asked for, and a value becomes a list of one where a list is (DMN 1.5 section 10.3.2.13.3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import Any

from pdflow.feel.runtime import Runtime
from pdflow.feel.values import Date, DateTime, DaysTimeDuration, Function, Range, Time, YearsMonthsDuration

Implementation = Callable[..., Any]
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (Decimal,),
    "boolean": (bool,),
    "list": (list,),
    "context": (dict,),
    "function": (Function,),
    "range": (Range,),
    "date": (Date,),
    "time": (Time,),
    "date and time": (DateTime,),
    "date or date and time": (Date, DateTime),
    "time or date and time": (Time, DateTime),
    "days and time duration": (DaysTimeDuration,),
    "point": (Decimal, str, Date, Time, DateTime, DaysTimeDuration, YearsMonthsDuration),
}
MISMATCH = object()


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a signature."""

    name: str
    types: tuple[type, ...]
    optional: bool
    nullable: bool
    variadic: bool
    rest: bool

    def fit(self, value: Any) -> Any:
        """The value converted to what the parameter takes, or `MISMATCH`."""
        if value is None:
            return None if self.nullable else MISMATCH
        if not self.types or isinstance(value, self.types):
            return value
        if self.types == (list,):
            return [value]
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], self.types):
            return value[0]
        return MISMATCH


def _parameter(text: str) -> Parameter:
    name, _, type_ = (part.strip() for part in text.partition(":"))
    variadic, rest = type_.endswith("..."), type_.endswith("*")
    type_ = type_.removesuffix("...").removesuffix("*")
    nullable = type_.endswith("?") or type_ == "any"
    type_ = type_.removesuffix("?")
    return Parameter(
        name.removesuffix("?"),
        () if type_ == "any" else _TYPES[type_],
        name.endswith("?"),
        nullable,
        variadic,
        rest,
    )


@dataclass(frozen=True, slots=True)
class Signature:
    """Parameters with their implementation and its base cost in steps."""

    parameters: tuple[Parameter, ...]
    implementation: Implementation
    cost: int

    def arrange(self, arguments: list[Any]) -> list[Any] | None:
        """Positional arguments, one for each parameter, converted; None when they do not fit."""
        parameters = self.parameters
        last = parameters[-1] if parameters else None
        if last is not None and (last.rest or (last.variadic and len(arguments) > len(parameters))):
            fixed = len(parameters) - 1
            if len(arguments) <= fixed:
                return None
            arguments = [*arguments[:fixed], arguments[fixed:]]
        if len(arguments) > len(parameters):
            return None
        result: list[Any] = []
        for index, parameter in enumerate(parameters):
            if index >= len(arguments):
                if not parameter.optional:
                    return None
                result.append(None)
                continue
            value = parameter.fit(arguments[index])
            if value is MISMATCH:
                return None
            result.append(value)
        return result

    def arrange_named(self, arguments: dict[str, Any]) -> list[Any] | None:
        """Named arguments in order; None when a name is unknown or missing."""
        names = [parameter.name for parameter in self.parameters]
        if not set(arguments) <= set(names):
            return None
        result: list[Any] = []
        for parameter in self.parameters:
            if parameter.name not in arguments:
                if not parameter.optional:
                    return None
                result.append(None)
                continue
            value = parameter.fit(arguments[parameter.name])
            if value is MISMATCH:
                return None
            result.append(value)
        return result


SIGNATURES: dict[str, list[Signature]] = {}


def builtin(name: str, parameters: str, cost: int = 1) -> Callable[[Implementation], Implementation]:
    """Register an implementation ``f(rt, *arguments)`` under a name; several signatures are tried in order.

    Args:
        name: the FEEL name.
        parameters: the signature, as the module describes.
        cost: steps charged for each call besides what the implementation charges.
    """

    def register(function: Implementation) -> Implementation:
        parsed = tuple(_parameter(part) for part in parameters.split(",")) if parameters else ()
        SIGNATURES.setdefault(name, []).append(Signature(parsed, function, cost))
        return function

    return register


def _run(name: str, signature: Signature, arguments: list[Any], rt: Runtime) -> Any:
    rt.charge(signature.cost)
    try:
        result = signature.implementation(rt, *arguments)
    except DecimalException:
        result = None
    if result is None:
        rt.warn("function", f"expected arguments '{name}' has a result for, found others")
    return result


def make_builtin(name: str) -> Function:
    """The function value of a registered name."""
    signatures = SIGNATURES[name]

    def call(rt: Runtime, arguments: list[Any]) -> Any:
        for signature in signatures:
            arranged = signature.arrange(arguments)
            if arranged is not None:
                return _run(name, signature, arranged, rt)
        return rt.warn("arguments", f"expected arguments that fit '{name}', found others")

    def named(rt: Runtime, arguments: dict[str, Any]) -> Any:
        for signature in signatures:
            arranged = signature.arrange_named(arguments)
            if arranged is not None:
                return _run(name, signature, arranged, rt)
        return rt.warn(
            "arguments", f"expected named arguments that fit '{name}', found {', '.join(arguments)}"
        )

    first = signatures[0].parameters
    return Function(name, [parameter.name for parameter in first], call, named=named)
