"""Errors of DMN: one root, stable codes, and the element and cell where something is wrong."""

from __future__ import annotations

from dataclasses import dataclass


class DmnError(Exception):
    """The document cannot be read as a decision model, or a decision that does not exist was asked for."""

    code = "dmn"


@dataclass(frozen=True, slots=True)
class ModelError:
    """A finding in one place of a model that could be read; what it concerns evaluates to null.

    Attributes:
        code: stable short name, such as ``syntax``.
        element: name of the decision, business knowledge model, service or item definition.
        cell: where in it, such as ``rule 2, input 1``; empty for the element itself.
        line: line of the XML, 0 when unknown.
        message: what was expected and what was found.
    """

    code: str
    element: str
    cell: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.element}, {self.cell}" if self.cell else self.element
        return f"{place}: {self.message}"
