"""Standard loops and multi-instance (BPMN 2.0.2 sections 10.3.8, 13.3.6, 13.3.7).

The token that arrives becomes the *body*: it carries the boundary events and the collected output. Each round or instance is an
*item*: a child token at the same node with its own variables (``loopCounter`` from 1, the input element).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pdflow.engine.behaviours import throwing
from pdflow.engine.catching import arm, prepare_boundaries
from pdflow.engine.model import Loop
from pdflow.engine.state import State, Token, Trouble
from pdflow.engine.tokens import record, remove, spawn, terminate_children
from pdflow.engine.variables import Values, assign, evaluate, holds, resolve
from pdflow.feel import to_python

if TYPE_CHECKING:
    from pdflow.engine.behaviours.activity import Activity


def _loop(token: Token) -> Loop:
    assert token.node.loop is not None
    return token.node.loop


def open_body(s: State, token: Token) -> None:
    """The activity is entered: work out the instances and start the first, or all."""
    loop = _loop(token)
    items = _items(s, token, loop) if loop.kind != "standard" else None
    maximum = _maximum(s, token, loop)
    subs = prepare_boundaries(s, token)
    begins = not loop.test_before or loop.kind != "standard" or _goes_on(s, token, loop, 0)
    record(s, "enter", token)
    token.role, token.state = "body", "inside"
    memory = token.memory
    memory["next"], memory["done"] = 0, 0
    if items is not None:
        memory["total"], memory["items"] = len(items), items
        if loop.output:
            token.variables = {**(token.variables or {}), loop.output: [None] * len(items)}
    elif maximum is not None:
        memory["total"] = maximum
    arm(s, subs)
    if not begins or memory.get("total") == 0:
        s.queue.append((token, "drained"))
        memory["stop"] = True
        return
    _start_item(s, token, loop)
    if loop.kind == "parallel":
        while memory["next"] < memory["total"]:
            _start_item(s, token, loop)
        del memory["items"]


def _items(s: State, token: Token, loop: Loop) -> list[Any]:
    if loop.collection is not None:
        items = evaluate(s, token, loop.collection)
        if not isinstance(items, list):
            message = f"The input collection '{loop.collection.text}' gave {items!r:.80}; expected a list."
            raise Trouble("loop-collection", message)
        return items
    assert loop.cardinality is not None
    return [None] * _count(evaluate(s, token, loop.cardinality), loop.cardinality.text)


def _maximum(s: State, token: Token, loop: Loop) -> int | None:
    return None if loop.maximum is None else _count(resolve(s, token, loop.maximum), "loopMaximum")


def _count(value: Any, what: str) -> int:
    number = to_python(value)
    if isinstance(number, str) and number.isdigit():
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= 10_000:
        raise Trouble("loop-count", f"'{what}' gave {value!r:.80}; expected a whole number from 0 to 10,000.")
    return number


def _goes_on(s: State, token: Token, loop: Loop, done: int) -> bool:
    return loop.condition is None or holds(s, token, loop.condition, {"loopCounter": Decimal(done)})


def _start_item(s: State, body: Token, loop: Loop) -> None:
    memory = body.memory
    index = memory["next"]
    memory["next"] = index + 1
    item = spawn(s, body.node, body, item=index)
    item.variables = {"loopCounter": Decimal(index + 1)}
    if loop.element:
        item.variables[loop.element] = memory["items"][index]
    if loop.output_element is not None and loop.output_element.text.isidentifier():
        item.variables.setdefault(loop.output_element.text, None)


@dataclass(frozen=True)
class Outcome:
    """What the completion of an instance leads to; worked out before anything changes."""

    result: Any
    stop: bool
    thrown: list[throwing.Thrown]


def outcome(s: State, item: Token) -> Outcome:
    """What the body collects of an instance that completes, whether the others end, and what the behaviour throws."""
    body, loop = _body(item), _loop(item)
    counts = _counts(body)
    result = None if loop.output_element is None else evaluate(s, item, loop.output_element)
    stop = loop.completion is not None and holds(s, item, loop.completion, counts)
    events = [event for condition, event in loop.complex if holds(s, item, condition, counts)]
    if loop.throws is not None and (loop.behavior == "None" or body.memory["done"] == 0):
        events.append(loop.throws)
    return Outcome(result, stop, [throwing.prepare(s, body, event) for event in events])


def item_done(s: State, item: Token, found: Outcome) -> None:
    """An instance is complete: collect its result, end the others when that is due, throw what the behaviour says."""
    body, loop = _body(item), _loop(item)
    body.memory["done"] += 1
    if loop.output and body.variables is not None:
        collected = list(body.variables[loop.output])
        collected[item.item or 0] = found.result
        body.variables[loop.output] = collected
    remove(s, item)
    if found.stop:
        body.memory["stop"] = True
        terminate_children(s, body)
    for thrown in found.thrown:
        if body.state != "gone":
            throwing.perform(s, body, thrown, {})


def _body(item: Token) -> Token:
    assert item.parent is not None
    return item.parent


def _counts(body: Token) -> Values:
    """The attributes of a multi-instance activity as an instance completes (BPMN 2.0.2 table 10.31)."""
    memory = body.memory
    done = memory["done"] + 1
    numbers = {
        "loopCounter": done,
        "numberOfInstances": memory.get("total", memory["next"]),
        "numberOfActiveInstances": len(body.children) - 1,
        "numberOfCompletedInstances": done,
        "numberOfTerminatedInstances": 0,
    }
    return {name: Decimal(number) for name, number in numbers.items()}


def next_item(s: State, body: Token, activity: Activity) -> None:
    """Nothing of the loop is running: the next round or instance, or the end of the activity."""
    loop, memory = _loop(body), body.memory
    more = "stop" not in memory and ("total" not in memory or memory["next"] < memory["total"])
    if more and loop.kind == "standard":
        more = _goes_on(s, body, loop, memory["done"])
    if more:
        _start_item(s, body, loop)
        return
    memory["stop"] = True
    if loop.output and body.parent is not None and body.variables is not None:
        assign(s, body.parent, loop.output, body.variables[loop.output])
    activity.complete(s, body)
