"""What the executor runs: processes, scopes, nodes and flows, as the reader found them in the XML.

Everything is immutable and free of XML. Nodes refer to each other by id, which is unique in a file (XML Schema ``xsd:ID``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from pdflow.engine.expressions import Expr, Setting

Kind = Literal[
    "message",
    "signal",
    "timer",
    "conditional",
    "error",
    "escalation",
    "compensation",
    "cancel",
    "terminate",
    "link",
]


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """What an event catches or throws (BPMN 2.0.2 section 10.5.5).

    Attributes:
        kind: which of the definitions.
        name: of the message, signal or link.
        code: of the error or escalation; ``None`` catches every code.
        key: correlation key of the message (``zeebe:subscription``).
        timer: ``date``, ``duration`` or ``cycle``.
        value: the timer's text or expression.
        condition: of a conditional event.
        activity: the activity that a compensation throw names; ``None``: the whole scope.
        wait: whether a compensation throw waits for the handlers.
        line: in the file.
    """

    kind: Kind
    name: Setting | None = None
    code: str | None = None
    key: Expr | None = None
    timer: str = ""
    value: Setting | None = None
    condition: Expr | None = None
    activity: str | None = None
    wait: bool = True
    line: int = 0


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    condition: Expr | None
    line: int
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """Standard loop or multi-instance (BPMN 2.0.2 section 10.3.8).

    Attributes:
        kind: ``standard``, ``sequential`` or ``parallel``.
        condition: of a standard loop: goes on while true.
        test_before: whether a standard loop tests before the first round.
        maximum: rounds of a standard loop at most.
        cardinality: number of instances.
        collection, element: input collection and the variable that holds its item.
        output, output_element: variable that collects, and what is collected of each instance.
        completion: when true after an instance, the others are terminated.
        behavior: when the activity throws: ``All`` never, ``None`` at each completion, ``One`` at the first, ``Complex``.
        throws: what ``None`` and ``One`` throw.
        complex: conditions and what each throws.
    """

    kind: Literal["standard", "sequential", "parallel"]
    condition: Expr | None = None
    test_before: bool = False
    maximum: Setting | None = None
    cardinality: Expr | None = None
    collection: Expr | None = None
    element: str | None = None
    output: str | None = None
    output_element: Expr | None = None
    completion: Expr | None = None
    behavior: str = "All"
    throws: EventDefinition | None = None
    complex: tuple[tuple[Expr, EventDefinition], ...] = ()


@dataclass(frozen=True, slots=True)
class Extensions:
    """The ``zeebe:`` extension elements of an element."""

    inputs: tuple[tuple[Expr, str], ...] = ()
    outputs: tuple[tuple[Expr, str], ...] = ()
    task_type: Setting | None = None
    retries: Setting | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Setting | None = None
    assignee: Setting | None = None
    candidate_groups: Setting | None = None
    candidate_users: Setting | None = None
    due: Setting | None = None
    follow_up: Setting | None = None
    priority: Setting | None = None
    called_process: Setting | None = None
    called_binding: str = "latest"
    propagate_parent: bool = True
    propagate_child: bool = True
    decision: Setting | None = None
    script: Expr | None = None
    result: str | None = None
    active_elements: Expr | None = None
    properties: Mapping[str, Setting] = field(default_factory=dict)

    def sla(self, name: str) -> Setting | None:
        """The property ``sla:<name>``."""
        return self.properties.get(f"sla:{name}")

    @property
    def passed_on(self) -> Mapping[str, Setting]:
        """Properties that go to the host as they are: not empty, not ``sla:*``."""
        return {name: value for name, value in self.properties.items() if not name.startswith("sla:")}


@dataclass(frozen=True, slots=True)
class Node:
    """An activity, gateway or event.

    Attributes:
        type: BPMN local name (``userTask``, ``boundaryEvent``, ...).
        outgoing: ids of flows in document order; ``incoming`` likewise.
        default: id of the default flow.
        events: event definitions; several make a multiple event.
        parallel: a multiple event that needs all its definitions (``parallelMultiple``).
        interrupting: of a boundary event or the start event of an event subprocess.
        attached_to: host of a boundary event; ``boundary``: ids of the events attached to this activity.
        compensation: handler of this activity (from its compensation boundary event and the association).
        is_handler: ``isForCompensation``: runs only when compensated.
        scope: what is inside, of a subprocess of any kind.
        activation: condition of a complex gateway.
        message: of a send or receive task.
        index: position in the document: the order in which equals are served.
    """

    id: str
    type: str
    name: str
    line: int
    index: int
    parent: str
    process: str
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    default: str | None = None
    events: tuple[EventDefinition, ...] = ()
    parallel: bool = False
    interrupting: bool = True
    attached_to: str | None = None
    boundary: tuple[str, ...] = ()
    compensation: str | None = None
    is_handler: bool = False
    instantiate: bool = False
    scope: Scope | None = None
    loop: Loop | None = None
    activation: Expr | None = None
    message: EventDefinition | None = None
    called: str | None = None
    lane: str | None = None
    documentation: str | None = None
    extensions: Extensions = field(default_factory=Extensions)

    @property
    def catches(self) -> str:
        """Kind of the only event definition; empty for a none event, ``multiple`` for several."""
        return self.events[0].kind if len(self.events) == 1 else ("multiple" if self.events else "")


@dataclass(frozen=True, slots=True)
class Scope:
    """The inside of a process or subprocess.

    Attributes:
        id: of the process or subprocess.
        starts: nodes that get a token when the scope is entered, in document order.
        event_subprocesses: ids, in document order.
        ordering, completion, cancel_remaining: of an ad-hoc subprocess.
    """

    id: str
    type: str
    nodes: tuple[str, ...]
    starts: tuple[str, ...]
    event_subprocesses: tuple[str, ...] = ()
    ordering: str = "Parallel"
    completion: Expr | None = None
    cancel_remaining: bool = True


@dataclass(frozen=True, slots=True)
class Process:
    """A process of the file.

    Attributes:
        node: the process as the outermost node; its ``scope`` holds the rest.
        start_events: ids of the start events (and instantiating tasks and gateways' events), in document order.
    """

    id: str
    name: str
    executable: bool
    line: int
    node: Node
    start_events: tuple[str, ...]

    @property
    def scope(self) -> Scope:
        """The inside of the process."""
        assert self.node.scope is not None
        return self.node.scope


@dataclass(frozen=True)
class Model:
    """One BPMN file, read.

    Attributes:
        name: as the caller gave it.
        processes, nodes, flows: by id, in document order.
        messages: names of the messages, by id.
    """

    name: str
    processes: Mapping[str, Process]
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    messages: Mapping[str, str]

    def walk(self, process: str | None = None) -> Iterator[Node]:
        """Every node of a process (or of all) in document order, subprocesses before what is in them."""
        return (node for node in self.nodes.values() if process is None or node.process == process)

    def calls(self) -> frozenset[str]:
        """Ids of the processes called by a fixed id."""
        return frozenset(node.called for node in self.nodes.values() if node.called)

    def forms(self) -> frozenset[str]:
        """Ids of the forms that user tasks name by a fixed id."""
        forms = (node.extensions.form for node in self.nodes.values())
        return frozenset(form for form in forms if isinstance(form, str))

    def decisions(self) -> frozenset[str]:
        """Ids of the decisions that business rule tasks name by a fixed id."""
        decisions = (node.extensions.decision for node in self.nodes.values())
        return frozenset(decision for decision in decisions if isinstance(decision, str))

    @cached_property
    def upstream(self) -> _Upstream:
        """Which nodes lie upstream of a flow."""
        return _Upstream(self)


class _Upstream:
    """Reverse reachability inside one scope, for joins that must know what may still arrive (BPMN 2.0.2 table 13.3)."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._sets: dict[str, frozenset[str]] = {}
        self._link_throws: dict[tuple[str, str], list[str]] = {}
        for node in model.nodes.values():
            if node.catches == "link" and node.type == "intermediateThrowEvent":
                self._link_throws.setdefault((node.parent, str(node.events[0].name)), []).append(node.id)

    def of(self, flow: str) -> frozenset[str]:
        """Nodes from which a token can reach this flow without passing the gateway that the flow leads to."""
        if flow not in self._sets:
            self._sets[flow] = self._search(self._model.flows[flow])
        return self._sets[flow]

    def _search(self, flow: Flow) -> frozenset[str]:
        seen: set[str] = set()
        open_ids = [flow.source]
        while open_ids:
            node_id = open_ids.pop()
            if node_id in seen or node_id == flow.target:
                continue
            seen.add(node_id)
            node = self._model.nodes[node_id]
            open_ids += [self._model.flows[incoming].source for incoming in node.incoming]
            if node.attached_to:
                open_ids.append(node.attached_to)
            if node.catches == "link" and node.type == "intermediateCatchEvent":
                open_ids += self._link_throws.get((node.parent, str(node.events[0].name)), [])
        return frozenset(seen)
