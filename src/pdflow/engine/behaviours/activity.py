"""What all activities share: mappings, boundary events, loops, completion (BPMN 2.0.2 section 13.3.2)."""

from __future__ import annotations

from pdflow.engine.behaviours import base, compensation, loops
from pdflow.engine.behaviours.base import Behaviour
from pdflow.engine.catching import arm, prepare_boundaries
from pdflow.engine.protocol import StartClock, StopClock
from pdflow.engine.state import State, Token
from pdflow.engine.tokens import choose, disarm, leave
from pdflow.engine.variables import map_inputs, map_outputs


class Activity(Behaviour):
    """An activity; subclasses say what its work is.

    On enter: inputs are mapped, boundary events armed, the work begins. On finish: outputs are mapped, the boundary
    events disarmed, flows taken. On terminate: what was asked for is taken back.
    """

    def enter(self, s: State, token: Token) -> None:
        """A token arrives; a loop opens its body first."""
        if token.node.loop is not None and token.item is None:
            loops.open_body(s, token)
            return
        self.begin(s, token)
        token.verb = "work"
        self.work(s, token)

    def begin(self, s: State, token: Token) -> None:
        """Inputs, record, clock, boundary events."""
        node = token.node
        local = map_inputs(s, token)
        passed, s.starting = base.properties(s, token, local)
        token.variables = local
        subs = prepare_boundaries(s, token) if node.boundary and token.item is None else []
        base.entered(s, token, passed, s.starting)
        token.state = "inside"
        if subs:
            arm(s, subs)

    def work(self, s: State, token: Token) -> None:
        """An abstract or manual task: nothing to do."""
        self.finish(s, token)

    def finish(self, s: State, token: Token) -> None:
        """Outputs, completion, flows; the item of a loop goes back to its body."""
        token.verb = "finish"
        map_outputs(s, token)
        if token.item is not None:
            clocks = base.clocks_at_completion(s, token)
            outcome = loops.outcome(s, token)
            compensation.remember(s, token)
            base.completed(s, token, clocks)
            loops.item_done(s, token, outcome)
            return
        self.complete(s, token)

    def complete(self, s: State, token: Token) -> None:
        """The activity as a whole is complete."""
        flows = choose(s, token)
        clocks: list[StartClock | StopClock] = []
        if token.role != "body":
            clocks = base.clocks_at_completion(s, token)
            compensation.remember(s, token)
        if token.subscriptions:
            disarm(s, token)
        base.completed(s, token, clocks)
        scope = token.parent
        if scope is not None and scope.node.type == "adHocSubProcess" and scope.role == "scope":
            s.queue.append((scope, "tested"))
        leave(s, token, flows)

    def drained(self, s: State, token: Token) -> None:
        """A compensation step is over, or the last item of a loop."""
        if token.state == "undo":
            compensation.go_on(s, token)
        elif token.role == "body":
            loops.next_item(s, token, self)
