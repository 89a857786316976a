"""Python callables for the Java methods that the compatibility kit's external functions name."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any


def _number(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"[+-]?\d+(\.\d+)?", value):
        raise ValueError("expected the text of a number")
    return float(value)


def _character(value: str) -> str:
    if len(value) != 1:
        raise ValueError("expected one character")
    return value


def _largest(*values: Any) -> Any:
    return max(_number(value) for value in values)


def _format(pattern: str, *values: Any) -> str:
    return pattern % values


EXTERNALS: dict[str, Callable[..., Any]] = {
    "java.lang.Math.cos(double)": lambda value: math.cos(float(value)),
    **{f"java.lang.Math.max({kind},{kind})": _largest for kind in ("double", "float", "int", "long")},
    **{
        f"java.lang.{kind}.valueOf({argument})": _number
        for kind in ("Double", "Float", "Integer", "Long", "Short", "Byte")
        for argument in ("java.lang.String", kind.lower(), "int" if kind == "Integer" else kind.lower())
    },
    "java.lang.String.valueOf(char)": _character,
    "java.lang.String.valueOf(double)": str,
    "java.lang.String.format(java.lang.String,[Ljava.lang.Object;)": _format,
}
