"""The state as JSON data and back: what is alive, the queues, the joins, a version, the counter, the clock.

Records are arrays without trailing nulls; FEEL values are in FEEL's encoding. Indexes are made anew. Times are ISO 8601 in UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from pdflow.engine.joins import hold
from pdflow.engine.model import Model, Node
from pdflow.engine.protocol import Library
from pdflow.engine.state import EngineError, Frame, State, Subscription, Token
from pdflow.engine.timers import Duration
from pdflow.engine.variables import Values, scope_weight
from pdflow.feel import decode, encode

VERSION = 1


def make_root(s: State, definition: str, node: Node, model: Model) -> Token:
    """The outermost token of an instance."""
    root = Token(s.next_id(), node, None, None, None)
    root.scope, root.home = root, s.frame(definition, node, model)
    s.root = s.tokens[root.id] = root
    return root


def take(s: State) -> dict[str, Any]:
    """JSON data of a state."""
    assert s.root is not None
    queues = (s.urgent, s.queue, s.throws)
    held = [token.id for join in s.joins.values() for waiting in join.values() for token in waiting]
    return {
        "version": VERSION,
        "definition": s.root.home.definition,
        "process": s.root.node.id,
        "counter": s.counter,
        "now": s.now.isoformat(),
        "moves": s.moves,
        "dirty": s.dirty,
        "ended": s.ended,
        "tokens": [_token(token) for token in s.tokens.values()],
        "subscriptions": [_subscription(sub) for sub in s.subscriptions.values()],
        "queues": [[[token.id, verb] for token, verb in queue if token.state != "gone"] for queue in queues],
        "held": held,
    }


def _trim(row: list[Any]) -> list[Any]:
    while row and row[-1] is None:
        row.pop()
    return row


def _values(values: Values | None) -> Any:
    return None if values is None else [[name, encode(value)] for name, value in values.items()]


def _read_values(data: Any) -> Values | None:
    return None if data is None else {name: decode(value) for name, value in data}


def _token(token: Token) -> list[Any]:
    row = [
        token.id,
        token.node.id,
        token.parent.id if token.parent is not None else None,
        token.state,
        token.verb,
        token.role,
        token.via,
        token.item,
        _values(token.variables),
        _values(token.given),
        _data(token.data) if token.data else None,
    ]
    return _trim(row)


def _data(data: Mapping[str, Any]) -> dict[str, Any]:
    """Small things of behaviours; those that hold FEEL values by their key."""
    return {key: _WRITE[key](value) if key in _WRITE else value for key, value in data.items()}


def _records(entries: list[dict[str, Any]]) -> list[list[Any]]:
    return [
        _trim([e["node"], _values(e.get("vars")), _records(e["inner"]) if "inner" in e else None])
        for e in entries
    ]


def _read_records(rows: list[list[Any]]) -> list[dict[str, Any]]:
    found = []
    for node, values, inner in ([*row, None, None][:3] for row in rows):
        entry: dict[str, Any] = {"node": node}
        if values is not None:
            entry["vars"] = _read_values(values)
        if inner is not None:
            entry["inner"] = _read_records(inner)
        found.append(entry)
    return found


_WRITE: dict[str, Callable[[Any], Any]] = {
    "items": encode,
    "done": lambda value: value if isinstance(value, int) else _records(value),
    "undo": _records,
    "gathered": lambda value: {target: _values(given) for target, given in value.items()},
}
_READ: dict[str, Callable[[Any], Any]] = {
    "items": decode,
    "done": lambda value: value if isinstance(value, int) else _read_records(value),
    "undo": _read_records,
    "gathered": lambda value: {target: _read_values(given) for target, given in value.items()},
}


def _subscription(sub: Subscription) -> list[Any]:
    due = sub.due.isoformat() if sub.due is not None else None
    row = [sub.id, sub.owner.id, sub.target.id, sub.index, sub.kind, sub.name, sub.key, due]
    if sub.every is not None and sub.base is not None:
        every = [sub.every.months, sub.every.rest.total_seconds()]
        return [*row, sub.base.isoformat(), every, sub.round, sub.left]
    return [*row, True] if sub.was else _trim(row)


def restore(library: Library, data: Mapping[str, Any]) -> State:
    """The state of JSON data.

    Raises:
        EngineError: for a version this engine does not know.
    """
    if data.get("version") != VERSION:
        message = f"The snapshot has version {data.get('version')!r}; this engine reads version {VERSION}."
        raise EngineError("snapshot-version", message)
    s = State(library, datetime.fromisoformat(data["now"]))
    s.counter, s.moves, s.dirty, s.ended = data["counter"], data["moves"], data["dirty"], data["ended"]
    model = library.model(data["definition"])
    root_node = model.processes[data["process"]].node
    for row in data["tokens"]:
        _read_token(s, row, data["definition"], root_node, model)
    for row in data["subscriptions"]:
        _read_subscription(s, row)
    for queue, rows in zip((s.urgent, s.queue, s.throws), data["queues"], strict=True):
        queue.extend((s.tokens[token_id], verb) for token_id, verb in rows)
    for token_id in data["held"]:
        hold(s, s.tokens[token_id])
    return s


def _read_token(s: State, row: list[Any], definition: str, root_node: Node, model: Model) -> None:
    token_id, node_id, parent_id, state, verb, role, via, item, variables, given, data = (*row, *[None] * 11)[
        :11
    ]
    if parent_id is None:
        counter = s.counter
        token = make_root(s, definition, root_node, model)
        s.counter, token.id = counter, token_id
        s.tokens.clear()
    else:
        parent = s.tokens[parent_id]
        frame = parent.inside if parent.role == "scope" else parent.home
        assert frame is not None
        token = Token(token_id, frame.model.nodes[node_id], parent, item, via)
        parent.children[token_id] = token
    s.tokens[token_id] = token
    token.state, token.verb, token.role = state, verb, role
    token.variables, token.given = _read_values(variables), _read_values(given)
    if data is not None:
        token.data = {key: _READ[key](value) if key in _READ else value for key, value in data.items()}
    if role == "scope":
        token.inside = _inside(s, token)
        s.size += scope_weight(token)
        for waiting_node, activated in (token.data or {}).get("resetting", {}).items():
            s.resetting[token.id, waiting_node] = token, activated


def _inside(s: State, token: Token) -> Frame:
    if token.data and "process" in token.data:
        model = s.library.model(token.data["definition"])
        return s.frame(token.data["definition"], model.processes[token.data["process"]].node, model)
    return s.frame(token.home.definition, token.node, token.home.model)


def _read_subscription(s: State, row: list[Any]) -> None:
    sub_id, owner_id, target_id, index, kind, name, key, due = (*row, *[None] * 8)[:8]
    owner = s.tokens[owner_id]
    inside = (
        owner.inside
        if owner.inside is not None and target_id in owner.inside.scope.event_subprocesses
        else owner.home
    )
    sub = Subscription(sub_id, owner, inside.model.nodes[target_id], index, kind)
    sub.name, sub.key = name, key
    sub.due = datetime.fromisoformat(due) if due is not None else None
    if len(row) == 9:
        sub.was = row[8]
    elif len(row) == 12:
        sub.base = datetime.fromisoformat(row[8])
        sub.every = Duration(row[9][0], timedelta(seconds=row[9][1]))
        sub.round, sub.left = row[10], row[11]
    s.add_subscription(sub)
