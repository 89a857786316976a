import json
from datetime import timedelta
from typing import Any

import pytest

from pdflow.runtime import DefinitionMissing, DefinitionSource, Instance, SnapshotRefused, StartRefused
from pdflow.runtime.messages import CommandMessage, StartInstance
from pdflow.sla import Policy
from tests.runtime.bench import BEGIN, Bench, bpmn, flows, properties, service_task, user_task

LOOP = bpmn(
    '<startEvent id="s"/>'
    '<exclusiveGateway id="again" default="again_e"/>'
    + user_task("t", groups='=office + ".officer"', extra=properties(sla_policy="notify"))
    + '<endEvent id="e"/>'
    + flows("s", "t")
    + flows("t", "again", "e")
    + '<sequenceFlow id="back" sourceRef="again" targetRef="t"><conditionExpression>=go</conditionExpression></sequenceFlow>'
)
ENDLESS = bpmn(
    '<startEvent id="s"/><exclusiveGateway id="a"/><exclusiveGateway id="b"/>' + flows("s", "a", "b", "a")
)


def test_a_snapshot_is_json_and_restores_to_itself(bench: Bench) -> None:
    bench.start(LOOP, {"office": "NYC"})
    bench.complete("t", {"go": True}, after=timedelta(hours=30))
    snapshot = bench.instance.snapshot()
    assert Instance.restore(json.loads(json.dumps(snapshot)), bench.source).snapshot() == snapshot


def test_a_snapshot_shares_nothing_with_the_instance(bench: Bench) -> None:
    bench.start(LOOP, {"office": "NYC"})
    before = bench.instance.snapshot()
    text = json.dumps(before)
    bench.complete("t", {"go": True})
    assert json.dumps(before) == text


def test_the_state_does_not_grow_with_the_age_of_a_case(policies: dict[str, Policy]) -> None:
    bench = Bench(policies, restores=False)
    bench.start(LOOP, {"office": "NYC"})
    for number in range(1000):
        bench.complete("t", {"go": True}, after=timedelta(hours=number))
    assert len(bench.facts) > 6000
    snapshot = {**bench.instance.snapshot(), "inbox": None}
    assert len(json.dumps(snapshot, separators=(",", ":"))) < 2048


@pytest.mark.parametrize("version", [None, 0, 2, "1"])
def test_a_snapshot_of_another_version_is_refused(bench: Bench, version: Any) -> None:
    bench.start(LOOP, {"office": "NYC"})
    with pytest.raises(SnapshotRefused, match="expected a snapshot of version 1"):
        Instance.restore({**bench.instance.snapshot(), "version": version}, bench.source)


def test_a_start_from_a_snapshot_goes_on_where_it_was(bench: Bench) -> None:
    bench.start(LOOP, {"office": "NYC"})
    begin = StartInstance("I1", "p", "", {}, snapshot=json.loads(json.dumps(bench.instance.snapshot())))
    bench.instance = Instance.start(begin, bench.source, BEGIN)
    assert bench.instance.batch() is None
    bench.complete("t", {"go": False})
    assert bench.instance.ended


def test_unwritten_facts_and_late_arrivals_travel_with_the_snapshot(policies: dict[str, Policy]) -> None:
    bench = Bench(policies, restores=False)
    definition = bench.deploy(LOOP)
    begin = StartInstance("I1", "p", definition, {"office": "NYC"}, command="c0")
    instance = Instance.start(begin, bench.source, BEGIN)
    started = instance.batch()
    assert started is not None
    task = instance.status().open_tasks[0]
    instance.keep(CommandMessage("k1", "complete", "u1", task=task, variables={"go": False}))
    restored = Instance.restore(json.loads(json.dumps(instance.snapshot())), bench.source)
    assert restored.unwritten == len(started.facts)
    answers = restored.wake(BEGIN)
    assert (answers["k1"].status, restored.ended) == ("done", True)
    batch = restored.batch()
    assert batch is not None
    assert [fact.number for fact in batch.facts] == list(range(1, restored.last_fact + 1))
    assert batch.facts[: len(started.facts)] == started.facts
    restored.written(batch.facts[-1].number)
    assert (restored.unwritten, restored.batch()) == (0, None)


def test_a_job_under_way_is_asked_for_again_after_a_restore(policies: dict[str, Policy]) -> None:
    bench = Bench(policies, restores=False)
    bench.job = lambda call: None
    bench.start(
        bpmn('<startEvent id="s"/>' + service_task("w") + '<endEvent id="e"/>' + flows("s", "w", "e"))
    )
    restored = Instance.restore(json.loads(json.dumps(bench.instance.snapshot())), bench.source)
    assert restored.jobs == bench.instance.jobs != {}


def test_batches_hold_five_hundred_facts_at_most_and_leave_no_gap(policies: dict[str, Policy]) -> None:
    bench = Bench(policies, restores=False)
    people = [{"id": number} for number in range(300)]
    task = user_task("t").replace(
        "</userTask>",
        "<multiInstanceLoopCharacteristics><extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=people" inputElement="r"/>'
        "</extensionElements></multiInstanceLoopCharacteristics></userTask>",
    )
    bench.start(
        bpmn('<startEvent id="s"/>' + task + '<endEvent id="e"/>' + flows("s", "t", "e")), {"people": people}
    )
    assert len(bench.batches[0].facts) == 500
    assert [fact.number for fact in bench.facts] == list(range(1, len(bench.facts) + 1))


def test_a_model_that_never_rests_gives_back_control_and_can_be_cancelled(
    policies: dict[str, Policy],
) -> None:
    bench = Bench(policies, restores=False)
    begin = StartInstance("I1", "p", bench.deploy(ENDLESS), {})
    instance = Instance.start(begin, bench.source, BEGIN)
    assert instance.more
    instance.written(instance.last_fact)
    instance.wake(BEGIN)
    assert instance.more
    answer = instance.handle(CommandMessage("k", "cancel", "u1"), BEGIN)["k"]
    assert (answer.status, instance.ended, instance.more) == ("done", True, False)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({"process": "q"}, "holds process 'q'", id="process-not-in-it"),
        pytest.param(
            {"at": "2026-11-25T00:00:00Z", "simulated": False}, "only a simulated instance", id="real-with-at"
        ),
        pytest.param({"at": "yesterday"}, "instants in ISO 8601", id="bad-instant"),
        pytest.param(
            {"variables": {"x": {"$feel": "junk"}}}, "variables in their encoding", id="bad-variables"
        ),
    ],
)
def test_a_start_that_cannot_be_is_refused(bench: Bench, change: dict[str, Any], sentence: str) -> None:
    start = {"process": "p", "variables": {}, "simulated": True, "definition": bench.deploy(LOOP), **change}
    with pytest.raises(StartRefused, match=sentence):
        Instance.start(StartInstance(instance="I1", **start), bench.source, BEGIN)


def test_a_definition_that_nobody_deployed_is_missing() -> None:
    with pytest.raises(DefinitionMissing, match="deploy its manifest"):
        Instance.start(StartInstance("I1", "p", "0" * 64, {}), DefinitionSource(), BEGIN)


def test_after_a_fault_a_command_is_refused_and_the_instance_goes_on(bench: Bench) -> None:
    bench.start(LOOP, {"office": "NYC"})
    answers = bench.instance.report_fault("KeyError", CommandMessage("k", "signal", "u1"))
    assert (answers["k"].status, answers["k"].code) == ("refused", "fault")
    assert bench.complete("t", {"go": False}).status == "done"


def test_after_a_fault_of_its_own_an_instance_halts_until_a_person_retries(bench: Bench) -> None:
    bench.start(LOOP, {"office": "NYC"}, at=None, simulated=False)
    assert bench.instance.report_fault("KeyError", None) == {}
    assert bench.complete("t", {"go": False}).code == "halted"
    assert bench.instance.due == BEGIN + timedelta(hours=24)
    bench.driver.wake(bench.instance, BEGIN + timedelta(hours=48))
    assert [data["level"] for data in bench.data("clock_level")] == ["half", "warning", "breached"]
    assert bench.send("retry", now=BEGIN + timedelta(hours=48)).status == "done"
    assert bench.complete("t", {"go": False}, now=BEGIN + timedelta(hours=48)).status == "done"
    assert len(bench.data("incident_cleared")) == 1
