"""Compensation (BPMN 2.0.2 sections 10.6, 13.4.5): completed activities are undone, the last first.

A completed activity that can be undone leaves a record in its scope: its node, a snapshot of its own variables and, of a
subprocess, the records of what completed inside. A throw takes the records and works them off one by one; the handler runs
as a child of the throwing token and sees the snapshot nearer than anything else.
"""

from __future__ import annotations

from typing import Any

from pdflow.engine.model import EventDefinition, Node
from pdflow.engine.state import State, Token
from pdflow.engine.tokens import remove, scope_weight, spawn

Record = dict[str, Any]


def remember(s: State, token: Token) -> None:
    """An activity completes: keep what undoing it needs."""
    node = token.node
    if node.compensation is None and node.scope is None:
        return
    inner = (token.data or {}).get("done", []) if node.type != "callActivity" else []
    if node.compensation is None and not inner and _event_subprocess(token.home.model.nodes, node) is None:
        return
    entry: Record = {"node": node.id}
    if token.variables:
        entry["vars"] = dict(token.variables)
    if inner:
        entry["inner"] = inner
    token.scope.memory.setdefault("done", []).append(entry)


def _event_subprocess(nodes: Any, node: Node) -> Node | None:
    """The event subprocess that a subprocess compensates itself with."""
    if node.scope is None:
        return None
    for event_id in node.scope.event_subprocesses:
        inner = nodes[event_id].scope
        if inner is not None and any(e.kind == "compensation" for e in nodes[inner.starts[0]].events):
            found: Node = nodes[event_id]
            return found
    return None


def records(token: Token, definition: EventDefinition) -> list[Record]:
    """Take the records that a throw means out of their scope, oldest first.

    Without an activity: everything completed in the enclosing scope, and where that is an event subprocess also in the
    scope it belongs to. With one: its records in the nearest scope that has any.
    """
    scope: Token | None = token.scope
    found: list[Record] = []
    while scope is not None:
        done: list[Record] = (scope.data or {}).get("done", [])
        mine = [entry for entry in done if definition.activity in (None, entry["node"])]
        if mine:
            scope.memory["done"] = [entry for entry in done if entry not in mine]
            found = mine + found
        triggered = scope.parent is not None and scope.node.id in scope.home.scope.event_subprocesses
        if (definition.activity and mine) or not (
            triggered or (definition.activity and scope.parent is not None)
        ):
            break
        scope = scope.scope
    return found


def begin(s: State, token: Token, found: list[Record]) -> None:
    """Undo these; the token's behaviour goes on with ``undone`` when all is done."""
    token.state = "undo"
    token.memory["undo"] = found
    s.queue.append((token, "drained"))


def begin_apart(s: State, token: Token, found: list[Record]) -> None:
    """Undo these while the throwing token goes on (``waitForCompletion`` false)."""
    assert token.parent is not None
    apart = spawn(s, token.node, token.parent, verb="drained")
    apart.state = "undo"
    apart.memory.update(undo=found, apart=True)


def go_on(s: State, token: Token) -> bool:
    """Start the next handler; false when there is nothing left to undo."""
    undo: list[Record] = token.memory["undo"]
    if not undo:
        if token.role == "scope" or "apart" in token.memory:
            remove(s, token)
            return True
        return False
    entry = undo.pop()
    nodes = token.home.model.nodes
    node = nodes[entry["node"]]
    if node.compensation is not None:
        handler = spawn(s, nodes[node.compensation], token)
        handler.variables = entry.get("vars")
        return True
    inside = spawn(s, node, token, verb="drained")
    inside.role, inside.state = "scope", "undo"
    inside.inside = s.frame(token.home.definition, node, token.home.model)
    inside.variables = entry.get("vars", {})
    s.size += scope_weight(inside)
    own = _event_subprocess(nodes, node)
    inside.memory["undo"] = entry.get("inner", []) if own is None else []
    if own is not None:
        inside.memory["done"] = entry.get("inner", [])
        spawn(s, own, inside, verb="caught")
    return True
