"""How tokens come, go on and go: spawn, leave along flows, end, terminate.

Order (the same on every machine): flows in document order, first in first out. What an interruption started moves
before anything else (``urgent``); tokens that head for a throwing event wait until nothing else can move (``throws``),
so that whatever waits is armed before what throws.
"""

from __future__ import annotations

from typing import Any

from pdflow.engine.model import Flow, Node
from pdflow.engine.protocol import (
    CancelActivity,
    ClearIncident,
    CloseTask,
    Moved,
    RaiseIncident,
    StopClock,
    Unsubscribe,
)
from pdflow.engine.state import State, Subscription, Token, Trouble
from pdflow.engine.variables import holds, scope_weight

_THROWING = frozenset({"endEvent", "intermediateThrowEvent"})


def spawn(
    s: State,
    node: Node,
    parent: Token,
    *,
    via: str | None = None,
    item: int | None = None,
    verb: str = "enter",
) -> Token:
    """A new token, queued for its first move."""
    token = Token(s.next_id(), node, parent, item, via)
    parent.children[token.id] = token
    s.tokens[token.id] = token
    if verb != "enter":
        s.urgent.append((token, verb))
    elif node.events and node.type in _THROWING:
        s.throws.append((token, verb))
    else:
        s.queue.append((token, verb))
    return token


def record(s: State, event: str, token: Token, properties: dict[str, Any] | None = None) -> None:
    """Note what happened to an element."""
    node, scope = token.node, token.scope
    scope_id = None if scope.parent is None else scope.id
    s.facts.append(
        Moved(
            event, node.id, node.type, token.id, scope_id, token.item, token.home.definition, properties or {}
        )
    )


def choose(s: State, token: Token) -> list[Flow]:
    """The flows that a token leaves by: without a condition or with a true one; else the default (10.3.1, 8.4.13).

    Raises:
        Trouble: when there are flows and none can be taken.
    """
    node, flows = token.node, token.home.model.flows
    if not node.outgoing:
        return []
    chosen = []
    for flow_id in node.outgoing:
        flow = flows[flow_id]
        if flow_id != node.default and (flow.condition is None or holds(s, token, flow.condition)):
            chosen.append(flow)
    if not chosen and node.default:
        return [flows[node.default]]
    if not chosen:
        raise no_flow(node)
    return chosen


def no_flow(node: Node) -> Trouble:
    """The incident of a token that no flow lets out."""
    message = f"No condition of a flow out of '{node.id}' is true; expected one that is, or a default flow."
    return Trouble("no-flow", message)


def leave(s: State, token: Token, flows: list[Flow]) -> None:
    """The token has completed: one new token for each flow, and this one is gone."""
    scope = token.parent
    assert scope is not None
    if flows:
        nodes = token.home.model.nodes
        for flow in flows:
            take(s, token.scope, flow)
            spawn(s, nodes[flow.target], scope, via=flow.id)
    remove(s, token)


def take(s: State, scope: Token, flow: Flow) -> None:
    """Note that a sequence flow of a scope is taken."""
    assert scope.inside is not None
    scope_id = None if scope.parent is None else scope.id
    s.facts.append(Moved("take", flow.id, "sequenceFlow", None, scope_id, None, scope.inside.definition))


def remove(s: State, token: Token) -> None:
    """A token without children is over; its parent is told when that was the last one."""
    _forget(s, token)
    parent = token.parent
    if parent is not None and not parent.children and parent.state != "gone":
        s.queue.append((parent, "drained"))


def _forget(s: State, token: Token) -> None:
    if token.subscriptions:
        disarm(s, token)
    del s.tokens[token.id]
    if token.state == "held":
        release(s, token)
    token.state = "gone"
    if token.role == "scope":
        s.size -= scope_weight(token)
        if token.data and "resetting" in token.data:
            for node_id in token.data["resetting"]:
                s.resetting.pop((token.id, node_id), None)
    if token.parent is not None:
        del token.parent.children[token.id]


def release(s: State, token: Token) -> None:
    """Take a token out of the join that holds it."""
    key = token.scope.id, token.node.id
    join = s.joins[key]
    waiting = join[token.via or ""]
    waiting.remove(token)
    if not waiting:
        del join[token.via or ""]
    if not join:
        del s.joins[key]
    token.scope.held -= 1
    token.state = "inside"


def terminate(s: State, token: Token) -> None:
    """End a token and all that belongs to it, the innermost first; what it asked for is taken back."""
    parent = token.parent
    for doomed in _innermost_first(token):
        _close(s, doomed)
        _forget(s, doomed)
    if parent is not None and not parent.children and parent.state != "gone":
        s.queue.append((parent, "drained"))


def terminate_children(s: State, token: Token, spared: Token | None = None) -> None:
    """End everything inside a token, except one child."""
    for child in list(token.children.values()):
        if child is not spared and child.state != "gone":
            terminate(s, child)


def _innermost_first(token: Token) -> list[Token]:
    order, open_tokens = [], [token]
    while open_tokens:
        current = open_tokens.pop()
        order.append(current)
        open_tokens.extend(current.children.values())
    order.reverse()
    return order


def _close(s: State, token: Token) -> None:
    state = token.state
    data = token.data
    if state == "incident":
        s.commands.append(ClearIncident(token.id))
        state = (data or {})["incident"][2]
    if state == "task":
        s.commands.append(CloseTask(token.id))
    elif state == "activity":
        s.commands.append(CancelActivity(token.id))
    if data and "clock" in data:
        policy, subject = data["clock"]
        s.commands.append(StopClock(policy, subject, token.id, True))
    if state not in ("new", "held", "undo", "done"):
        record(s, "terminate", token)


def disarm(s: State, token: Token) -> None:
    """Forget everything a token waits for."""
    for sub in list(token.subscriptions.values()):
        drop(s, sub)


def drop(s: State, sub: Subscription) -> None:
    """Forget one subscription; the outside is told of messages."""
    s.drop_subscription(sub)
    if sub.kind == "message":
        s.commands.append(Unsubscribe(sub.id))


def incident(s: State, token: Token, code: str, message: str) -> None:
    """Stop a token until a person has looked at it (:class:`Retried`)."""
    token.memory["incident"] = [code, message, token.state]
    token.state = "incident"
    s.commands.append(RaiseIncident(token.id, token.node.id, code, message))
    record(s, "incident", token)
