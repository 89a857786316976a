"""Start, end, intermediate and boundary events (BPMN 2.0.2 section 10.5)."""

from __future__ import annotations

from pdflow.engine.behaviours import base, compensation, throwing
from pdflow.engine.behaviours.base import Behaviour
from pdflow.engine.behaviours.tasks import run_activity
from pdflow.engine.catching import arm, catch, find_catcher, prepare
from pdflow.engine.state import State, Token
from pdflow.engine.tokens import choose, leave, remove, spawn, terminate_children
from pdflow.engine.variables import map_inputs, map_outputs


class CatchEvent(Behaviour):
    """Start, boundary and intermediate catch events.

    A start event is passed at once. An intermediate one waits. A boundary event, a triggered start event and what follows an
    event-based gateway begin when their event has already come.
    """

    def enter(self, s: State, token: Token) -> None:
        """A token arrives: wait, where there is something to wait for."""
        node = token.node
        waits = node.type == "intermediateCatchEvent" and node.catches != "link"
        subs = prepare(s, token, node, node.events) if waits else []
        self._record(s, token)
        if waits:
            token.state = "event"
            arm(s, subs)
        else:
            self.finish(s, token)

    def caught(self, s: State, token: Token) -> None:
        """The event has come."""
        if token.state == "new":
            self._record(s, token)
        self.finish(s, token)

    def _record(self, s: State, token: Token) -> None:
        passed, clocks = base.properties(s, token, None)
        base.entered(s, token, passed, clocks)
        token.state = "inside"

    def finish(self, s: State, token: Token) -> None:
        """Take over the event's variables and go on."""
        token.verb = "finish"
        map_outputs(s, token)
        flows = choose(s, token)
        base.completed(s, token, base.clocks_at_completion(s, token))
        leave(s, token, flows)


class ThrowEvent(Behaviour):
    """End and intermediate throw events: complete, throw at once, go on if the throw left the token alive."""

    def enter(self, s: State, token: Token) -> None:
        """A token arrives."""
        local = map_inputs(s, token)
        passed, clocks = base.properties(s, token, local)
        token.variables = local
        base.entered(s, token, passed, clocks)
        token.state, token.verb = "inside", "work"
        self.work(s, token)

    def work(self, s: State, token: Token) -> None:
        """Run the activity that a message event names, or undo what a compensation event names; then throw."""
        if token.node.extensions.task_type is not None:
            run_activity(s, token)
            return
        for definition in token.node.events:
            if definition.kind == "compensation":
                found = compensation.records(token, definition)
                if definition.wait:
                    compensation.begin(s, token, found)
                    return
                compensation.begin_apart(s, token, found)
            elif definition.kind == "cancel":
                terminate_children(s, token.scope, spared=token)
                done = token.scope.memory.pop("done", [])
                compensation.begin(s, token, done)
                return
        self.finish(s, token)

    def drained(self, s: State, token: Token) -> None:
        """A handler is done: the next, or go on."""
        if token.state == "undo" and not compensation.go_on(s, token):
            token.state = "inside"
            self.finish(s, token)

    def finish(self, s: State, token: Token) -> None:
        """Complete and throw."""
        token.verb = "finish"
        node = token.node
        map_outputs(s, token)
        ran = node.extensions.task_type is not None
        thrown = [throwing.prepare(s, token, d) for d in node.events if not (ran and d.kind == "message")]
        flows = choose(s, token)
        base.completed(s, token, base.clocks_at_completion(s, token))
        given = dict(token.variables or {})
        for event in thrown:
            if event.kind == "cancel":
                found = find_catcher(token, "cancel", None)
                assert found is not None
                catch(s, *found, given)
            elif event.kind == "link":
                self._jump(s, token)
                return
            else:
                throwing.perform(s, token, event, given)
            if token.state == "gone":
                return
        leave(s, token, flows)

    def _jump(self, s: State, token: Token) -> None:
        """A link is a flow without a line (10.5.6)."""
        assert token.parent is not None
        name = token.node.events[0].name
        nodes = token.home.model.nodes
        for node_id in token.home.scope.nodes:
            node = nodes[node_id]
            if (
                node.type == "intermediateCatchEvent"
                and node.catches == "link"
                and node.events[0].name == name
            ):
                spawn(s, node, token.parent)
        remove(s, token)
