"""Decision tables (DMN 1.5 chapter 8): rules are tested in order, outputs evaluated only where a rule matches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pdflow.dmn.document import Element, attribute_name, child, children, text_of
from pdflow.dmn.hit_policies import AGGREGATORS, POLICIES, Policy, nothing_matched
from pdflow.dmn.item_definitions import TypeTable
from pdflow.dmn.site import Site, typed
from pdflow.feel.ranges import passes
from pdflow.feel.runtime import Runtime
from pdflow.feel.scopes import Closure, Env


@dataclass(frozen=True, slots=True)
class _Output:
    name: str
    ranking: list[Closure]
    default: Closure | None


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule: the tests that are not ``-`` with their columns, and what trying them costs."""

    tests: list[tuple[int, Closure]]
    cost: int
    outputs: list[Closure]

    def matches(self, scopes: list[Env], rt: Runtime) -> bool:
        """Whether all inputs pass."""
        rt.charge(self.cost)
        for column, test in self.tests:  # noqa: SIM110 - a generator takes twice as long
            if test(scopes[column], rt) is not True:
                return False
        return True


def compile_table(element: Element, site: Site, types: TypeTable) -> Closure:
    """The closure of a decision table; findings name the rule and the column."""
    policy_name, aggregation = element.get("hitPolicy", "UNIQUE"), element.get("aggregation", "")
    policy = (
        AGGREGATORS.get(aggregation)
        if aggregation and policy_name == "COLLECT"
        else POLICIES.get(policy_name)
    )
    if policy is None:
        message = f"expected a hit policy of DMN, found '{policy_name} {aggregation}'"
        return site.report("hit-policy", "", element, message)
    inputs = [
        _input(part, site, types, f"input {number}")
        for number, part in enumerate(children(element, "input"), 1)
    ]
    outputs = [
        _output(part, site, types, f"output {number}")
        for number, part in enumerate(children(element, "output"), 1)
    ]
    output_elements = children(element, "output")
    rules = [
        _rule(part, site, types, output_elements, len(inputs), number)
        for number, part in enumerate(children(element, "rule"), 1)
    ]
    return _table(inputs, outputs, rules, policy, policy_name, aggregation)


def _input(element: Element, site: Site, types: TypeTable, cell: str) -> Closure:
    expression = child(element, "inputExpression")
    closure = site.expression(text_of(expression), cell, element if expression is None else expression)
    if expression is not None:
        closure = typed(closure, types.reference(expression.get("typeRef")), cell)
    values = child(element, "inputValues")
    return closure if values is None else _allowed(closure, values, site, f"{cell} values")


def _allowed(closure: Closure, values: Element, site: Site, cell: str) -> Closure:
    tests = site.within(["?"]).tests(text_of(values), cell, values)

    def run(env: Env, rt: Runtime) -> Any:
        value = closure(env, rt)
        if value is not None and tests(({"?": value}, env), rt) is not True:
            return rt.warn("allowed-values", f"expected one of the allowed values for {cell}, found another")
        return value

    return run


def _output(element: Element, site: Site, types: TypeTable, cell: str) -> _Output:
    values, default = child(element, "outputValues"), child(element, "defaultOutputEntry")
    ranking = [] if values is None else [site.expression(f"[{text_of(values)}]", f"{cell} values", values)]
    closure = None
    if default is not None:
        closure = site.expression(text_of(default), f"{cell} default", default)
        closure = typed(closure, types.reference(element.get("typeRef")), cell)
    return _Output(attribute_name(element), ranking, closure)


def _rule(
    element: Element, site: Site, types: TypeTable, outputs: list[Element], inputs: int, number: int
) -> _Rule:
    entries, results = children(element, "inputEntry"), children(element, "outputEntry")
    if len(entries) != inputs or len(results) != len(outputs):
        message = f"expected {inputs} input and {len(outputs)} output entries, found {len(entries)} and {len(results)}"
        site.report("table-shape", f"rule {number}", element, message)
    tested = site.within(["?"])
    tests: list[tuple[int, Closure]] = []
    cost = 1
    for column, entry in enumerate(entries[:inputs]):
        test, weight = tested.tests_with_cost(text_of(entry), f"rule {number}, input {column + 1}", entry)
        cost += weight
        if test is not None:
            tests.append((column, test))
    closures: list[Closure] = []
    for column, (entry, output) in enumerate(zip(results, outputs, strict=False), 1):
        cell = f"rule {number}, output {column}"
        closure = typed(
            site.expression(text_of(entry), cell, entry), types.reference(output.get("typeRef")), cell
        )
        values = child(output, "outputValues")
        closures.append(closure if values is None else _allowed(closure, values, site, f"{cell} values"))
    return _Rule(tests, cost, closures)


def _table(
    inputs: list[Closure],
    outputs: list[_Output],
    rules: list[_Rule],
    policy: Policy,
    policy_name: str,
    aggregation: str,
) -> Closure:
    def shape(values: list[Any]) -> Any:
        if len(outputs) == 1:
            return values[0] if values else None
        return {output.name: value for output, value in zip(outputs, values, strict=False)}

    def no_match(env: Env, rt: Runtime) -> Any:
        if all(output.default is None for output in outputs):
            return nothing_matched(policy_name, aggregation)
        result = shape([None if output.default is None else output.default(env, rt) for output in outputs])
        return [result] if isinstance(nothing_matched(policy_name, aggregation), list) else result

    def run(env: Env, rt: Runtime) -> Any:
        scopes = [({"?": value(env, rt)}, env) for value in inputs]
        matched: list[list[Any]] = []
        for rule in rules:
            if rule.matches(scopes, rt):
                matched.append([output(env, rt) for output in rule.outputs])
                if policy_name == "FIRST":
                    break
        if not matched:
            return no_match(env, rt)
        results = [shape(values) for values in matched]
        ranks = _ranks(outputs, matched, env, rt) if policy_name in ("PRIORITY", "OUTPUT ORDER") else []
        return policy(results, ranks, rt)

    return run


def _ranks(outputs: list[_Output], matched: list[list[Any]], env: Env, rt: Runtime) -> list[tuple[int, ...]]:
    orders = [output.ranking[0](env, rt) or [] if output.ranking else [] for output in outputs]
    return [
        tuple(_rank(value, order, rt) for value, order in zip(values, orders, strict=False))
        for values in matched
    ]


def _rank(value: Any, order: list[Any], rt: Runtime) -> int:
    for index, candidate in enumerate(order):
        if passes(value, candidate, rt) is True:
            return index
    return len(order)
