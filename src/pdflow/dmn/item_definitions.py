"""Item definitions to FEEL types (DMN 1.5 section 7.3.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pdflow.dmn.document import Element, attribute_name, child, children, text_of
from pdflow.dmn.site import Site
from pdflow.feel.runtime import Runtime
from pdflow.feel.scopes import Closure
from pdflow.feel.types import ANY, SIMPLE, Constrained, ContextOf, FunctionOf, ListOf, Type

MAX_NESTING = 50


class TypeTable(dict[str, Type]):
    """Named types of a model; imported ones under ``import name.type name``."""

    def knows(self, name: str) -> bool:
        """Whether a ``typeRef`` names a type."""
        text = " ".join(name.split())
        return (
            text == "Any"
            or text in self
            or text in SIMPLE
            or (":" in text and self.knows(text.rpartition(":")[2]))
        )

    def reference(self, name: str | None) -> Type | None:
        """The type of a ``typeRef``; None for no type or one that is not known."""
        if not name:
            return None
        text = " ".join(name.split())
        known = self.get(text) or SIMPLE.get(text)
        if known is None and ":" in text:
            # DMN 1.1 wrote qualified names such as feel:string.
            return self.reference(text.rpartition(":")[2])
        return None if known is None or known == ANY else known


def read_types(root: Element, imported: Mapping[str, Type], site: Callable[[str], Site]) -> TypeTable:
    """All item definitions of a document.

    Args:
        root: the definitions.
        imported: types of imported models under their qualified names.
        site: makes the site of an item definition, for its allowed values.
    """
    table = TypeTable(imported)
    definitions = {attribute_name(element): element for element in children(root, "itemDefinition")}
    pending: set[str] = set()

    def resolve(name: str | None, user: Element) -> Type:
        text = " ".join((name or "Any").split())
        if text in definitions and text not in table:
            if len(pending) >= MAX_NESTING:
                message = f"expected types nested at most {MAX_NESTING} deep, found a deeper one"
                site(text).report("nesting", "", user, message)
                return ANY
            if text in pending:
                site(text).report(
                    "cycle", "", user, f"expected a type that is not made of itself, found '{text}'"
                )
                return ANY
            pending.add(text)
            table[text] = build(definitions[text], text)
            pending.discard(text)
        found = table.reference(text)
        if found is None and text != "Any":
            site(attribute_name(user)).report(
                "unknown-type", "", user, f"expected a known type, found '{text}'"
            )
        return found or ANY

    def build(element: Element, owner: str) -> Type:
        components = children(element, "itemComponent")
        function = child(element, "functionItem")
        if components:
            type_: Type = ContextOf({attribute_name(part): build(part, owner) for part in components})
        elif function is not None:
            parameters = tuple(
                resolve(part.get("typeRef"), element) for part in children(function, "parameters")
            )
            type_ = FunctionOf(parameters, resolve(function.get("outputTypeRef"), element))
        else:
            type_ = resolve(element.get("typeRef") or text_of(element, "typeRef"), element)
        type_ = _constrained(type_, child(element, "allowedValues"), "allowed values", owner)
        if element.get("isCollection") == "true":
            type_ = ListOf(type_)
        return _constrained(type_, child(element, "typeConstraint"), "type constraint", owner)

    def _constrained(type_: Type, values: Element | None, cell: str, owner: str) -> Type:
        if values is None:
            return type_
        return Constrained(type_, _allows(site(owner).within(["?"]).tests(text_of(values), cell, values)))

    for name, element in definitions.items():
        resolve(name, element)
    return table


def _allows(tests: Closure) -> Callable[[Any, Runtime], bool]:
    return lambda value, rt: tests(({"?": value}, ({}, None)), rt) is True
