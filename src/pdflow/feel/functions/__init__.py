"""The built-in functions of FEEL (DMN 1.5 section 10.3.4), as one table by name."""

from __future__ import annotations

from pdflow.feel.functions import (
    contexts,
    conversion,
    dates,
    intervals,
    lists,
    numbers,
    patterns,
    statistics,
    strings,
)
from pdflow.feel.functions.signature import SIGNATURES, make_builtin
from pdflow.feel.values import Function

MODULES = (contexts, conversion, dates, intervals, lists, numbers, patterns, statistics, strings)
BUILTINS: dict[str, Function] = {name: make_builtin(name) for name in SIGNATURES}
