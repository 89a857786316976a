"""Tokens held at joins, by scope instance, gateway and incoming flow."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from pdflow.engine.model import Model, Node
from pdflow.engine.state import State, Token
from pdflow.engine.tokens import incident, release, remove


def hold(s: State, token: Token) -> dict[str, deque[Token]]:
    """Keep a token at its join; answers with all that the join holds, by flow."""
    token.state = "held"
    token.scope.held += 1
    join = s.joins.setdefault((token.scope.id, token.node.id), {})
    join.setdefault(token.via or "", deque()).append(token)
    return join


def consume(s: State, join: dict[str, deque[Token]], kept: Token, flows: list[str]) -> None:
    """One token of each of these flows is used up; ``kept``, which came by one of them, goes on for all."""
    for flow in flows:
        if flow == kept.via:
            release(s, kept)
        elif flow in join:
            used = join[flow][0]
            release(s, used)
            remove(s, used)


def may_come(scope: Token, node: Node, filled_flows: Iterable[str], model: Model) -> bool:
    """Whether an inclusive join must wait (BPMN 2.0.2 table 13.3).

    It waits while a token in the same scope instance is upstream of an incoming flow without a token and not upstream of
    one that has one. Paths through the gateway itself do not count.
    """
    filled_ids = set(filled_flows)
    filled, empty = set[str](), set[str]()
    for flow in node.incoming:
        (filled if flow in filled_ids else empty).update(model.upstream.of(flow))
    awaited = empty - filled
    return any(other.node.id in awaited for other in scope.children.values())


def oldest(join: dict[str, deque[Token]]) -> Token:
    """The token that came first."""
    return min((waiting[0] for waiting in join.values()), key=lambda token: int(token.id))


def waiting_joins(s: State) -> list[dict[str, deque[Token]]]:
    """Joins that hold tokens, in the order scope, then document."""
    keys = sorted(s.joins, key=lambda key: (int(key[0]), oldest(s.joins[key]).node.index))
    return [s.joins[key] for key in keys]


def report_stalled(s: State) -> None:
    """A scope in which every token is held at a join can never move again: an incident, not silence."""
    for join in waiting_joins(s):
        token = oldest(join)
        if token.scope.held == len(token.scope.children):
            release(s, token)
            message = f"The join '{token.node.id}' waits for flows on which nothing can come any more."
            incident(s, token, "join-stalled", message)
