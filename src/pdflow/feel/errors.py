"""Errors and warnings of FEEL: one root, stable codes, and always the place in the text."""

from __future__ import annotations

from dataclasses import dataclass


class FeelError(Exception):
    """Root of everything this package raises; ``code`` is stable."""

    code = "feel"


class FeelSyntaxError(FeelError):
    """The text is not a FEEL expression.

    Attributes:
        text: the whole text that was read.
        line: line of the offending token, from 1.
        column: column of the offending token, from 1.
        expected: what could have stood there, as a noun phrase.
        found: what stood there instead.
    """

    code = "feel-syntax"

    def __init__(self, text: str, position: int, expected: str, found: str):
        self.text = text
        self.line = text.count("\n", 0, position) + 1
        self.column = position - (text.rfind("\n", 0, position) + 1) + 1
        self.expected = expected
        self.found = found
        super().__init__(f"expected {expected}, found {found} at line {self.line}, column {self.column}")


class BudgetExceeded(FeelError):
    """An evaluation used more steps, depth or size than it was given."""

    code = "feel-budget"


@dataclass(frozen=True, slots=True)
class FeelWarning:
    """Why a part of an evaluation became null.

    Attributes:
        code: stable short name of the trouble, such as ``unknown-name``.
        message: a sentence for the author of the expression.
        position: offset in the text where it happened, -1 when it has no place.
    """

    code: str
    message: str
    position: int = -1
