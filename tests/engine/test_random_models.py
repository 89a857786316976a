"""Whatever the model: no token is lost, nothing stalls in silence, and a restored execution does what a straight one does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pdflow.engine import Completed, ErrorThrown, Retried, execution, load
from tests.engine.drive import Drive
from tests.engine.random_models import block_models, wild_models

ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(
            ["complete", "complete", "complete", "advance", "signal", "message", "error", "retry"]
        ),
        st.integers(0, 7),
    ),
    max_size=25,
)
PROFILE = settings(derandomize=True, deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
WAITS = {"task", "activity", "event", "resolve", "incident"}


@pytest.fixture(autouse=True, scope="module")
def impatient() -> Iterator[None]:
    """A model that never waits is found after a few moves: many random graphs are such."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execution, "BUDGET", 100)
        patch.setattr(execution, "NEVER_WAITS", 300)
        yield


def act(d: Drive, action: str, number: int) -> None:
    tokens = [t for t in d.execution.open_tokens() if t.state in ("task", "activity")]
    stuck = [t for t in d.execution.open_tokens() if t.state == "incident"]
    if action == "complete" and tokens:
        d.send(Completed(tokens[number % len(tokens)].id, {"n": number}))
    elif action == "error" and tokens:
        d.send(ErrorThrown(tokens[number % len(tokens)].id, ["E1", "E9"][number % 2]))
    elif action == "retry" and stuck:
        d.send(Retried(stuck[number % len(stuck)].id, {"n": number}))
    elif action == "advance":
        d.advance(hours=number)
    elif action == "signal":
        d.signal("sig")
    elif action == "message":
        d.message("m2")


def check(d: Drive) -> None:
    """Invariants of a state in which nothing can move."""
    if d.ended:
        assert d.execution.open_tokens() == []
        return
    snapshot = d.execution.snapshot()
    assert snapshot["queues"] == [[], [], []]
    rows: dict[str, list[Any]] = {row[0]: row + [None] * 8 for row in snapshot["tokens"]}
    parents = {row[2] for row in rows.values()}
    for token_id, (_, _, parent, state, *_) in rows.items():
        assert parent is None or parent in rows, "a token outlived its parent"
        if token_id not in parents and parent is not None:
            assert state in WAITS | {"held"}, f"{rows[token_id]} neither waits nor moves"
    assert len(rows) > 1, "the process is open and nothing is in it"
    for row in snapshot["subscriptions"]:
        assert row[1] in rows, "a subscription outlived its owner"
    held = set(snapshot["held"])
    assert held == {token_id for token_id, row in rows.items() if row[3] == "held"}
    for token_id in held:
        siblings = [other for other, row in rows.items() if row[2] == rows[token_id][2]]
        assert not held.issuperset(siblings), "a scope in which everything is held is a silent stall"


def compare(xml: bytes, actions: list[tuple[str, int]]) -> None:
    shelf_check = load(xml)
    assert shelf_check.processes
    straight, restored = Drive(xml, {"n": 0}), Drive(xml, {"n": 0}, restoring=True)
    for action, number in actions:
        check(straight)
        if straight.ended:
            break
        act(straight, action, number)
        act(restored, action, number)
        assert straight.execution.snapshot() == restored.execution.snapshot()
    check(straight)
    assert straight.facts == restored.facts
    assert straight.commands == restored.commands
    entered = [f.token for f in straight.facts if f.event == "enter"]
    left = [f.token for f in straight.facts if f.event in ("complete", "terminate")]
    assert len(entered) == len(set(entered))
    assert len(left) == len(set(left)), "an element ended twice"
    assert set(left) <= set(entered)
    if straight.ended:
        assert set(left) == set(entered), "an element was entered and never left"


@PROFILE
@given(block_models(), ACTIONS)
def test_block_models(xml: bytes, actions: list[tuple[str, int]]) -> None:
    compare(xml, actions)


@PROFILE
@given(wild_models(), ACTIONS)
def test_wild_graphs(xml: bytes, actions: list[tuple[str, int]]) -> None:
    compare(xml, actions)
