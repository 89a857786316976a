"""What the executor would silently do otherwise than the model says is refused here, with element and reason.

These are conditions of correctness, not of style; style and deployment rules live in ``rules/``.
"""

from __future__ import annotations

from pdflow.engine.model import Model, Node
from pdflow.engine.reader.nodes import ACTIVITIES, ModelReader
from pdflow.engine.reader.source import BPMN, Element, Source, local

_REFUSED_TAGS = {
    "correlationKey": "Correlation keys of conversations are not executed.",
    "correlationProperty": "Correlation properties are not executed.",
    "correlationSubscription": "Correlation subscriptions are not executed.",
    "globalTask": "Global tasks are not executed.",
    "globalUserTask": "Global tasks are not executed.",
    "globalManualTask": "Global tasks are not executed.",
    "globalScriptTask": "Global tasks are not executed.",
    "globalBusinessRuleTask": "Global tasks are not executed.",
    "choreography": "Choreographies are not executed.",
    "globalChoreographyTask": "Choreographies are not executed.",
    "transformation": "Transformations of data associations are not executed.",
    "assignment": "Assignments of data associations are not executed.",
}
_EXPECTED = {
    "correlationKey": "Give the message a zeebe:subscription with a correlation key.",
    "correlationProperty": "Give the message a zeebe:subscription with a correlation key.",
    "correlationSubscription": "Give the message a zeebe:subscription with a correlation key.",
    "globalTask": "Call a process instead.",
    "transformation": "Use zeebe:ioMapping.",
    "assignment": "Use zeebe:ioMapping.",
}

_CATCH = frozenset({"message", "signal", "timer", "conditional"})
_ALLOWED = {
    "startEvent": _CATCH,
    "eventSubprocessStart": _CATCH | {"error", "escalation", "compensation"},
    "intermediateCatchEvent": _CATCH | {"link"},
    "boundaryEvent": _CATCH | {"error", "escalation", "compensation", "cancel"},
    "intermediateThrowEvent": frozenset({"message", "signal", "escalation", "compensation", "link"}),
    "endEvent": frozenset(
        {"message", "signal", "error", "escalation", "compensation", "cancel", "terminate"}
    ),
}


def check_file(source: Source, root: Element) -> None:
    """Refuse what stands outside of nodes and is not executed."""
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag.startswith(BPMN) and local(element) in _REFUSED_TAGS:
            tag = local(element)
            source.refuse(element, "not-executed", _REFUSED_TAGS[tag], _EXPECTED.get(tag, "Remove it."))
    if root.find(BPMN + "process") is None:
        source.refuse(root, "process-missing", "The file has no process.", "Draw a process.")


def check_model(source: Source, model: Model, reader: ModelReader) -> None:
    """Refuse flows, events and activities that the executor would get wrong."""
    _Checks(source, model, reader).run()


class _Checks:
    def __init__(self, source: Source, model: Model, reader: ModelReader) -> None:
        self.source = source
        self.model = model
        self.reader = reader

    def refuse(self, element_id: str, rule: str, message: str, expected: str = "") -> None:
        self.source.refuse(self.reader.element(element_id), rule, message, expected)

    def run(self) -> None:
        broken = self._flows()
        for node in self.model.nodes.values():
            if broken and (set(node.incoming) | set(node.outgoing)) & broken:
                continue
            self._node(node)
        self._links()

    def _flows(self) -> set[str]:
        broken = set()
        for flow in self.model.flows.values():
            ends = self.model.nodes.get(flow.source), self.model.nodes.get(flow.target)
            if ends[0] is None or ends[1] is None:
                missing = flow.source if ends[0] is None else flow.target
                broken.add(flow.id)
                self.refuse(flow.id, "reference", f"The flow's end '{missing}' is no element that has flows.")
            elif ends[0].parent != ends[1].parent:
                broken.add(flow.id)
                self.refuse(
                    flow.id, "flow-scope", "The flow crosses the border of a subprocess.", "Use an event."
                )
            elif flow.condition and ends[0].type in ("parallelGateway", "eventBasedGateway"):
                self.refuse(
                    flow.id,
                    "flow-condition",
                    f"A flow out of a {ends[0].type} has a condition.",
                    "Remove it.",
                )
        return broken

    def _node(self, node: Node) -> None:
        element = self.reader.element(node.id)
        for quantity in ("startQuantity", "completionQuantity"):
            if element.get(quantity, "1") != "1":
                self.refuse(
                    node.id, "quantity", f"{quantity} {element.get(quantity)} is not executed.", "Use 1."
                )
        if node.default and node.default not in node.outgoing:
            self.refuse(
                node.id, "default-flow", f"Default flow '{node.default}' does not leave this element."
            )
        if node.type.endswith("Event"):
            self._event(node)
        elif node.type in ACTIVITIES:
            self._activity(node)
        else:
            self._gateway(node, element)

    def _event(self, node: Node) -> None:
        in_event_subprocess = node.type == "startEvent" and self._triggered(node.parent)
        allowed = _ALLOWED["eventSubprocessStart" if in_event_subprocess else node.type]
        for definition in node.events:
            if definition.kind not in allowed:
                self.refuse(
                    node.id,
                    "event-position",
                    f"A {definition.kind} definition cannot stand at a {node.type}.",
                )
        if (
            node.type == "startEvent"
            and node.parent in self.model.nodes
            and not in_event_subprocess
            and node.events
        ):
            self.refuse(
                node.id,
                "event-position",
                "The start of a subprocess that is not triggered by an event has one.",
            )
        if not node.events and (
            node.type in ("boundaryEvent", "intermediateCatchEvent") or in_event_subprocess
        ):
            self.refuse(node.id, "event-definition", f"The {node.type} says nothing of what it waits for.")
        if node.type in ("startEvent", "boundaryEvent") and node.incoming:
            self.refuse(
                node.id,
                "event-flow",
                f"A flow leads into a {node.type}.",
                "Lead it to an activity or gateway.",
            )
        if node.type == "endEvent" and node.outgoing:
            self.refuse(node.id, "event-flow", "A flow leaves an end event.", "Use an intermediate event.")
        if node.parallel and len(node.events) > 1:
            if not {definition.kind for definition in node.events} <= _CATCH:
                self.refuse(
                    node.id, "event-multiple", "A parallel multiple event waits for something that is thrown."
                )
            elif not node.interrupting:
                self._armed_again(node)
        if node.type == "boundaryEvent":
            self._boundary(node)
        if node.catches == "cancel" and node.type == "endEvent":
            self._cancel_end(node)
        if node.catches == "compensation" and node.events[0].activity:
            target = self.model.nodes.get(node.events[0].activity)
            if target is None or target.type not in ACTIVITIES:
                self.refuse(node.id, "reference", f"Activity '{node.events[0].activity}' does not exist.")

    def _armed_again(self, node: Node) -> None:
        """A parallel multiple event that does not interrupt is armed again while nobody could correct an expression."""
        settings = [setting for event in node.events for setting in (event.name, event.key, event.value)]
        if any(setting is not None and not isinstance(setting, str) for setting in settings):
            message = "A parallel multiple event that does not interrupt has a name, key or timer that is an expression."
            self.refuse(node.id, "event-multiple", message, "Use fixed texts, or an interrupting event.")

    def _boundary(self, node: Node) -> None:
        host = self.model.nodes.get(node.attached_to or "")
        if host is None or host.type not in ACTIVITIES or host.parent != node.parent:
            self.refuse(
                node.id,
                "reference",
                f"'{node.attached_to}' is no activity that this event can be attached to.",
            )
            return
        kinds = {definition.kind for definition in node.events}
        if not node.interrupting and kinds & {"error", "cancel"}:
            self.refuse(node.id, "event-interrupting", "An error or cancel event always interrupts.")
        if "cancel" in kinds and host.type != "transaction":
            self.refuse(node.id, "event-position", "A cancel event is attached to what is no transaction.")
        if "compensation" in kinds:
            if len(kinds) > 1 or node.outgoing:
                self.refuse(
                    node.id, "compensation", "A compensation boundary event stands alone and has no flow."
                )
            if host.compensation is None:
                self.refuse(
                    node.id, "compensation", "No association leads to a handler.", "Draw one to an activity."
                )

    def _cancel_end(self, node: Node) -> None:
        scope = self.model.nodes.get(node.parent)
        if scope is None or scope.type != "transaction":
            self.refuse(node.id, "event-position", "A cancel end event stands outside of a transaction.")
        elif not any(self.model.nodes[b].catches == "cancel" for b in scope.boundary):
            self.refuse(
                node.id, "cancel-boundary", "Its transaction has no cancel boundary event.", "Attach one."
            )

    def _activity(self, node: Node) -> None:
        if node.is_handler and (node.incoming or node.outgoing):
            self.refuse(
                node.id, "compensation", "A compensation handler has sequence flows.", "Associate it only."
            )
        if node.type == "callActivity" and not (node.called or node.extensions.called_process):
            self.refuse(node.id, "call-target", "The call activity calls nothing.", "Name a process.")
        bound = node.extensions.called_binding == "deployment"
        if node.called and bound and node.called not in self.model.processes:
            message = f"Process '{node.called}' is bound to this deployment and is not in this file."
            self.refuse(node.id, "binding", message, "Bind 'latest', or draw the process in this file.")
        if node.scope is None:
            return
        if self._triggered(node.id):
            self._event_subprocess(node)
        if node.scope.type == "adHocSubProcess":
            for inner in (self.model.nodes[i] for i in node.scope.nodes):
                if inner.type in ("startEvent", "endEvent"):
                    self.refuse(inner.id, "event-position", f"A {inner.type} stands in an ad-hoc subprocess.")
            if node.scope.ordering not in ("Parallel", "Sequential"):
                self.refuse(node.id, "ad-hoc-ordering", f"Ordering '{node.scope.ordering}' does not exist.")
        if node.scope.nodes and not node.scope.starts:
            self.refuse(
                node.id, "scope-start", "Nothing in the subprocess can start.", "Give it a start event."
            )

    def _event_subprocess(self, node: Node) -> None:
        assert node.scope is not None
        starts = [i for i in node.scope.nodes if self.model.nodes[i].type == "startEvent"]
        if len(starts) != 1:
            self.refuse(
                node.id, "event-subprocess", f"The event subprocess has {len(starts)} start events.", "One."
            )
        else:
            start = self.model.nodes[starts[0]]
            if not start.interrupting and any(d.kind == "error" for d in start.events):
                self.refuse(start.id, "event-interrupting", "An error event always interrupts.")
        if node.incoming or node.outgoing or node.boundary or node.loop:
            self.refuse(
                node.id, "event-subprocess", "An event subprocess has flows, boundary events or a loop."
            )
        if node.scope.type != "subProcess":
            self.refuse(node.id, "event-subprocess", f"A {node.type} cannot be triggered by an event.")

    def _gateway(self, node: Node, element: Element) -> None:
        if node.type == "eventBasedGateway":
            if element.get("eventGatewayType") == "Parallel":
                self.refuse(node.id, "event-gateway", "Parallel event-based gateways are not executed.")
            for target in (self.model.nodes[self.model.flows[flow].target] for flow in node.outgoing):
                kinds = {definition.kind for definition in target.events}
                catches = target.type == "intermediateCatchEvent" and kinds <= _CATCH and not target.parallel
                if (
                    not (catches or target.type == "receiveTask")
                    or len(target.incoming) != 1
                    or target.boundary
                ):
                    self.refuse(
                        node.id, "event-gateway", f"'{target.id}' cannot follow an event-based gateway."
                    )
        if node.type == "complexGateway" and len(node.incoming) > 1 and node.activation is None:
            self.refuse(node.id, "complex-gateway", "The complex gateway has no activation condition.")

    def _triggered(self, node_id: str) -> bool:
        return node_id in self.model.nodes and self.reader.element(node_id).get("triggeredByEvent") == "true"

    def _links(self) -> None:
        catches: dict[tuple[str, str], str] = {}
        links = [node for node in self.model.nodes.values() if node.catches == "link"]
        for node in links:
            key = node.parent, str(node.events[0].name)
            if node.type == "intermediateCatchEvent":
                if key in catches or node.incoming:
                    self.refuse(node.id, "link", "The link is caught twice, or a flow leads into its catch.")
                catches[key] = node.id
        for node in links:
            if (
                node.type == "intermediateThrowEvent"
                and (node.parent, str(node.events[0].name)) not in catches
            ):
                self.refuse(
                    node.id, "link", f"Link '{node.events[0].name}' leads nowhere.", "Draw its catch event."
                )
            if node.type == "intermediateThrowEvent" and node.outgoing:
                self.refuse(
                    node.id, "link", "A flow leaves a link throw event.", "Its token goes to the catch event."
                )
