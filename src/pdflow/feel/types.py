"""FEEL types: conformance, `instance of`, and the implicit conversions (DMN 1.5 sections 10.3.2.9 and 10.3.2.9.4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pdflow.feel.compare import kind
from pdflow.feel.values import Date, DateTime, Function, Range, Time


class Type:
    """A FEEL type."""

    def accepts(self, value: Any, rt: Any) -> bool:
        """Whether a value that is not null conforms."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class AnyType(Type):
    """Everything but null."""

    def accepts(self, value: Any, rt: Any) -> bool:
        """Always."""
        return True


@dataclass(frozen=True, slots=True)
class Simple(Type):
    """A built-in type without parameters, by its FEEL name."""

    name: str

    def accepts(self, value: Any, rt: Any) -> bool:
        """By kind."""
        return kind(value) == self.name


@dataclass(frozen=True, slots=True)
class ListOf(Type):
    """``list<element>``; elements may be null."""

    element: Type

    def accepts(self, value: Any, rt: Any) -> bool:
        """All elements conform."""
        if not isinstance(value, list):
            return False
        rt.charge(len(value))
        return all(item is None or self.element.accepts(item, rt) for item in value)


@dataclass(frozen=True, slots=True)
class ContextOf(Type):
    """``context<name: type, ...>``; more entries are allowed, fewer are not."""

    entries: dict[str, Type] = field(hash=False)

    def accepts(self, value: Any, rt: Any) -> bool:
        """All named entries are there and conform."""
        if not isinstance(value, dict):
            return False
        rt.charge(len(self.entries) + 1)
        for name, type_ in self.entries.items():
            if name not in value:
                return False
            if value[name] is not None and not type_.accepts(value[name], rt):
                return False
        return True


@dataclass(frozen=True, slots=True)
class FunctionOf(Type):
    """``function<parameter, ...> -> result``."""

    parameters: tuple[Type, ...]
    result: Type

    def accepts(self, value: Any, rt: Any) -> bool:
        """Same number of parameters; contravariant parameters, covariant result."""
        if not isinstance(value, Function) or len(value.parameters) != len(self.parameters):
            return False
        declared = list(value.types) or [None] * len(self.parameters)
        for wanted, own in zip(self.parameters, declared, strict=True):
            if own is not None and not conforms_to(wanted, own):
                return False
        return value.result is None or conforms_to(value.result, self.result)


@dataclass(frozen=True, slots=True)
class RangeOf(Type):
    """``range<element>``."""

    element: Type

    def accepts(self, value: Any, rt: Any) -> bool:
        """The ends that are given conform."""
        if not isinstance(value, Range):
            return False
        ends = [end for end in (value.start, value.end) if end is not None]
        return bool(ends) and all(self.element.accepts(end, rt) for end in ends)


@dataclass(frozen=True, slots=True)
class Constrained(Type):
    """A named type with allowed values, such as an item definition's."""

    base: Type
    allows: Callable[[Any, Any], bool]

    def accepts(self, value: Any, rt: Any) -> bool:
        """Conforms to the base type and is allowed."""
        return self.base.accepts(value, rt) and self.allows(value, rt)


ANY = AnyType()
_SIMPLE_NAMES = (
    "number",
    "string",
    "boolean",
    "date",
    "time",
    "date and time",
    "days and time duration",
    "years and months duration",
)
SIMPLE: dict[str, Type] = {name: Simple(name) for name in _SIMPLE_NAMES}
SIMPLE.update(
    {
        "Any": ANY,
        "Null": Simple("null"),
        "list": ListOf(ANY),
        "context": ContextOf({}),
        "dateTime": SIMPLE["date and time"],
        "dayTimeDuration": SIMPLE["days and time duration"],
        "yearMonthDuration": SIMPLE["years and months duration"],
        "day and time duration": SIMPLE["days and time duration"],
        "year and month duration": SIMPLE["years and months duration"],
    }
)


def conforms_to(type_: Type, wanted: Type) -> bool:
    """Whether every value of the one type is one of the other."""
    if wanted == ANY or type_ == wanted:
        return True
    if isinstance(type_, Constrained):
        return conforms_to(type_.base, wanted)
    if isinstance(type_, ListOf) and isinstance(wanted, ListOf):
        return conforms_to(type_.element, wanted.element)
    if isinstance(type_, RangeOf) and isinstance(wanted, RangeOf):
        return conforms_to(type_.element, wanted.element)
    if isinstance(type_, ContextOf) and isinstance(wanted, ContextOf):
        return all(
            name in type_.entries and conforms_to(type_.entries[name], entry)
            for name, entry in wanted.entries.items()
        )
    if isinstance(type_, FunctionOf) and isinstance(wanted, FunctionOf):
        return (
            len(type_.parameters) == len(wanted.parameters)
            and all(conforms_to(w, own) for w, own in zip(wanted.parameters, type_.parameters, strict=True))
            and conforms_to(type_.result, wanted.result)
        )
    return False


def without_constraints(type_: Type) -> Type:
    """The type without allowed values, which ``instance of`` does not look at."""
    if isinstance(type_, Constrained):
        return without_constraints(type_.base)
    if isinstance(type_, ListOf):
        return ListOf(without_constraints(type_.element))
    if isinstance(type_, ContextOf):
        return ContextOf({name: without_constraints(entry) for name, entry in type_.entries.items()})
    return type_


def instance_of(value: Any, type_: Type, rt: Any) -> bool:
    """FEEL's ``instance of``; null is an instance of nothing but ``Null``."""
    if value is None:
        return type_ == SIMPLE["Null"]
    return type_.accepts(value, rt)


def coerce(value: Any, type_: Type | None, rt: Any) -> tuple[Any, bool]:
    """A value made to conform by an implicit conversion, and whether that was possible.

    Conversions: a list of one to its element, a value to a list of one, a date to the midnight UTC it begins at.
    """
    if type_ is None or value is None or type_.accepts(value, rt):
        return value, True
    if isinstance(value, list) and len(value) == 1 and value[0] is not None and type_.accepts(value[0], rt):
        return value[0], True
    if not isinstance(value, list) and type_.accepts([value], rt):
        return [value], True
    if isinstance(value, Date):
        midnight = DateTime(value, Time(0, 0, 0, 0, 0))
        if type_.accepts(midnight, rt):
            return midnight, True
    return None, False
