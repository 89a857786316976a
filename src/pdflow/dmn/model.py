"""A loaded decision model: what callers see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from pdflow.dmn.errors import DmnError, ModelError
from pdflow.dmn.graph import Decision, DrgElement, Evaluation, Service
from pdflow.feel.errors import FeelWarning
from pdflow.feel.runtime import DEFAULT_STEPS, Runtime


class Model:
    """Decisions and decision services of one document, compiled.

    Attributes:
        name: the document's name.
        namespace: its namespace.
        errors: findings; what they concern evaluates to null, the rest works.
    """

    def __init__(self, name: str, namespace: str, errors: list[ModelError], elements: Iterable[DrgElement]):
        self.name = name
        self.namespace = namespace
        self.errors = errors
        self._by_name: dict[str, Decision | Service] = {}
        self._by_id: dict[str, Decision | Service] = {}
        for element in elements:
            if isinstance(element, (Decision, Service)):
                self._by_name.setdefault(element.name, element)
                if element.id:
                    self._by_id.setdefault(element.id, element)

    @property
    def decisions(self) -> list[str]:
        """Names of the decisions, in document order."""
        return [name for name, element in self._by_name.items() if isinstance(element, Decision)]

    @property
    def services(self) -> list[str]:
        """Names of the decision services, in document order."""
        return [name for name, element in self._by_name.items() if isinstance(element, Service)]

    def evaluate(
        self,
        decision_name: str,
        inputs: Mapping[str, Any],
        *,
        clock: Callable[[], datetime] | None = None,
        steps: int | None = None,
    ) -> Any:
        """The value of a decision or decision service, named by name or id.

        Args:
            decision_name: name or id.
            inputs: values of input data by name (an imported one also as ``{namespace}name``), and for a
                service those of its input decisions. JSON-like Python or FEEL values.
            clock: gives an aware instant for ``now()`` and ``today()``.
            steps: the budget in weighted steps; 1,000,000 when not given.

        Returns:
            A FEEL value; `pdflow.feel.to_python` makes it a Python one.

        Raises:
            DmnError: when there is no such decision.
            BudgetExceeded: when the budget, the depth or a size is exceeded.
        """
        return self.evaluate_with_warnings(decision_name, inputs, clock=clock, steps=steps)[0]

    def evaluate_with_warnings(
        self,
        decision_name: str,
        inputs: Mapping[str, Any],
        *,
        clock: Callable[[], datetime] | None = None,
        steps: int | None = None,
    ) -> tuple[Any, list[FeelWarning]]:
        """Like `evaluate`, with the reasons why parts became null."""
        element = self._by_name.get(decision_name) or self._by_id.get(decision_name)
        if element is None:
            known = ", ".join(sorted(self._by_name)) or "none"
            raise DmnError(f"expected a decision of '{self.name}' ({known}), found '{decision_name}'")
        rt = Runtime(DEFAULT_STEPS if steps is None else steps, 0, clock)
        evaluation = Evaluation(inputs, rt)
        if isinstance(element, Decision):
            return evaluation.value(element), rt.warnings
        for part in element.inputs:
            evaluation.take(part)
        return evaluation.outputs(element), rt.warnings
