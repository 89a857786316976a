"""Gateways (BPMN 2.0.2 sections 10.6 and 13.4)."""

from __future__ import annotations

from collections import deque
from decimal import Decimal

from pdflow.engine import joins
from pdflow.engine.behaviours import base
from pdflow.engine.behaviours.base import Behaviour
from pdflow.engine.catching import arm, prepare
from pdflow.engine.model import Flow
from pdflow.engine.state import State, Token, Trouble
from pdflow.engine.tokens import choose, disarm, leave, no_flow, record, release, remove, spawn, take
from pdflow.engine.variables import holds


def _pass(s: State, token: Token, flows: list[Flow]) -> None:
    passed, _ = base.properties(s, token, None)
    record(s, "enter", token, passed)
    record(s, "complete", token)
    leave(s, token, flows)


class ExclusiveGateway(Behaviour):
    """Passes each token to the first flow in document order whose condition is true, else to the default."""

    def enter(self, s: State, token: Token) -> None:
        """A token arrives."""
        node, flows = token.node, token.home.model.flows
        for flow_id in node.outgoing:
            flow = flows[flow_id]
            if flow_id != node.default and (flow.condition is None or holds(s, token, flow.condition)):
                _pass(s, token, [flow])
                return
        if node.default:
            _pass(s, token, [flows[node.default]])
        elif node.outgoing:
            raise no_flow(node)
        else:
            _pass(s, token, [])


class ParallelGateway(Behaviour):
    """Waits for one token on each incoming flow; gives one to each outgoing flow."""

    def enter(self, s: State, token: Token) -> None:
        """A token arrives."""
        node = token.node
        if len(node.incoming) > 1 and token.via is not None:
            join = joins.hold(s, token)
            if len(join) < len(node.incoming):
                return
            joins.consume(s, join, token, list(node.incoming))
        flows = token.home.model.flows
        _pass(s, token, [flows[flow_id] for flow_id in node.outgoing])


class InclusiveGateway(Behaviour):
    """Waits for every token that can still come; gives one to each flow whose condition is true, else to the default."""

    def enter(self, s: State, token: Token) -> None:
        """A token arrives; with several incoming flows it waits until nothing else can move."""
        if len(token.node.incoming) > 1 and token.via is not None:
            joins.hold(s, token)
        else:
            self.work(s, token)

    def work(self, s: State, token: Token) -> None:
        """All that can come has come."""
        _pass(s, token, choose(s, token))

    def settle(self, s: State, token: Token, join: dict[str, deque[Token]]) -> bool:
        """Nothing else can move: go on unless a token may still come."""
        if joins.may_come(token.scope, token.node, join, token.home.model):
            return False
        joins.consume(s, join, token, list(join))
        s.queue.append((token, "work"))
        return True


class ComplexGateway(Behaviour):
    """Goes on when its activation condition is true, then takes in what still comes and starts anew (13.4.4).

    The condition sees ``activationCount``, the number of tokens that wait. The conditions of outgoing flows see
    ``waitingForStart``: true when the gateway activates, false when it resets; a flow without one is taken at activation.
    """

    def enter(self, s: State, token: Token) -> None:
        """A token arrives."""
        if len(token.node.incoming) <= 1 or token.via is None:
            self._go(s, token, None)
            return
        join = joins.hold(s, token)
        if (token.scope.id, token.node.id) not in s.resetting:
            try:
                self._test(s, token, join)
            except Trouble:
                release(s, token)
                raise

    def _test(self, s: State, token: Token, join: dict[str, deque[Token]]) -> None:
        condition = token.node.activation
        assert condition is not None
        count = sum(len(waiting) for waiting in join.values())
        if holds(s, token, condition, {"activationCount": Decimal(count)}):
            self._go(s, token, join)

    def _go(self, s: State, token: Token, join: dict[str, deque[Token]] | None) -> None:
        chosen = self._flows(s, token, True)
        if not chosen and token.node.default:
            chosen = [token.home.model.flows[token.node.default]]
        if not chosen and token.node.outgoing:
            raise no_flow(token.node)
        if join is not None:
            activated = list(join)
            token.scope.memory.setdefault("resetting", {})[token.node.id] = activated
            s.resetting[token.scope.id, token.node.id] = token.scope, activated
            joins.consume(s, join, token, activated)
        _pass(s, token, chosen)

    def reset(self, s: State, scope: Token, node_id: str) -> bool:
        """Nothing else can move: start anew, unless a token may still come by a flow that had none."""
        assert scope.inside is not None
        model, key = scope.inside.model, (scope.id, node_id)
        node = model.nodes[node_id]
        _, activated = s.resetting[key]
        join = s.joins.get(key, {})
        if joins.may_come(scope, node, {*activated, *join}, model):
            return False
        del s.resetting[key]
        del scope.memory["resetting"][node.id]
        for flow_id in [flow_id for flow_id in list(join) if flow_id not in activated]:
            late = join[flow_id][0]
            release(s, late)
            remove(s, late)
        spawn(s, node, scope, verb="work").memory["reset"] = True
        held = s.joins.get(key)
        if held:
            again = joins.oldest(held)
            release(s, again)
            again.state = "new"
            s.queue.append((again, "enter"))
        return True

    def work(self, s: State, token: Token) -> None:
        """What leaves at a reset."""
        leave(s, token, self._flows(s, token, False))

    def _flows(self, s: State, token: Token, starting: bool) -> list[Flow]:
        node, flows = token.node, token.home.model.flows
        chosen = []
        for flow in (flows[flow_id] for flow_id in node.outgoing if flow_id != node.default):
            if flow.condition is None:
                if starting:
                    chosen.append(flow)
            elif (starting or "waitingForStart" in flow.condition.names) and holds(
                s, token, flow.condition, {"waitingForStart": starting}
            ):
                chosen.append(flow)
        return chosen


class EventBasedGateway(Behaviour):
    """Waits for the events that follow; the first that comes is taken, the others are forgotten (13.4.3)."""

    def enter(self, s: State, token: Token) -> None:
        """A token arrives: wait for all that follow."""
        model = token.home.model
        subs = []
        for flow_id in token.node.outgoing:
            target = model.nodes[model.flows[flow_id].target]
            awaited = (target.message,) if target.message is not None else target.events
            subs += prepare(s, token, target, awaited)
        passed, _ = base.properties(s, token, None)
        record(s, "enter", token, passed)
        token.state = "event"
        arm(s, subs)

    def caught(self, s: State, token: Token) -> None:
        """One has come."""
        model = token.home.model
        chosen = token.memory["chosen"]
        flow = next(model.flows[f] for f in token.node.outgoing if model.flows[f].target == chosen)
        disarm(s, token)
        record(s, "complete", token)
        assert token.parent is not None
        take(s, token.scope, flow)
        following = spawn(s, model.nodes[chosen], token.parent, via=flow.id, verb="caught")
        following.given = token.given
        remove(s, token)
