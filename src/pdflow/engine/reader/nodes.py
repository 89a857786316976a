"""From XML elements to the model's nodes, scopes and processes."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.model import Extensions, Flow, Model, Node, Process, Scope
from pdflow.engine.reader import extensions, loops, spiff
from pdflow.engine.reader.events import Definitions
from pdflow.engine.reader.source import BPMN, Element, Source, child, line_of, local, text

SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
TASKS = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
    }
)
ACTIVITIES = TASKS | SUBPROCESSES | {"callActivity"}
_PASSIVE = frozenset(
    {
        "documentation",
        "extensionElements",
        "laneSet",
        "sequenceFlow",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "association",
        "textAnnotation",
        "group",
        "category",
        "ioSpecification",
        "ioBinding",
        "property",
        "auditing",
        "monitoring",
        "incoming",
        "outgoing",
        "dataInputAssociation",
        "dataOutputAssociation",
        "resourceRole",
        "performer",
        "humanPerformer",
        "potentialOwner",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "completionCondition",
        "supportedInterfaceRef",
    }
)


class ModelReader:
    """Reads every process of a file; ``source.findings`` says what had to be refused."""

    def __init__(self, source: Source, parser: spiff.FileParser, root: Element) -> None:
        self._source = source
        self._parser = parser
        self._root = root
        self._definitions = Definitions(source, parser, root)
        self._types = spiff.node_types()
        self._handlers = dict(_compensations(root))
        self.nodes: dict[str, Node] = {}
        self.flows: dict[str, Flow] = {}
        self._elements: dict[str, Element] = {}
        self._by_end: dict[tuple[str, str], list[str]] = {}
        for number, flow in enumerate(root.iter(BPMN + "sequenceFlow")):
            if not flow.get("id"):
                # The schema lets a flow go without one; the record names flows by id, so it gets its place as a name.
                flow.set("id", f"flow-{number}-{flow.get('sourceRef', '')}-{flow.get('targetRef', '')}")
            for end in ("sourceRef", "targetRef"):
                self._by_end.setdefault((end, flow.get(end, "")), []).append(flow.get("id", ""))

    def read(self) -> Model:
        """The model of the file."""
        processes = {}
        for process_id, parser in spiff.process_parsers(self._parser).items():
            element = spiff.element_of(parser)
            if not process_id:
                self._source.refuse(element, "id-missing", "A process has no id.", "Give it one.")
                continue
            node = self._scope_node(element, parser, "", process_id)
            processes[process_id] = Process(
                id=process_id,
                name=element.get("name") or process_id,
                executable=element.get("isExecutable", "false") == "true",
                line=line_of(element),
                node=node,
                start_events=tuple(self._instantiating(node.scope)),
            )
        messages = {key: name or key for key, name in self._parser.messages.items()}
        return Model(self._source.name, processes, self.nodes, self.flows, messages)

    def element(self, node_id: str) -> Element:
        """The XML of a node or flow."""
        return self._elements[node_id]

    def _scope_node(self, element: Element, parser: spiff.ProcessParser, parent: str, process: str) -> Node:
        """A process or subprocess with all that is in it."""
        index = len(self.nodes)
        node_id = element.get("id", "")
        if parent:
            self._claim(element)
            self.nodes[node_id] = None  # type: ignore[assignment]  # keeps its place in document order
        self._flows(element)
        inside = [found for found in element if self._is_node(found)]
        for found in inside:
            if not found.get("id"):
                self._source.refuse(found, "id-missing", f"A {local(found)} has no id.", "Give it one.")
            elif local(found) in SUBPROCESSES:
                self._scope_node(found, parser, node_id, process)
            else:
                self._node(found, parser, node_id, process, len(self.nodes), None)
        ids = tuple(found.get("id", "") for found in inside if found.get("id") in self.nodes)
        scope = self._scope(element, ids)
        node = self._make(element, parser, parent, process, index, scope)
        if parent:
            self.nodes[node_id] = node
        return node

    def _scope(self, element: Element, ids: tuple[str, ...]) -> Scope:
        nodes = [self.nodes[i] for i in ids]
        events = [
            n.id
            for n in nodes
            if n.type == "subProcess" and self._elements[n.id].get("triggeredByEvent") == "true"
        ]
        triggered = set(events)
        starts = [n.id for n in nodes if n.type == "startEvent"]
        if not starts:
            starts = [
                n.id
                for n in nodes
                if not (n.incoming or n.is_handler or n.attached_to or n.id in triggered)
                and not (n.catches == "link" and n.type == "intermediateCatchEvent")
            ]
        return Scope(
            id=element.get("id", ""),
            type=local(element),
            nodes=ids,
            starts=tuple(starts),
            event_subprocesses=tuple(events),
            ordering=element.get("ordering", "Parallel"),
            completion=self._source.formal(child(element, "completionCondition")),
            cancel_remaining=element.get("cancelRemainingInstances", "true") == "true",
        )

    def _is_node(self, element: Element) -> bool:
        if not isinstance(element.tag, str) or not element.tag.startswith(BPMN):
            return False
        name = local(element)
        if name in self._types:
            return True
        if name not in _PASSIVE:
            self._source.refuse(
                element, "element-unknown", f"A {name} is not executed.", "Use another element."
            )
        return False

    def _flows(self, scope: Element) -> None:
        for flow in scope.iterchildren(BPMN + "sequenceFlow"):
            self._claim(flow)
            condition = child(flow, "conditionExpression")
            self.flows[flow.get("id", "")] = Flow(
                id=flow.get("id", ""),
                source=flow.get("sourceRef", ""),
                target=flow.get("targetRef", ""),
                condition=self._source.formal(condition),
                line=line_of(flow),
                name=flow.get("name"),
            )

    def _claim(self, element: Element) -> None:
        element_id = element.get("id", "")
        if element_id in self._elements:
            self._source.refuse(
                element, "id-duplicate", f"The id '{element_id}' is used twice.", "Make ids unique."
            )
        self._elements[element_id] = element

    def _node(
        self,
        element: Element,
        parser: spiff.ProcessParser,
        parent: str,
        process: str,
        index: int,
        scope: Scope | None,
    ) -> None:
        self._claim(element)
        self.nodes[element.get("id", "")] = self._make(element, parser, parent, process, index, scope)

    def _make(
        self,
        element: Element,
        parser: spiff.ProcessParser,
        parent: str,
        process: str,
        index: int,
        scope: Scope | None,
    ) -> Node:
        node_id, kind = element.get("id", ""), local(element)
        incoming, outgoing = self._connected(element, node_id)
        ext = extensions.read(self._source, element) if parent else Extensions()
        boundary = (
            tuple(b.get("id", "") for b in parser.get_boundary_events(node_id)) if kind in ACTIVITIES else ()
        )
        compensation = next((self._handlers[b] for b in boundary if b in self._handlers), None)
        called = ext.called_process if ext.called_process is not None else element.get("calledElement")
        message = self._definitions.message(element) if kind in ("sendTask", "receiveTask") else None
        return Node(
            id=node_id,
            type=kind,
            name=element.get("name") or node_id,
            line=line_of(element),
            index=index,
            parent=parent,
            process=process,
            incoming=incoming,
            outgoing=outgoing,
            default=element.get("default"),
            events=self._definitions.of(element) if kind.endswith("Event") else (),
            parallel=element.get("parallelMultiple") == "true",
            interrupting=element.get("cancelActivity", element.get("isInterrupting", "true")) == "true",
            attached_to=element.get("attachedToRef") if kind == "boundaryEvent" else None,
            boundary=boundary,
            compensation=compensation,
            is_handler=element.get("isForCompensation") == "true",
            instantiate=element.get("instantiate") == "true",
            scope=scope,
            loop=loops.read(self._source, element, self._definitions) if kind in ACTIVITIES else None,
            activation=self._source.formal(child(element, "activationCondition")),
            message=message,
            called=called if kind == "callActivity" and isinstance(called, str) else None,
            lane=parser.get_lane_name(node_id),
            documentation=text(child(element, "documentation")) or None,
            extensions=ext,
        )

    def _connected(self, element: Element, node_id: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Flows in and out, in document order. SpiffWorkflow indexes only those that go out."""
        ends = self._by_end
        return tuple(ends.get(("targetRef", node_id), ())), tuple(ends.get(("sourceRef", node_id), ()))

    def _instantiating(self, scope: Scope | None) -> Iterator[str]:
        """Where an instance of the process can begin (BPMN 2.0.2 section 13.2)."""
        assert scope is not None
        for node in (self.nodes[i] for i in scope.nodes):
            if node.type == "startEvent" or (node.type == "receiveTask" and node.instantiate):
                yield node.id
            elif node.type == "eventBasedGateway" and node.instantiate:
                yield from (self.flows[flow].target for flow in node.outgoing)


def _compensations(root: Element) -> Iterator[tuple[str, str]]:
    """Associations between a compensation boundary event and its handler, whichever way they were drawn."""
    handlers = {element.get("id") for element in root.iterfind(".//*[@isForCompensation='true']")}
    for association in root.iter(BPMN + "association"):
        ends = association.get("sourceRef", ""), association.get("targetRef", "")
        if ends[1] in handlers:
            yield ends
        elif ends[0] in handlers:
            yield ends[1], ends[0]
