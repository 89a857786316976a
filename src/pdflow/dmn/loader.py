"""From XML to a compiled model, with the models it imports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pdflow.dmn.boxed import FRAMES_A_LEVEL, boxed_child, compile_boxed, compile_function
from pdflow.dmn.document import (
    Element,
    attribute_name,
    child,
    children,
    height_of,
    line_of,
    local_name,
    read_document,
)
from pdflow.dmn.errors import ModelError
from pdflow.dmn.graph import Decision, DrgElement, InputData, Knowledge, Requirement, Service
from pdflow.dmn.item_definitions import TypeTable, read_types
from pdflow.dmn.model import Model
from pdflow.dmn.site import Site
from pdflow.feel.members import MULTI_WORD
from pdflow.feel.names import NameTree
from pdflow.feel.types import Type

_ELEMENTS: dict[str, type[DrgElement]] = {
    "inputData": InputData,
    "decision": Decision,
    "businessKnowledgeModel": Knowledge,
    "decisionService": Service,
}
_MEMBER_TAGS = ("itemComponent", "contextEntry", "column", "output", *_ELEMENTS)


class _Document:
    """One document being compiled."""

    def __init__(self, root: Element, loader: _Loader):
        self.root = root
        self.namespace = root.get("namespace", "")
        self.name = attribute_name(root)
        self.errors: list[ModelError] = []
        self.imports: dict[str, _Document] = {}
        self.names: dict[str, str] = {}
        self.members = NameTree(MULTI_WORD)
        self.externals = loader.externals
        self.types = TypeTable()
        for element in children(root, "import"):
            self._import(element, loader)
        self._collect_members(root)
        imported: dict[str, Type] = {}
        for name, document in self.imports.items():
            prefix = f"{name}." if name else ""
            imported.update({prefix + key: value for key, value in document.types.items()})
        self.types = read_types(root, imported, lambda owner: self.site(owner, []))
        self.elements: dict[Element, DrgElement] = {}
        self._by_id: dict[str, DrgElement] = {}
        self._declare()

    def _import(self, element: Element, loader: _Loader) -> None:
        namespace, name = element.get("namespace", ""), attribute_name(element)
        if not element.get("importType", "").rstrip("/").endswith(("MODEL", "dmn", "dmn.xsd")):
            return
        document = loader.document(namespace)
        if document is None:
            message = f"expected the imported model '{namespace}' to be given, and no cycle of imports"
            self.errors.append(ModelError("import", name, "", line_of(element), message))
            return
        self.imports[name] = document
        self.names[namespace] = name
        for other in document.elements.values():
            self.members.add(other.variable)

    def _collect_members(self, root: Element) -> None:
        for tag in _MEMBER_TAGS:
            for element in root.iter(f"{{*}}{tag}"):
                named = child(element, "variable") if tag == "contextEntry" else element
                if named is not None and named.get("name"):
                    self.members.add(attribute_name(named))

    def site(self, owner: str, names: list[str]) -> Site:
        """The site of an element whose requirements have some names."""
        return Site.outermost(owner, names, self.members, self.types, self.externals, self.errors)

    def _declare(self) -> None:
        for element in self.root:
            cls = _ELEMENTS.get(local_name(element))
            if cls is None:
                continue
            variable = child(element, "variable")
            named = element if variable is None or not variable.get("name") else variable
            type_ = None if variable is None else self.types.reference(variable.get("typeRef"))
            inner = attribute_name(named)
            name = attribute_name(element) or inner
            drg = cls(name, inner, element.get("id", ""), self.namespace, type_)
            self.elements[element] = drg
            if drg.id:
                self._by_id[drg.id] = drg

    def find(self, href: str) -> tuple[DrgElement, str] | None:
        """The element of an ``href`` and the import it comes through."""
        namespace, _, identifier = href.rpartition("#")
        if not namespace or namespace == self.namespace:
            found = self._by_id.get(identifier)
            return (found, "") if found else None
        name = self.names.get(namespace)
        if name is None:
            return None
        found = self.imports[name]._by_id.get(identifier)
        return (found, name) if found else None

    def compile(self) -> None:
        """Compile all elements; requirements first."""
        for element, drg in self.elements.items():
            self._check_types(element, drg)
            self._require(element, drg)
        self._refuse_cycles()
        for element, drg in self.elements.items():
            names = [part.through or part.element.variable for part in drg.requirements]
            if isinstance(drg, Decision):
                self._compile_decision(element, drg, names)
            elif isinstance(drg, Knowledge):
                self._compile_knowledge(element, drg, names)

    def _check_types(self, element: Element, drg: DrgElement) -> None:
        for part in element.iter():
            name = part.get("typeRef")
            if name and not self.types.knows(name):
                message = f"expected a known type, found '{name}'"
                self.errors.append(ModelError("unknown-type", drg.name, "", line_of(part), message))

    def _require(self, element: Element, drg: DrgElement) -> None:
        if isinstance(drg, Service):
            drg.outputs = [
                part
                for part in self._references(element, "outputDecision", drg)
                if isinstance(part, Decision)
            ]
            drg.inputs = self._references(element, "inputData", drg) + self._references(
                element, "inputDecision", drg
            )
            return
        for tag in ("informationRequirement", "knowledgeRequirement"):
            for part in children(element, tag):
                for reference in part:
                    found = self._resolve(reference, drg)
                    if found:
                        drg.requirements.append(Requirement(*found))

    def _references(self, element: Element, tag: str, drg: DrgElement) -> list[DrgElement]:
        found = [self._resolve(reference, drg) for reference in children(element, tag)]
        return [part[0] for part in found if part]

    def _resolve(self, reference: Element, drg: DrgElement) -> tuple[DrgElement, str] | None:
        href = reference.get("href")
        if href is None:
            return None
        found = self.find(href)
        if found is None:
            message = f"expected the id of an element, found '{href}'"
            self.errors.append(ModelError("reference", drg.name, "", line_of(reference), message))
        return found

    def _refuse_cycles(self) -> None:
        done: set[DrgElement] = set()
        for start in self.elements.values():
            path: list[tuple[DrgElement, int]] = [(start, 0)]
            active = {start}
            while path:
                drg, index = path.pop()
                decisions = [part for part in drg.requirements if isinstance(part.element, Decision)]
                if drg in done or index >= len(decisions):
                    done.add(drg)
                    active.discard(drg)
                    continue
                path.append((drg, index + 1))
                following = decisions[index].element
                if following in active:
                    message = f"expected decisions that do not require themselves, found a cycle with '{following.name}'"
                    self.errors.append(ModelError("cycle", drg.name, "", 0, message))
                    drg.requirements = [part for part in drg.requirements if part.element is not following]
                elif following not in done:
                    active.add(following)
                    path.append((following, 0))

    def _compile_decision(self, element: Element, drg: Decision, names: list[str]) -> None:
        if boxed_child(element) is None:
            message = "expected a decision with an expression, found none"
            self.errors.append(ModelError("missing", drg.name, "", line_of(element), message))
            return
        drg.frames = FRAMES_A_LEVEL * height_of(element)
        drg.closure = compile_boxed(element, self.site(drg.name, names), self.types)

    def _compile_knowledge(self, element: Element, drg: Knowledge, names: list[str]) -> None:
        logic = child(element, "encapsulatedLogic")
        if logic is None:
            message = "expected a business knowledge model with its logic, found none"
            self.errors.append(ModelError("missing", drg.name, "", line_of(element), message))
            return
        site = self.site(drg.name, [*names, drg.variable])
        drg.closure = compile_function(logic, site, self.types, "", drg.name, drg.type)


class _Loader:
    def __init__(self, roots: list[Element], externals: Mapping[str, Callable[..., Any]]):
        self.externals = {key.replace(" ", ""): function for key, function in externals.items()}
        self._roots = {root.get("namespace", ""): root for root in reversed(roots)}
        self._documents: dict[str, _Document | None] = {}

    def document(self, namespace: str) -> _Document | None:
        """The document of a namespace; None for one that is not given or is being loaded already."""
        if namespace in self._documents or namespace not in self._roots:
            return self._documents.get(namespace)
        self._documents[namespace] = None
        document = _Document(self._roots[namespace], self)
        self._documents[namespace] = document
        document.compile()
        return document

    def model(self, namespace: str) -> Model:
        """The model of a namespace that was given, with the findings of what it imports."""
        document = self.document(namespace)
        loaded = [other for other in self._documents.values() if other is not None]
        errors = [
            error
            for other in sorted(loaded, key=lambda other: other is not document)
            for error in other.errors
        ]
        elements = [] if document is None else list(document.elements.values())
        name = "" if document is None else document.name
        return Model(name, namespace, errors, elements)


def load(
    xml_bytes: bytes, *imports: bytes, externals: Mapping[str, Callable[..., Any]] | None = None
) -> Model:
    """Read and compile a decision model.

    Args:
        xml_bytes: a DMN document, version 1.1 to 1.5, at most 5 MB.
        imports: the documents it imports, directly or not, in any order.
        externals: Python callables for external functions by ``class.method(signature)``, such as
            ``java.lang.Math.cos(double)``. They receive and return Python values.

    Returns:
        The model. Trouble in a cell is in ``errors`` and makes that cell null.

    Raises:
        DmnError: when a document is refused.
    """
    roots = [read_document(document) for document in (xml_bytes, *imports)]
    loader = _Loader(roots, externals or {})
    return loader.model(roots[0].get("namespace", ""))
