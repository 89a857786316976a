"""The expressions of a model: FEEL, with or without a leading ``=``, and settings that are either text or FEEL."""

from __future__ import annotations

from collections.abc import Iterable

from pdflow.feel import Expression, compile_expression
from pdflow.feel.functions import BUILTINS

Expr = Expression
"""A FEEL expression, compiled when the model is loaded."""

Setting = str | Expression
"""Static text, or FEEL where the text begins with ``=``."""


def expression(text: str, names: Iterable[str] = ()) -> Expr:
    """Compile FEEL; a leading ``=`` is dropped. ``names`` are variables of several words.

    A variable may have the name of a built-in function (``date``, ``count``): where it is not called, the variable is meant.

    Raises:
        FeelSyntaxError: with place and expectation.
    """
    feel = text.strip().removeprefix("=").strip()
    return compile_expression(feel, [name for name in (*BUILTINS, *names) if name in feel])


def setting(text: str, names: Iterable[str] = ()) -> Setting:
    """Static text as it is; FEEL where it begins with ``=``.

    Raises:
        FeelSyntaxError: with place and expectation.
    """
    return expression(text, names) if text.lstrip().startswith("=") else text
