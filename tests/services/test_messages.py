"""Messages between instances: early, late, twice, and to the right one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pdflow.records.tables import Message, Subscription, Task
from pdflow.runtime.definitions import write_manifest
from pdflow.services import definitions, messages, starting, tasks
from pdflow.services.actor import SYSTEM
from pdflow.services.inprocess import InProcessGateway
from pdflow.services.platform import Platform
from tests.services.conftest import GRANT, OFFICER, Clock, World, begin, every, only


def wait_for_answer(platform: Platform, case: str) -> None:
    begin(platform, case=case)
    task = tasks.claim(OFFICER, platform, only(platform, Task, case=case, element="decide").id)
    tasks.complete(OFFICER, platform, task.id, GRANT)


def post(platform: Platform, key: str, **more: Any) -> None:
    with platform.writing() as session:
        messages.post(session, "answer", key, {}, at=platform.now(), **more)


def filing(platform: Platform) -> set[str | None]:
    return {task.case for task in every(platform, Task, element="file")}


def test_a_message_goes_to_the_one_that_awaits_its_key(platform: Platform) -> None:
    for case in ("AAA-AAA", "BBB-BBB"):
        wait_for_answer(platform, case)
    post(platform, "BBB-BBB")
    assert messages.deliver(platform) == 1
    assert filing(platform) == {"BBB-BBB"}
    assert messages.deliver(platform) == 0
    open_one = only(platform, Subscription, ended_by_fact=None)
    assert open_one.key == "AAA-AAA"


def test_an_early_message_waits_until_somebody_awaits_it(platform: Platform) -> None:
    post(platform, "AAA-AAA")
    assert messages.deliver(platform) == 0
    assert [row.key for row in every(platform, Message, state="buffered")] == ["AAA-AAA"]
    wait_for_answer(platform, "AAA-AAA")
    assert filing(platform) == {"AAA-AAA"}, "the projection of the subscription delivers it"
    assert only(platform, Message).state == "delivered"


def test_a_message_is_kept_once_by_its_id(platform: Platform) -> None:
    wait_for_answer(platform, "AAA-AAA")
    for _ in range(3):
        post(platform, "AAA-AAA", id="reply-1")
        messages.deliver(platform)
    assert len(every(platform, Message)) == 1
    assert len(every(platform, Task, element="file")) == 1


def test_two_messages_for_one_that_awaits_one_leave_the_second_waiting(platform: Platform) -> None:
    wait_for_answer(platform, "AAA-AAA")
    post(platform, "AAA-AAA", id="first")
    post(platform, "AAA-AAA", id="second")
    assert messages.deliver(platform) == 1
    assert {row.id: row.state for row in every(platform, Message)} == {
        "first": "delivered",
        "second": "buffered",
    }


def test_a_message_that_nobody_awaited_in_time_is_gone(platform: Platform, clock: Clock) -> None:
    post(platform, "AAA-AAA", time_to_live=timedelta(hours=1))
    clock.move(hours=1)
    messages.deliver(platform)
    wait_for_answer(platform, "AAA-AAA")
    assert only(platform, Message).state == "expired"
    assert filing(platform) == set()


def test_a_message_whose_taker_is_gone_waits_for_the_next(
    platform: Platform, gateway: InProcessGateway
) -> None:
    wait_for_answer(platform, "AAA-AAA")
    instance = only(platform, Subscription).instance
    with platform.writing() as session:
        messages.post(session, "answer", "AAA-AAA", {}, at=platform.now())
    snapshot = gateway.snapshot(instance)
    del gateway.instances[instance]
    assert messages.deliver(platform) == 0
    assert only(platform, Message).state == "buffered"
    gateway.restore(instance, snapshot)
    assert messages.deliver(platform) == 1
    assert filing(platform) == {"AAA-AAA"}


SIGNALS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:x">
  <bpmn:signal id="s" name="doors open" />
  <bpmn:process id="{process}" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="a" sourceRef="begin" targetRef="middle" />
    <bpmn:intermediate{kind}Event id="middle"><bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing>
      <bpmn:signalEventDefinition id="e" signalRef="s" /></bpmn:intermediate{kind}Event>
    <bpmn:sequenceFlow id="b" sourceRef="middle" targetRef="end" />
    <bpmn:endEvent id="end"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>"""


def test_a_signal_reaches_every_running_instance_that_knows_it(
    platform: Platform, gateway: InProcessGateway, world: World
) -> None:
    texts = {"listen": "Catch", "call": "Throw"}
    definitions.install(
        platform,
        [write_manifest(name, SIGNALS.format(process=name, kind=kind)) for name, kind in texts.items()],
    )
    waiting = [starting.start(SYSTEM, platform, "listen").instance for _ in range(3)]
    begin(platform)
    starting.start(SYSTEM, platform, "call")
    assert all(gateway.instances[name].ended for name in waiting)
    assert [row.state for row in every(platform, Message)] == ["delivered"] * 4
    assert every(platform, Task)[0].state == "open"
