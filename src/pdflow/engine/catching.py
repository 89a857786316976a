"""What is waited for, and what catches it: subscriptions, boundary events, event subprocesses, errors outward.

Catch order: at each level outward the event subprocesses before the boundary events, a named code before catch-all;
of a broadcast the enclosing subscription first, since it may end what is inside. Throws act at once, and an
interruption comes before any other move. Conditions fire on their edge from not true to true.
"""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine import timers
from pdflow.engine.model import EventDefinition, Node
from pdflow.engine.protocol import Subscribe
from pdflow.engine.state import State, Subscription, Token, Trouble
from pdflow.engine.tokens import disarm, drop, spawn, terminate, terminate_children
from pdflow.engine.variables import Values, evaluate, holds, resolve, resolve_text
from pdflow.feel import to_python

_WAITED = frozenset({"message", "signal", "timer", "conditional"})


def prepare(
    s: State, owner: Token, target: Node, definitions: tuple[EventDefinition, ...]
) -> list[Subscription]:
    """Work out what a token will wait for; nothing is armed yet.

    Raises:
        Trouble: when a timer, name or key cannot be worked out.
    """
    found = []
    for index, definition in enumerate(definitions):
        if definition.kind not in _WAITED:
            continue
        sub = Subscription("", owner, target, index, definition.kind)
        if definition.kind == "timer":
            _set_timer(s, sub, definition)
        elif definition.kind != "conditional":
            sub.name = resolve_text(s, owner, definition.name)
            sub.key = correlation_key(s, owner, definition)
        found.append(sub)
    return found


def correlation_key(s: State, token: Token, definition: EventDefinition) -> str | None:
    """The key of a message as text; numbers are written out.

    Raises:
        Trouble: when an expression is given and yields nothing: the message would reach anybody.
    """
    if definition.key is None:
        return None
    value = to_python(evaluate(s, token, definition.key))
    if value is None or isinstance(value, (bool, list, dict)):
        message = (
            f"The correlation key '{definition.key.text}' gave {value!r:.80}; expected text or a number."
        )
        raise Trouble("correlation-key", message)
    return str(value)


def _set_timer(s: State, sub: Subscription, definition: EventDefinition) -> None:
    try:
        plan = timers.schedule(definition.timer, resolve(s, sub.owner, definition.value), s.now)
    except timers.TimerError as error:
        message = f"The timer of '{sub.target.id}' cannot be set: {error}."
        raise Trouble(error.code, message) from error
    sub.due, sub.every, sub.left = plan.due, plan.every, plan.left
    sub.base, sub.round = plan.due, 0


def arm(s: State, subs: list[Subscription]) -> None:
    """From now on these are waited for."""
    for sub in subs:
        sub.id = s.next_id()
        s.add_subscription(sub)
        if sub.kind == "message":
            s.commands.append(Subscribe(sub.id, sub.name or "", sub.key))
        elif sub.kind == "conditional":
            s.dirty = True


def prepare_boundaries(s: State, host: Token) -> list[Subscription]:
    """What the boundary events of an activity wait for."""
    nodes = host.home.model.nodes
    return [sub for b in host.node.boundary for sub in prepare(s, host, nodes[b], nodes[b].events)]


def prepare_event_subprocesses(s: State, scope: Token) -> list[Subscription]:
    """What the event subprocesses of a scope wait for."""
    assert scope.inside is not None
    nodes = scope.inside.model.nodes
    found = []
    for node_id in scope.inside.scope.event_subprocesses:
        start = start_of(scope, node_id)
        found += prepare(s, scope, nodes[node_id], start.events)
    return found


def start_of(scope: Token, event_subprocess: str) -> Node:
    """The start event of an event subprocess of a scope."""
    assert scope.inside is not None
    inner = scope.inside.model.nodes[event_subprocess].scope
    assert inner is not None
    return scope.inside.model.nodes[inner.starts[0]]


def _catcher(sub: Subscription) -> Node:
    """The event node whose definitions a subscription stands for."""
    return start_of(sub.owner, sub.target.id) if sub.target.type == "subProcess" else sub.target


def fire(s: State, sub: Subscription, given: Values) -> None:
    """What was waited for has come: the target catches it now, or a parallel multiple event waits for the rest."""
    catcher = _catcher(sub)
    owner, target = sub.owner, sub.target
    if catcher.parallel and len(catcher.events) > 1:
        if given:
            owner.memory.setdefault("gathered", {}).setdefault(target.id, {}).update(given)
        rest = [
            other for other in owner.subscriptions.values() if other.target is target and other is not sub
        ]
        if rest:
            drop(s, sub)
            return
        given = {**owner.memory.get("gathered", {}).pop(target.id, {})}
    if owner.node is target or owner.node.type == "eventBasedGateway":
        disarm(s, owner)
        if owner.node is not target:
            owner.memory["chosen"] = target.id
        owner.given = dict(given)
        s.urgent.append((owner, "caught"))
        return
    if not catcher.interrupting:
        _rearm(s, sub, catcher)
    catch(s, owner, target, given)


def _rearm(s: State, sub: Subscription, catcher: Node) -> None:
    """Keep a non-interrupting subscription; a cycle counts from its first instant, so it does not drift.

    Rounds that passed unseen (an outage) are used up by the one that fires: nobody gets ten reminders at once.
    """
    if catcher.parallel and len(catcher.events) > 1:
        drop(s, sub)
        arm(s, prepare(s, sub.owner, sub.target, catcher.events))
        return
    if sub.kind != "timer":
        return
    s.drop_subscription(sub)
    if sub.every is None or sub.base is None:
        return
    try:
        rounds = sub.every.rounds(sub.base, sub.round, s.now)
        sub.round += rounds
        sub.left = None if sub.left is None else max(0, sub.left - rounds)
        sub.due = sub.every.after(sub.base, sub.round)
    except timers.TimerError:
        return
    if sub.left != 0:
        s.add_subscription(sub)


def catch(s: State, owner: Token, target: Node, given: Values) -> Token:
    """A boundary event of a host, or an event subprocess of a scope, begins."""
    if target.type == "boundaryEvent":
        parent = owner.parent
        assert parent is not None
        token = spawn(s, target, parent, verb="caught")
        token.given = dict(given)
        if target.interrupting:
            terminate(s, owner)
        return token
    interrupting = start_of(owner, target.id).interrupting
    token = spawn(s, target, owner, verb="caught")
    token.given = dict(given)
    if interrupting:
        owner.memory["interrupted"] = True
        for sub in list(owner.subscriptions.values()):
            if sub.target.type == "subProcess":
                drop(s, sub)
        terminate_children(s, owner, spared=token)
    return token


def _levels(origin: Token) -> Iterator[Token]:
    """Origin and everything around it, outward; items of a loop are passed over for their body."""
    level: Token | None = origin
    while level is not None:
        yield level
        level = level.parent


def find_catcher(origin: Token, kind: str, code: str | None) -> tuple[Token, Node] | None:
    """Who catches an error, escalation or cancel thrown at a token: its owner and the catching node."""
    below = origin
    for level in _levels(origin):
        if level is not origin and level.role == "scope" and not (level.data or {}).get("interrupted"):
            found = _in_scope(level, below, kind, code)
            if found is not None:
                return level, found
        if level.item is None and level.state != "undo" and level.node.boundary:
            nodes = level.home.model.nodes
            found = _best([(nodes[b], nodes[b].events) for b in level.node.boundary], kind, code)
            if found is not None:
                return level, found
        below = level
    return None


def _in_scope(scope: Token, below: Token, kind: str, code: str | None) -> Node | None:
    """The event subprocess of a scope that catches; not the one that throws."""
    assert scope.inside is not None
    nodes = scope.inside.model.nodes
    ids = [i for i in scope.inside.scope.event_subprocesses if i != below.node.id]
    return _best([(nodes[i], start_of(scope, i).events) for i in ids], kind, code)


def _best(
    candidates: list[tuple[Node, tuple[EventDefinition, ...]]], kind: str, code: str | None
) -> Node | None:
    catch_all = None
    for node, definitions in candidates:
        for definition in definitions:
            if definition.kind == kind:
                if definition.code == code and code is not None:
                    return node
                if definition.code is None and catch_all is None:
                    catch_all = node
    return catch_all


def throw_escalation(s: State, origin: Token, code: str | None, given: Values) -> None:
    """An escalation goes outward to the nearest that catches it; nobody: nothing happens (10.5.7)."""
    found = find_catcher(origin, "escalation", code)
    if found is not None:
        catch(s, *found, given)


def broadcast(s: State, name: str, given: Values) -> bool:
    """A signal is caught by everything that waits for it, the enclosing first."""
    waiting = list(s.by_name.get(("signal", name), {}).values())
    waiting.sort(key=lambda sub: (_depth(sub.owner), int(sub.id)))
    for sub in waiting:
        if sub.id in s.subscriptions:
            fire(s, sub, given)
    return bool(waiting)


def _depth(token: Token) -> int:
    return sum(1 for _ in _levels(token))


def deliver(s: State, name: str, key: str | None, given: Values) -> bool:
    """A message is taken by the oldest subscription of its name and key."""
    for sub in s.by_name.get(("message", name), {}).values():
        if sub.key == key:
            fire(s, sub, given)
            return True
    return False


def test_conditions(s: State) -> None:
    """After a move that changed data: fire the conditions that have become true; one that cannot be told is not."""
    for sub in list(s.conditions.values()):
        if sub.id not in s.subscriptions:
            continue
        condition = _catcher(sub).events[sub.index].condition
        assert condition is not None
        try:
            is_true = holds(s, sub.owner, condition)
        except Trouble:
            is_true = False
        edge = is_true and not sub.was
        sub.was = is_true
        if edge:
            fire(s, sub, {})
