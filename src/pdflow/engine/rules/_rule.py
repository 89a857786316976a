"""The shape of a deployment rule: a name, a severity, a check that reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lxml import etree

from pdflow.engine.findings import Severity
from pdflow.engine.rules._document import Document

Element = etree._Element


@dataclass(frozen=True)
class LintContext:
    """What a deployment already knows; ``None`` means not known, so not checked.

    Attributes:
        forms: ids of the forms that exist.
        decisions: ids of the decisions that exist.
        processes: ids of the processes that can be called.
        policies: names of the SLA policies that exist.
        task_types: task types that a worker serves.
        roles: roles that a candidate group may end with.
    """

    forms: frozenset[str] | None = None
    decisions: frozenset[str] | None = None
    processes: frozenset[str] | None = None
    policies: frozenset[str] | None = None
    task_types: frozenset[str] | None = None
    roles: frozenset[str] | None = None


@dataclass(frozen=True)
class Report:
    """One hit of a rule.

    Attributes:
        element: where; its id and line are shown.
        message: what is the case, one sentence.
        expected: what would be right, one sentence.
        severity: when this hit weighs otherwise than its rule.
    """

    element: Element
    message: str
    expected: str
    severity: Severity | None = None


@dataclass(frozen=True)
class Rule:
    """A deployment rule.

    Attributes:
        name: stable, kebab case; the name of its file and of its page ``docs/rules/<name>.md``.
        severity: ``error``: the standard forbids it or the engine cannot run it, so deployment is refused;
            ``advice``: a habit of the house, shown.
        check: yields a report for each hit.
        stops: the engine cannot run a model that breaks this rule, not even for a trial (``run --force``).
    """

    name: str
    severity: Severity
    check: Callable[[Document, LintContext], Iterable[Report]]
    stops: bool = True
