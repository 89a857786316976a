"""What is wrong with a model, and where: the shape that loading, lint and deployment share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "advice"]


@dataclass(frozen=True, order=True)
class Finding:
    """One thing found in a model.

    Attributes:
        file: name of the model as the caller gave it.
        line: line of the element in the file, 1-based; 0 when it has none.
        element: id of the element; empty when the file as a whole is meant.
        rule: stable name of the rule, in kebab case.
        severity: ``error`` stops deployment, ``advice`` does not.
        message: what is the case, one sentence.
        expected: what was expected instead, one sentence; may be empty.
    """

    file: str
    line: int
    element: str
    rule: str
    severity: Severity
    message: str
    expected: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line} {self.element or '-'} {self.rule}"
        return f"{place} {self.message} {self.expected}".rstrip()


class ModelRefused(Exception):
    """A model that cannot be read, or that would silently do something else than it says.

    Attributes:
        code: stable code of this refusal.
        findings: every reason, at least one, each with its element.
    """

    code = "model-refused"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))
