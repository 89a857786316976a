"""Stock SpiffWorkflow as an oracle, on the models that it executes correctly: the same people are asked, step by step.

User tasks, sequences, exclusive and parallel gateways, embedded subprocesses; the conditions mean the same in Python and FEEL.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser

from tests.engine.drive import Drive
from tests.engine.models import bpmn, end, flow, flows, node, start, sub, user


class Plain:
    """Draws blocks; the number of gateways in a row stays small, which stock SpiffWorkflow needs."""

    def __init__(self, draw: Any) -> None:
        self.draw, self.count = draw, 0

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def block(self, depth: int) -> tuple[str, str, str]:
        kinds = ["user"] if depth == 0 else ["user", "sequence", "exclusive", "parallel", "sub"]
        kind = self.draw(st.sampled_from(kinds))
        if kind == "user":
            name = self.name("u")
            return user(name), name, name
        if kind == "sub":
            name, first, last = self.name("sub"), self.name("s"), self.name("e")
            xml, begin, finish = self.block(depth - 1)
            return (
                sub(name, start(first), xml, end(last), flows(f"{first} -> {begin}", f"{finish} -> {last}")),
                name,
                name,
            )
        left, right = self.block(depth - 1), self.block(depth - 1)
        if kind == "sequence":
            return left[0] + right[0] + flow(f"{left[2]} -> {right[1]}"), left[1], right[2]
        split, merged, tag = self.name("g"), self.name("j"), f"{kind}Gateway"
        condition = self.draw(st.sampled_from(["n > 2", "n < 2"])) if kind == "exclusive" else ""
        default = {"default": f"{split}_{right[1]}"} if condition else {}
        parts = [
            node(tag, split, **default),
            left[0],
            right[0],
            node(tag, merged),
            flow(f"{split} -> {left[1]}", condition),
        ]
        rest = [
            flow(f"{split} -> {right[1]}"),
            flow(f"{left[2]} -> {merged}"),
            flow(f"{right[2]} -> {merged}"),
        ]
        return "".join(parts + rest), split, merged


@st.composite
def plain_models(draw: Any) -> bytes:
    xml, first, last = Plain(draw).block(3)
    return bpmn(start(), xml, end(), flows(f"s -> {first}", f"{last} -> e"))


class Stock:
    """The same instance in stock SpiffWorkflow."""

    def __init__(self, xml: bytes, n: int) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(xml))
        self.workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
        self.workflow.task_tree.data["n"] = n
        self.workflow.do_engine_steps()

    def waiting(self) -> list[str]:
        return sorted(
            task.task_spec.name for task in self.workflow.get_tasks(state=TaskState.READY, manual=True)
        )

    def complete(self, name: str, n: int) -> None:
        task = next(
            t for t in self.workflow.get_tasks(state=TaskState.READY, manual=True) if t.task_spec.name == name
        )
        task.data["n"] = n
        task.run()
        self.workflow.do_engine_steps()


@settings(derandomize=True, deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(plain_models(), st.integers(0, 4), st.lists(st.integers(0, 9), min_size=20, max_size=20))
def test_the_same_tasks_wait_after_every_step(xml: bytes, n: int, choices: list[int]) -> None:
    ours, theirs = Drive(xml, {"n": n}), Stock(xml, n)
    for choice in choices:
        assert sorted(ours.waiting()) == theirs.waiting()
        if not theirs.waiting():
            break
        name = theirs.waiting()[choice % len(theirs.waiting())]
        ours.complete(name)
        theirs.complete(name, n)
    assert bool(ours.ended) == theirs.workflow.completed
