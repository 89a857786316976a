"""Boxed expressions to closures (DMN 1.5 section 10.2.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pdflow.dmn.document import Element, attribute_name, child, children, height_of, local_name, text_of
from pdflow.dmn.item_definitions import TypeTable
from pdflow.dmn.site import Site, typed
from pdflow.dmn.table import compile_table
from pdflow.feel.calling import invoke_named
from pdflow.feel.compare import kind
from pdflow.feel.invocation import external_function
from pdflow.feel.iteration import filtered
from pdflow.feel.ranges import elements
from pdflow.feel.runtime import Runtime
from pdflow.feel.scopes import Closure, Env
from pdflow.feel.types import Type
from pdflow.feel.values import Function

_FEEL_LANGUAGES = ("feel", "")
# Python frames that invoking a boxed function uses, and that each level of boxed expressions uses.
_FUNCTION_FRAMES = 12
FRAMES_A_LEVEL = 3


def boxed_child(parent: Element) -> Element | None:
    """The boxed expression inside an element."""
    for element in parent:
        if local_name(element) in _KINDS:
            return element
    return None


def compile_boxed(parent: Element | None, site: Site, types: TypeTable, cell: str = "") -> Closure:
    """The closure of the boxed expression inside an element, made to conform to its ``typeRef``."""
    element = None if parent is None else boxed_child(parent)
    if element is None:
        assert parent is not None
        return site.report("missing", cell, parent, "expected a boxed expression, found none")
    closure = _KINDS[local_name(element)](element, site, types, cell)
    return typed(closure, types.reference(element.get("typeRef")), cell or site.element)


def _literal(element: Element, site: Site, types: TypeTable, cell: str) -> Closure:
    language = element.get("expressionLanguage", "").rstrip("/").rpartition("/")[2].lower()
    if language not in _FEEL_LANGUAGES:
        return site.report(
            "language", cell, element, f"expected FEEL, found the expression language '{language}'"
        )
    return site.expression(text_of(element), cell, element)


def _context(element: Element, site: Site, types: TypeTable, cell: str) -> Closure:
    inner = site.within()
    entries: list[tuple[str | None, Closure]] = []
    for index, entry in enumerate(children(element, "contextEntry"), 1):
        variable = child(entry, "variable")
        name = None if variable is None else attribute_name(variable)
        place = _place(cell, f"context entry {name or index}")
        if name is not None and child(entry, "functionDefinition") is not None:
            inner.declare(name)
        closure = compile_boxed(entry, inner, types, place)
        if variable is not None and name is not None:
            closure = typed(closure, types.reference(variable.get("typeRef")), place)
            inner.declare(name)
            site.members.add(name)
        entries.append((name, closure))

    def run(env: Env, rt: Runtime) -> Any:
        result: dict[str, Any] = {}
        scope = (result, env)
        for name, value in entries:
            if name is None:
                return value(scope, rt)
            result[name] = value(scope, rt)
        return result

    return run


def _place(cell: str, part: str) -> str:
    return f"{cell}, {part}" if cell else part


def _invocation(element: Element, site: Site, types: TypeTable, cell: str) -> Closure:
    function = compile_boxed(element, site, types, _place(cell, "invoked function"))
    bindings: list[tuple[str, Closure]] = []
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        name = "" if parameter is None else attribute_name(parameter)
        value: Closure = lambda env, rt: None  # noqa: E731
        if boxed_child(binding) is not None:
            value = compile_boxed(binding, site, types, _place(cell, f"binding {name}"))
        bindings.append((name, value))

    def run(env: Env, rt: Runtime) -> Any:
        target = function(env, rt)
        if not isinstance(target, Function):
            return rt.warn("invocation", f"expected a function to invoke, found {kind(target)}")
        return invoke_named(target, {name: value(env, rt) for name, value in bindings}, rt)

    return run


def compile_function(
    element: Element,
    site: Site,
    types: TypeTable,
    cell: str,
    name: str = "function",
    result_type: Type | None = None,
) -> Closure:
    """A function definition; its parameters may have types, its body may be external."""
    parameters = tuple(attribute_name(part) for part in children(element, "formalParameter"))
    declared: tuple[Type | None, ...] = tuple(
        types.reference(part.get("typeRef")) for part in children(element, "formalParameter")
    )
    language = element.get("kind", "FEEL")
    if language == "Java":
        mapping = compile_boxed(element, site, types, cell)
        externals = site.externals
        return lambda env, rt: external_function(
            {"java": mapping(env, rt)}, parameters, declared, externals, rt
        )
    if language != "FEEL":
        return site.report("language", cell, element, f"expected a FEEL or Java function, found '{language}'")
    body = compile_boxed(element, site.within(parameters), types, _place(cell, "function body"))

    frames = _FUNCTION_FRAMES + FRAMES_A_LEVEL * height_of(element)

    def make(env: Env, rt: Runtime) -> Function:
        def call(caller: Runtime, arguments: list[Any]) -> Any:
            caller.charge(3)
            caller.enter(frames)
            result = body((dict(zip(parameters, arguments, strict=True)), env), caller)
            caller.leave(frames)
            return result

        return Function(name, parameters, call, declared, result_type)

    return make


def _function(element: Element, site: Site, types: TypeTable, cell: str) -> Closure:
    return compile_function(element, site, types, cell)


def _relation(element: Element, site: Site, types: TypeTable, cell: str) -> Closure:
    columns = [attribute_name(column) for column in children(element, "column")]
    column_types = [types.reference(column.get("typeRef")) for column in children(element, "column")]
    rows: list[list[Closure]] = []
    for number, row in enumerate(children(element, "row"), 1):
        cells: list[Closure] = []
        for name, type_, part in zip(columns, column_types, _boxed_children(row), strict=False):
            place = _place(cell, f"row {number}, column {name}")
            cells.append(typed(_compile_element(part, site, types, place), type_, place))
        rows.append(cells)
    for name in columns:
        site.members.add(name)
    return lambda env, rt: [
        {name: value(env, rt) for name, value in zip(columns, row, strict=False)} for row in rows
    ]


def _boxed_children(parent: Element) -> list[Element]:
    return [element for element in parent if local_name(element) in _KINDS]


def _compile_element(element: Element, site: Site, types: TypeTable, cell: str) -> Closure:
    closure = _KINDS[local_name(element)](element, site, types, cell)
    return typed(closure, types.reference(element.get("typeRef")), cell)


def _list(element: Element, site: Site, types: TypeTable, cell: str) -> Closure:
    items = [
        _compile_element(part, site, types, _place(cell, f"item {number}"))
        for number, part in enumerate(_boxed_children(element), 1)
    ]
    return lambda env, rt: [item(env, rt) for item in items]


def _conditional(element: Element, site: Site, types: TypeTable, cell: str) -> Closure:
    """Unlike the textual ``if``, a condition that is neither true nor false is an error."""
    test, yes, no = (
        compile_boxed(_part(element, name), site, types, _place(cell, name))
        for name in ("if", "then", "else")
    )

    def run(env: Env, rt: Runtime) -> Any:
        condition = test(env, rt)
        if not isinstance(condition, bool):
            return rt.warn("not-boolean", f"expected true or false as the condition, found {kind(condition)}")
        return yes(env, rt) if condition else no(env, rt)

    return run


def _part(element: Element, name: str) -> Element:
    found = child(element, name)
    return element.makeelement(name) if found is None else found


def _for(element: Element, site: Site, types: TypeTable, cell: str) -> Closure:
    name = element.get("iteratorVariable", "")
    source = compile_boxed(_part(element, "in"), site, types, _place(cell, "in"))
    body = compile_boxed(
        _part(element, "return"), site.within([name]).within(["partial"]), types, _place(cell, "return")
    )

    def run(env: Env, rt: Runtime) -> Any:
        items = elements(source(env, rt), rt)
        if items is None:
            return rt.warn("iteration", "expected a list or a range to iterate over")
        results: list[Any] = []
        for item in items:
            rt.charge(1 + len(results))
            results.append(body(({"partial": list(results)}, ({name: item}, env)), rt))
        return results

    return run


def _quantified(some: bool) -> Callable[[Element, Site, TypeTable, str], Closure]:
    def compile_it(element: Element, site: Site, types: TypeTable, cell: str) -> Closure:
        name = element.get("iteratorVariable", "")
        source = compile_boxed(_part(element, "in"), site, types, _place(cell, "in"))
        place = _place(cell, "satisfies")
        condition = compile_boxed(_part(element, "satisfies"), site.within([name]), types, place)

        def run(env: Env, rt: Runtime) -> bool | None:
            items = elements(source(env, rt), rt)
            if items is None:
                return rt.warn("iteration", "expected a list or a range to iterate over")
            unknown = False
            for item in items:
                rt.charge(1)
                value = condition(({name: item}, env), rt)
                if value is some:
                    return some
                unknown = unknown or not isinstance(value, bool)
            return None if unknown else not some

        return run

    return compile_it


def _filter(element: Element, site: Site, types: TypeTable, cell: str) -> Closure:
    source = compile_boxed(_part(element, "in"), site, types, _place(cell, "in"))
    condition = compile_boxed(_part(element, "match"), site.item(), types, _place(cell, "match"))
    return filtered(source, condition, 1, -1)


_KINDS: dict[str, Callable[[Element, Site, TypeTable, str], Closure]] = {
    "literalExpression": _literal,
    "context": _context,
    "decisionTable": lambda element, site, types, cell: compile_table(element, site, types),
    "invocation": _invocation,
    "functionDefinition": _function,
    "relation": _relation,
    "list": _list,
    "conditional": _conditional,
    "for": _for,
    "some": _quantified(True),
    "every": _quantified(False),
    "filter": _filter,
}
