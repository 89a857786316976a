"""A BPMN file as the rules see it: one index of ids, flows, scopes and settings over the lxml tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import cast

from lxml import etree

Element = etree._Element

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

TASKS = frozenset(
    {
        "task",
        "userTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "manualTask",
        "businessRuleTask",
        "scriptTask",
    }
)
SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = TASKS | SUBPROCESSES | {"callActivity"}
GATEWAYS = frozenset(
    {"exclusiveGateway", "inclusiveGateway", "parallelGateway", "complexGateway", "eventBasedGateway"}
)
EVENTS = frozenset(
    {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
_STRING = etree.XPath("string()")
FLOW_NODES = ACTIVITIES | GATEWAYS | EVENTS


def local(element: Element) -> str:
    """Local name of a BPMN element; empty for a comment, a processing instruction or another namespace."""
    tag = element.tag
    if not isinstance(tag, str) or not tag.startswith(f"{{{BPMN}}}"):
        return ""
    return tag[len(BPMN) + 2 :]


def children(element: Element, *names: str) -> list[Element]:
    """BPMN children with one of these local names; without names: all of them."""
    return [child for child in element if local(child) in names or (not names and local(child))]


def child(element: Element, name: str) -> Element | None:
    """The first BPMN child of this name."""
    return element.find(f"{{{BPMN}}}{name}")


def text(element: Element | None) -> str:
    """Trimmed text of an element without its comments; empty when there is none."""
    return "" if element is None else str(_STRING(element)).strip()


def true(element: Element, attribute: str, default: bool = False) -> bool:
    """An ``xsd:boolean`` attribute."""
    value = element.get(attribute)
    return default if value is None else value.strip() in {"true", "1"}


def kind(definition: Element) -> str:
    """Kind of an event definition: ``message``, ``timer``, ``compensate``, ..."""
    return local(definition).removesuffix("EventDefinition")


def setting(element: Element, name: str) -> Element | None:
    """The ``zeebe:<name>`` extension element."""
    extensions = child(element, "extensionElements")
    return None if extensions is None else extensions.find(f"{{{ZEEBE}}}{name}")


def properties(element: Element) -> dict[str, str]:
    """``zeebe:property`` entries: name to value."""
    holder = setting(element, "properties")
    found = () if holder is None else holder.iterfind(f"{{{ZEEBE}}}property")
    return {one.get("name", ""): one.get("value", "") for one in found}


def line(element: Element) -> int:
    """Line of an element in the file, 1-based; 0 when it has none."""
    return cast("int | None", element.sourceline) or 0


def label(element: Element) -> str:
    """How a message names an element: its kind and, where it has one, its name."""
    name = " ".join((element.get("name") or "").split())
    return f"{local(element)} '{name}'" if name else local(element)


class Document:
    """Index of one model.

    Attributes:
        name: file name for findings.
        root: the ``definitions`` element.
        duplicates: elements whose id an earlier element has.
    """

    def __init__(self, root: Element, name: str) -> None:
        self.name = name
        self.root = root
        self.duplicates: list[Element] = []
        self._ids: dict[str, Element] = {}
        self._by_name: dict[str, list[Element]] = defaultdict(list)
        for element in root.iter(f"{{{BPMN}}}*"):
            self._by_name[local(element)].append(element)
            identifier = element.get("id")
            if identifier is None:
                continue
            if identifier in self._ids:
                self.duplicates.append(element)
            else:
                self._ids[identifier] = element

    def all(self, *names: str) -> Iterator[Element]:
        """BPMN elements with one of these local names, grouped by name, each in document order."""
        for name in names:
            yield from self._by_name.get(name, ())

    @cached_property
    def processes(self) -> list[Element]:
        """Every process."""
        return [one for one in self.all("process") if one.getparent() is self.root]

    @cached_property
    def executed(self) -> list[Element]:
        """The processes that are meant to run: those not marked ``isExecutable="false"``; else all of them.

        Beside an executable process, a pool drawn for documentation only is not held to what execution needs.
        """
        meant = [one for one in self.processes if true(one, "isExecutable", default=True)]
        return meant or self.processes

    @cached_property
    def nodes(self) -> list[Element]:
        """Flow nodes of all processes, in document order."""
        found = [
            one for name in FLOW_NODES for one in self._by_name.get(name, ()) if self.process(one) is not None
        ]
        return sorted(found, key=self._order.__getitem__)

    @cached_property
    def run_nodes(self) -> list[Element]:
        """Flow nodes of the executed processes, in document order."""
        return [one for one in self.nodes if self.runs(one)]

    @cached_property
    def flows(self) -> list[Element]:
        """Sequence flows of all processes."""
        return [one for one in self.all("sequenceFlow") if self.process(one) is not None]

    @cached_property
    def _order(self) -> dict[Element, int]:
        return {element: index for index, element in enumerate(self.root.iter(f"{{{BPMN}}}*"))}

    @cached_property
    def _incoming(self) -> dict[Element, list[Element]]:
        return self._ends("targetRef")

    @cached_property
    def _outgoing(self) -> dict[Element, list[Element]]:
        return self._ends("sourceRef")

    def _ends(self, attribute: str) -> dict[Element, list[Element]]:
        found: dict[Element, list[Element]] = defaultdict(list)
        for flow in self.flows:
            node = self.node(flow.get(attribute))
            if node is not None:
                found[node].append(flow)
        return found

    def incoming(self, node: Element) -> list[Element]:
        """Sequence flows that lead into a node."""
        return self._incoming.get(node, [])

    def outgoing(self, node: Element) -> list[Element]:
        """Sequence flows that leave a node."""
        return self._outgoing.get(node, [])

    def element(self, identifier: str | None) -> Element | None:
        """The element of this id."""
        return None if identifier is None else self._ids.get(identifier)

    def node(self, identifier: str | None) -> Element | None:
        """The flow node of this id."""
        found = self.element(identifier)
        return found if found is not None and local(found) in FLOW_NODES else None

    def is_foreign(self, holder: Element, reference: str) -> bool:
        """Whether a QName points into another file: its prefix is bound to another target namespace."""
        prefix, colon, _ = reference.strip().partition(":")
        if not colon:
            return False
        namespace = holder.nsmap.get(prefix)
        return namespace not in {None, BPMN, self.root.get("targetNamespace")}

    def referred(self, holder: Element, attribute: str) -> Element | None:
        """The element that a QName attribute points to, here in this file."""
        reference = (holder.get(attribute) or "").strip()
        return (
            self.element(reference) if reference in self._ids else self.element(reference.rpartition(":")[2])
        )

    def event_definitions(self, event: Element) -> list[Element]:
        """Event definitions of an event: its own, then those it points to with ``eventDefinitionRef``."""
        own = [one for one in children(event) if local(one).endswith("EventDefinition")]
        shared = [self.element(text(one).rpartition(":")[2]) for one in children(event, "eventDefinitionRef")]
        return own + [one for one in shared if one is not None]

    def kinds(self, event: Element) -> list[str]:
        """Kinds of the event definitions of an event; empty: a none event."""
        return [kind(one) for one in self.event_definitions(event)]

    def process(self, element: Element) -> Element | None:
        """The process an element stands in; ``None`` outside of one."""
        current: Element | None = element
        while current is not None and local(current) != "process":
            current = current.getparent()
        return current

    def scope(self, element: Element) -> Element | None:
        """The process or subprocess that holds an element."""
        parent = element.getparent()
        while parent is not None and local(parent) not in SUBPROCESSES and local(parent) != "process":
            parent = parent.getparent()
        return parent

    @cached_property
    def scopes(self) -> list[Element]:
        """Processes and subprocesses, in document order."""
        return sorted((*self.processes, *self.all(*sorted(SUBPROCESSES))), key=self._order.__getitem__)

    def runs(self, element: Element) -> bool:
        """Whether an element stands in an executed process."""
        return self.process(element) in self.executed

    def members(self, scope: Element) -> list[Element]:
        """Flow nodes directly in a scope."""
        return children(scope, *FLOW_NODES)

    @cached_property
    def _boundaries(self) -> dict[str, list[Element]]:
        found: dict[str, list[Element]] = defaultdict(list)
        for event in self.all("boundaryEvent"):
            found[event.get("attachedToRef", "")].append(event)
        return found

    def boundaries(self, activity: Element) -> list[Element]:
        """Boundary events attached to an activity."""
        return self._boundaries.get(activity.get("id") or " ", [])

    @cached_property
    def _associated(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for association in self.all("association"):
            source, target = association.get("sourceRef", ""), association.get("targetRef", "")
            found[source].append(target)
            found[target].append(source)
        return found

    def associated(self, element: Element) -> list[Element]:
        """Flow nodes joined to an element by an association, in whichever direction."""
        others = (self.node(one) for one in self._associated.get(element.get("id") or " ", ()))
        return [one for one in others if one is not None]
