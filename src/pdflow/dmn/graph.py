"""The decision requirements graph: its elements, and one evaluation over them (DMN 1.5 chapters 6 and 10.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pdflow.feel.boundary import from_python
from pdflow.feel.runtime import Runtime
from pdflow.feel.scopes import Closure
from pdflow.feel.types import Type, coerce
from pdflow.feel.values import Function

# Python frames that invoking a decision service may use besides its decisions.
_SERVICE_FRAMES = 25


@dataclass(eq=False, slots=True)
class Requirement:
    """A required element and the import it comes through (empty for one of the same model)."""

    element: DrgElement
    through: str


@dataclass(eq=False, slots=True)
class DrgElement:
    """An element of the graph. Elements are told apart as objects: ids are optional in DMN.

    Attributes:
        name: what callers name it by.
        variable: what expressions name it by; the same unless the model gives its variable another name.
    """

    name: str
    variable: str
    id: str
    namespace: str
    type: Type | None = None
    requirements: list[Requirement] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class InputData(DrgElement):
    """A value given from outside."""


@dataclass(eq=False, slots=True)
class Decision(DrgElement):
    """A value decided by its expression.

    Attributes:
        closure: the compiled expression; None when there is none.
        frames: Python frames its boxed expressions may use.
    """

    closure: Closure | None = None
    frames: int = 0


@dataclass(eq=False, slots=True)
class Knowledge(DrgElement):
    """A business knowledge model; ``closure`` makes its function."""

    closure: Closure | None = None


@dataclass(eq=False, slots=True)
class Service(DrgElement):
    """A decision service: some decisions given the values of others and of input data."""

    outputs: list[Decision] = field(default_factory=list)
    inputs: list[DrgElement] = field(default_factory=list)


class Evaluation:
    """The values of one evaluation; each element is evaluated at most once."""

    def __init__(self, inputs: Mapping[str, Any], rt: Runtime):
        self._inputs = inputs
        self._rt = rt
        self._values: dict[DrgElement, Any] = {}

    def value(self, element: DrgElement) -> Any:
        """The value of an element; what it requires is evaluated first, without recursion."""
        pending = [element]
        while pending:
            current = pending[-1]
            if current in self._values:
                pending.pop()
                continue
            missing = [part.element for part in current.requirements if part.element not in self._values]
            if missing and isinstance(current, Decision):
                pending.extend(missing)
                continue
            self._values[current] = self._compute(current)
            pending.pop()
        return self._values[element]

    def _compute(self, element: DrgElement) -> Any:
        if isinstance(element, InputData):
            return self._given(element)
        if isinstance(element, Service):
            return self._service_function(element)
        if isinstance(element, Knowledge):
            return self._function(element)
        if not isinstance(element, Decision) or element.closure is None:
            return None
        self._rt.enter(element.frames)
        value = element.closure((self._bound(element), None), self._rt)
        self._rt.leave(element.frames)
        return self.conforming(value, element)

    def conforming(self, value: Any, element: DrgElement) -> Any:
        """A value made to conform to an element's type; null with a warning when it cannot be."""
        result, fits = coerce(value, element.type, self._rt)
        if not fits:
            self._rt.warn("type", f"expected '{element.name}' to have its declared type, found another value")
        return result

    def _given(self, element: InputData) -> Any:
        qualified = f"{{{element.namespace}}}{element.name}"
        known = [key for key in (qualified, element.name, element.variable) if key in self._inputs]
        if not known:
            return self._rt.warn(
                "missing-input", f"expected a value for the input '{element.name}', found none"
            )
        return self.conforming(from_python(self._inputs[known[0]]), element)

    def give(self, element: DrgElement, value: Any) -> None:
        """Set the value of an element, as a decision service does with its inputs."""
        self._values[element] = self.conforming(value, element)

    def take(self, element: DrgElement) -> None:
        """Set an element's value from the inputs; null when there is none."""
        self.give(element, from_python(self._inputs.get(element.name)))

    def _bound(self, element: DrgElement, into: dict[str, Any] | None = None) -> dict[str, Any]:
        variables: dict[str, Any] = {} if into is None else into
        for requirement in element.requirements:
            value = self._values[requirement.element]
            if requirement.through:
                variables.setdefault(requirement.through, {})[requirement.element.variable] = value
            else:
                variables[requirement.element.variable] = value
        return variables

    def _function(self, element: Knowledge) -> Any:
        """The function of an element; functions may require each other, so all are made before any is bound."""
        made: list[tuple[DrgElement, dict[str, Any]]] = []
        pending: list[DrgElement] = [element]
        while pending:
            current = pending.pop()
            if current in self._values:
                continue
            self._values[current] = None
            if isinstance(current, Service):
                self._values[current] = self._service_function(current)
            elif isinstance(current, Knowledge) and current.closure is not None:
                variables: dict[str, Any] = {}
                self._values[current] = current.closure((variables, None), self._rt)
                made.append((current, variables))
                pending.extend(part.element for part in current.requirements)
        for current, variables in made:
            self._bound(current, variables)
            variables.setdefault(current.variable, self._values[current])
        return self._values[element]

    def _service_function(self, service: Service) -> Function:
        def call(rt: Runtime, arguments: list[Any]) -> Any:
            rt.charge(10)
            rt.enter(_SERVICE_FRAMES)
            inner = Evaluation({}, rt)
            for element, argument in zip(service.inputs, arguments, strict=True):
                inner.give(element, argument)
            result = inner.outputs(service)
            rt.leave(_SERVICE_FRAMES)
            return result

        types = [element.type for element in service.inputs]
        return Function(service.name, [element.variable for element in service.inputs], call, types)

    def outputs(self, service: Service) -> Any:
        """The output of a service: the one decision's value, or a context of several."""
        values = {decision.name: self.value(decision) for decision in service.outputs}
        result = next(iter(values.values())) if len(values) == 1 else values
        return self.conforming(result, service)
