"""Processes, subprocesses of every kind, event subprocesses, call activities (BPMN 2.0.2 sections 10.3.5 to 10.3.6, 13.3.4)."""

from __future__ import annotations

from pdflow.engine.behaviours.activity import Activity
from pdflow.engine.behaviours.base import Behaviour
from pdflow.engine.catching import arm, prepare_event_subprocesses, start_of
from pdflow.engine.model import Node
from pdflow.engine.protocol import Finish, ResolveDefinition
from pdflow.engine.state import Frame, State, Token, Trouble
from pdflow.engine.tokens import disarm, drop, record, spawn, terminate_children
from pdflow.engine.variables import assign, evaluate, holds, plain, resolve_text, scope_weight

MAX_CALLS = 32
"""Call activities inside one another at most: a process that calls itself ends in an incident."""


def open_scope(s: State, token: Token, frame: Frame) -> None:
    """A token becomes a scope; its event subprocesses are armed."""
    token.inside = frame
    subs = prepare_event_subprocesses(s, token)
    token.role, token.state = "scope", "inside"
    if token.variables is None:
        token.variables = {}
    s.size += scope_weight(token)
    arm(s, subs)


def start_nodes(frame: Frame) -> list[Node]:
    """Where a scope begins: its none start events, or what no flow leads to."""
    nodes = [frame.model.nodes[i] for i in frame.scope.starts]
    return [node for node in nodes if not (node.type == "startEvent" and node.events)]


class Process(Behaviour):
    """The outermost scope: the instance ends with its last token."""

    def drained(self, s: State, token: Token) -> None:
        """No token is left."""
        end(s, token, "completed")


def end(s: State, root: Token, state: str) -> None:
    """The instance is over."""
    disarm(s, root)
    record(s, "end", root)
    s.commands.append(Finish(state, plain(root.variables)))
    s.ended = state
    root.state = "gone"
    for queue in (s.urgent, s.queue, s.throws):
        queue.clear()


class SubProcess(Activity):
    """Embedded subprocess and transaction; a subprocess triggered by an event begins with ``caught``."""

    def work(self, s: State, token: Token) -> None:
        """Open the scope and start what starts."""
        frame = s.frame(token.home.definition, token.node, token.home.model)
        open_scope(s, token, frame)
        for node in start_nodes(frame):
            spawn(s, node, token)
        if not token.children:
            s.queue.append((token, "drained"))

    def caught(self, s: State, token: Token) -> None:
        """The start event of an event subprocess has come."""
        if token.state == "new":
            self.begin(s, token)
        assert token.parent is not None
        start = start_of(token.parent, token.node.id)
        open_scope(s, token, s.frame(token.home.definition, token.node, token.home.model))
        first = spawn(s, start, token, verb="caught")
        first.given, token.given = token.given, None

    def drained(self, s: State, token: Token) -> None:
        """No token is left inside."""
        if token.role == "scope" and token.state == "inside":
            disarm_inside(s, token)
            self.finish(s, token)
        else:
            super().drained(s, token)


def disarm_inside(s: State, token: Token) -> None:
    """A scope that is over triggers no event subprocess any more."""
    for sub in list(token.subscriptions.values()):
        if sub.target.type == "subProcess":
            drop(s, sub)


class AdHocSubProcess(SubProcess):
    """Activities without an order (10.3.5.3): all that no flow leads to, or those that ``zeebe:adHoc`` names.

    ``Parallel`` starts them together, ``Sequential`` one after the other in document order. The completion condition
    is tested after each activity; when true nothing more starts, and what runs is cancelled unless the model says otherwise.
    """

    def work(self, s: State, token: Token) -> None:
        """Open the scope and start the first, or all."""
        frame = s.frame(token.home.definition, token.node, token.home.model)
        chosen = self._chosen(s, token, frame)
        open_scope(s, token, frame)
        token.memory["waiting"] = chosen
        self._go_on(s, token, frame)
        if not token.children:
            s.queue.append((token, "drained"))

    def _chosen(self, s: State, token: Token, frame: Frame) -> list[str]:
        expr = token.node.extensions.active_elements
        if expr is None:
            return [node.id for node in start_nodes(frame)]
        value = evaluate(s, token, expr)
        known = set(frame.scope.nodes)
        if not isinstance(value, list) or not known.issuperset(value):
            message = (
                f"'{expr.text}' gave {value!r:.80}; expected a list of element ids in '{token.node.id}'."
            )
            raise Trouble("ad-hoc-elements", message)
        return list(value)

    def _go_on(self, s: State, token: Token, frame: Frame) -> None:
        waiting: list[str] = token.memory["waiting"]
        while waiting and (frame.scope.ordering == "Parallel" or not token.children):
            spawn(s, frame.model.nodes[waiting.pop(0)], token)

    def tested(self, s: State, token: Token) -> None:
        """An activity inside is complete."""
        assert token.inside is not None
        scope = token.inside.scope
        if token.state == "inside" and scope.completion is not None and holds(s, token, scope.completion):
            token.memory["waiting"] = []
            if scope.cancel_remaining:
                terminate_children(s, token)

    def drained(self, s: State, token: Token) -> None:
        """Nothing runs inside: the next in a sequence, or the end."""
        if token.role == "scope" and token.state == "inside":
            assert token.inside is not None
            self._go_on(s, token, token.inside)
        if not token.children:
            super().drained(s, token)


class CallActivity(SubProcess):
    """Calls a process of this file or of another definition; its instance is a scope of this one."""

    def work(self, s: State, token: Token) -> None:
        """Find the process; another definition is asked for."""
        process = self._process(s, token)
        depth, level = 0, token.parent
        while level is not None:
            depth += level.node.type == "callActivity" and level.role == "scope"
            level = level.parent
        if depth >= MAX_CALLS:
            raise Trouble(
                "call-depth", f"'{token.node.id}' calls '{process}' more than {MAX_CALLS} levels deep."
            )
        if process in token.home.model.processes:
            token.memory["definition"] = token.home.definition
            self.called(s, token)
            return
        token.state = "resolve"
        s.commands.append(ResolveDefinition(token.id, process))

    def _process(self, s: State, token: Token) -> str:
        node = token.node
        process = node.called or resolve_text(s, token, node.extensions.called_process)
        if not process:
            raise Trouble("call-target", f"The process that '{node.id}' calls has no id; expected one.")
        return process

    def called(self, s: State, token: Token) -> None:
        """The definition is known: open the process."""
        token.verb = "work"
        definition = token.memory["definition"]
        process_id = self._process(s, token)
        process = s.library.model(definition).processes.get(process_id) if definition else None
        if definition is None or process is None:
            raise Trouble(
                "call-target",
                f"No process '{process_id}' is deployed; expected the one '{token.node.id}' calls.",
            )
        frame = s.frame(definition, process.node, s.library.model(definition))
        starts = start_nodes(frame)
        if not starts and frame.scope.nodes:
            raise Trouble("call-target", f"The process '{process_id}' has no none start event to begin with.")
        token.memory["process"] = process_id
        open_scope(s, token, frame)
        for node in starts:
            spawn(s, node, token)
        if not token.children:
            s.queue.append((token, "drained"))

    def finish(self, s: State, token: Token) -> None:
        """Without output mappings what the called process has set goes to the caller, unless the model says no."""
        if not token.node.extensions.outputs and token.role == "scope":
            own = {target for _, target in token.node.extensions.inputs}
            if token.node.extensions.propagate_child and token.parent is not None:
                for name, value in list((token.variables or {}).items()):
                    if name not in own:
                        assign(s, token.parent, name, value)
        super().finish(s, token)
