"""Databases that go away, workers that die, long lives, faults: nothing is lost, doubled or stuck."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError

from pdflow.runtime import Answers, Instance
from pdflow.runtime.messages import Answer, CommandMessage, JobCall, JobResult
from pdflow.sla import read_policy
from tests.runtime.bench import bpmn, flows, properties, service_task, user_task
from tests.workflows.desk import OFFICE, Desk
from tests.workflows.families import END, START, boundary, many, timer
from workflows import process_instance

pytestmark = pytest.mark.temporal

TWO_TASKS = bpmn(START + user_task("a") + user_task("b") + END + flows("s", "a", "b", "e"))
HUNDRED = bpmn(START + many(user_task("t"), "items", "i") + END + flows("s", "t", "e"))

QUICK: dict[str, Any] = {
    "id": "notify",
    "title": "Quick",
    "target": "PT2S",
    "calendar": "elapsed",
    "holder": "office",
    "levels": [{"name": "half", "percent": 50}],
    "escalation": [{"level": "breached", "step": "director"}],
}


async def test_a_long_life_goes_on_in_new_runs_while_commands_keep_coming(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_instance, "BUDGET", 100)
    monkeypatch.setattr(process_instance, "HARD_BUDGET", 150)
    async with desk.worker():
        case = await desk.start(HUNDRED, {"items": list(range(100))})
        await case.task("t")
        tasks = [f"{case.id}:{fact.token}" for fact in case.facts if fact.kind == "task_opened"]
        assert len(tasks) == 100
        at_once = asyncio.Semaphore(5)

        async def complete(task: str) -> Answer:
            async with at_once:
                return await case.send("complete", task=task, id=f"k{task}")

        answers = await asyncio.gather(*(complete(task) for task in tasks))
        await case.end()
    assert {answer.status for answer in answers} <= {"done", "running"}
    assert len(desk.records.told(case.id, "task_closed")) == 100
    assert [fact.number for fact in case.facts] == list(range(1, len(case.facts) + 1))
    first = await desk.client.get_workflow_handle(
        case.handle.id, run_id=case.handle.first_execution_run_id
    ).describe()
    assert first.status is WorkflowExecutionStatus.CONTINUED_AS_NEW


async def test_a_repeat_after_a_new_run_has_begun_is_recognised(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_instance, "BUDGET", 20)
    async with desk.worker():
        case = await desk.start(HUNDRED, {"items": list(range(20))})
        first = await case.complete("t", id="k1")
        while (await case.handle.describe()).run_id == case.handle.first_execution_run_id:
            await case.complete("t")
        again = await case.send("complete", task=f"{case.id}:1", id="k1")
    assert (again.status, again.last_fact) == ("repeat", first.last_fact)


async def test_a_job_under_way_is_begun_again_when_a_life_becomes_too_long(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_instance, "HARD_BUDGET", 60)
    slow = '<zeebe:taskHeaders><zeebe:header key="quick" value="false"/></zeebe:taskHeaders>'
    model = bpmn(START + service_task("w", extra=slow) + END + flows("s", "w", "e"))
    desk.records.hold = asyncio.Event()
    async with desk.worker():
        case = await desk.start(model)
        while (await case.handle.describe()).run_id == case.handle.first_execution_run_id:
            await case.send("signal", message="x")
        desk.records.hold.set()
        await case.end()
    assert len({call.key for call in desk.records.calls}) == 1
    assert desk.records.told(case.id, "job_done", "ended") == [("job_done", "w"), ("ended", None)]


async def test_what_arrives_during_a_hand_over_waits_in_the_inbox(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_instance, "HARD_BUDGET", 25)
    async with desk.worker():
        case = await desk.start(HUNDRED, {"items": list(range(4))})
        await case.task("t")
        tasks = [f"{case.id}:{fact.token}" for fact in case.facts if fact.kind == "task_opened"]
        desk.records.away = True
        assert (await case.send("complete", task=tasks[0], id="k0", patience=0.2)).status == "running"
        while (await case.handle.describe()).history_length < 25:
            assert (await case.send("signal", message="x", patience=0.2)).status == "running"
        answers = [await case.send("complete", task=task, id=f"k-{task}") for task in tasks[1:]]
        assert [answer.status for answer in answers] == ["running"] * 3
        assert len((await case.status()).open_tasks) == 3
        desk.records.away = False
        await case.end()
    assert len(desk.records.told(case.id, "task_closed")) == 4
    commands = [fact.command for fact in case.facts if fact.kind == "task_closed"]
    assert commands == ["k0", *(f"k-{task}" for task in tasks[1:])]


async def test_a_case_played_up_to_its_anchor_lives_on_in_real_time(desk: Desk) -> None:
    desk.policies = {"notify": read_policy({**QUICK, "target": "PT2S"})}
    model = bpmn(
        START
        + user_task("a")
        + user_task("serve", extra=properties(sla_policy="notify"))
        + END
        + flows("s", "a", "serve", "e")
    )
    anchor = datetime.now(UTC) + timedelta(seconds=1)
    async with desk.worker():
        case = await desk.start(model, at=(anchor - timedelta(days=9)).isoformat(), anchor=anchor.isoformat())
        await case.complete("a", at=anchor.isoformat())
        assert not (await case.status()).simulated
        await case.told("escalated")
        await case.complete("serve")
        await case.end()
    late = [fact for fact in case.facts if fact.kind == "clock_level"][-1]
    assert timedelta(seconds=2) <= datetime.fromisoformat(late.at) - anchor < timedelta(seconds=3)
    assert [fact.data["outcome"] for fact in case.facts if fact.kind == "clock_stopped"] == ["met_late"]


async def test_the_office_that_search_shows_follows_a_transfer(desk: Desk) -> None:
    async with desk.worker():
        case = await desk.start(TWO_TASKS, {"office": "NYC"}, office="NYC")
        await case.send("transfer", variables={"unit": "BOS"})
        await case.complete("a")
        shown = (await case.handle.describe()).typed_search_attributes
    assert shown.get(OFFICE) == "BOS"


async def test_while_the_database_is_away_commands_are_taken_and_timers_go_on(desk: Desk) -> None:
    model = bpmn(
        START
        + user_task("a")
        + user_task("b")
        + END
        + flows("s", "a", "b", "e")
        + boundary(
            "late",
            "b",
            "<timerEventDefinition><timeDuration>PT1S</timeDuration></timerEventDefinition>",
            cancel=False,
        )
        + user_task("chase")
        + '<endEvent id="e2"/>'
        + flows("late", "chase", "e2")
    )
    async with desk.worker():
        case = await desk.start(model, at=None, simulated=False)
        task = await case.task("a")
        written = len(case.facts)
        desk.records.away = True
        assert (await case.send("complete", task=task, id="k1", patience=2)).status == "running"
        status = await case.status()
        assert (status.unwritten > 0, len(status.open_tasks)) == (True, 2)
        assert len(case.facts) == written
        desk.records.away = False
        await case.told("task_opened", "chase")
        answer = await case.send("complete", task=task, id="k1")
        assert (answer.status, desk.records.told(case.id, "task_closed")) == ("done", [("task_closed", "a")])
    assert [fact.number for fact in case.facts] == list(range(1, len(case.facts) + 1))
    assert desk.records.refused >= 3


async def test_an_instance_ends_only_when_everything_is_written(desk: Desk) -> None:
    async with desk.worker():
        case = await desk.start(TWO_TASKS)
        await case.complete("a")
        task = await case.task("b")
        desk.records.away = True
        assert (await case.send("complete", task=task, patience=0.5)).status == "running"
        assert (await case.handle.describe()).status is WorkflowExecutionStatus.RUNNING
        desk.records.away = False
        await case.end()
    assert case.facts[-1].kind == "ended"


async def test_a_worker_that_went_away_is_replaced_without_a_trace(desk: Desk) -> None:
    async with desk.worker():
        case = await desk.start(TWO_TASKS)
        await case.complete("a")
        task = await case.task("b")
    sent = asyncio.create_task(case.send("complete", task=task))
    async with desk.worker():
        assert (await sent).status == "done"
        await case.end()


async def test_a_real_clock_announces_its_levels_and_escalates_at_their_second(desk: Desk) -> None:
    desk.policies = {"notify": read_policy(QUICK)}
    model = bpmn(
        START
        + user_task("serve", extra=properties(sla_policy="notify"))
        + END
        + flows("s", "serve", "e")
        + boundary("late", "serve", '<signalEventDefinition signalRef="sig"/>')
        + '<endEvent id="e2"/>'
        + flows("late", "e2"),
        before='<signal id="sig" name="sla.escalation"/>',
    )
    async with desk.worker():
        case = await desk.start(model, at=None, simulated=False)
        await case.end()
        names = await case.events()
    instants = dict(next(fact.data["levels"] for fact in case.facts if fact.kind == "clock_started"))
    for fact in (fact for fact in case.facts if fact.kind == "clock_level"):
        late = datetime.fromisoformat(fact.at) - datetime.fromisoformat(instants[fact.data["level"]])
        assert timedelta(0) <= late < timedelta(seconds=1)
    assert [fact.data["level"] for fact in case.facts if fact.kind == "clock_level"] == ["half", "breached"]
    assert names.count("timer_started") == 2


async def test_only_an_earlier_due_time_starts_another_timer(desk: Desk) -> None:
    model = bpmn(
        START
        + user_task("a", extra=properties(sla_policy="decide"))
        + user_task("b", extra=properties(sla_policy="notify"))
        + timer("t", "P40D")
        + END
        + flows("s", "a", "b", "t", "e")
    )
    async with desk.worker():
        case = await desk.start(model, at=None, simulated=False)
        await case.complete("a")
        await case.complete("b")
        await case.send("cancel")
        await case.end()
        names = await case.events()
    assert (names.count("timer_started"), names.count("timer_fired")) == (2, 0)


async def test_a_slow_job_is_a_regular_activity_and_a_quick_one_a_local(desk: Desk) -> None:
    slow = '<zeebe:taskHeaders><zeebe:header key="quick" value="false"/></zeebe:taskHeaders>'
    model = bpmn(START + service_task("q") + service_task("w", extra=slow) + END + flows("s", "q", "w", "e"))
    async with desk.worker():
        case = await desk.start(model)
        await case.end()
        names = await case.events()
    assert [call.element for call in desk.records.calls] == ["q", "w"]
    assert names.count("activity_task_scheduled") == 1


async def test_a_job_is_tried_again_before_it_is_an_incident(desk: Desk) -> None:
    attempts: list[str] = []

    def job(call: JobCall) -> JobResult:
        attempts.append(call.key)
        if len(attempts) < 2:
            raise ConnectionError("not now")
        return JobResult()

    desk.records.job = job
    async with desk.worker():
        case = await desk.start(bpmn(START + service_task("w", retries=2) + END + flows("s", "w", "e")))
        await case.end()
    assert len(attempts) == 2
    assert desk.records.told(case.id, "incident_raised") == []


async def test_a_fault_in_a_command_is_an_incident_and_not_a_failed_task(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = Instance.handle

    def wrong(self: Instance, incoming: Any, now: datetime) -> Answers:
        answers = right(self, incoming, now)
        if isinstance(incoming, CommandMessage) and incoming.message == "poison":
            raise KeyError("poison")
        return answers

    monkeypatch.setattr(Instance, "handle", wrong)
    async with desk.worker():
        case = await desk.start(TWO_TASKS)
        await case.complete("a")
        answer = await case.send("signal", message="poison")
        assert (answer.status, answer.code) == ("refused", "fault")
        assert (await case.complete("b")).status == "done"
        await case.end()
        assert "workflow_task_failed" not in await case.events()
    assert [fact.data["code"] for fact in case.facts if fact.kind == "incident_raised"] == ["fault"]
    assert [fact.number for fact in case.facts] == list(range(1, len(case.facts) + 1))


async def test_a_fault_of_its_own_halts_an_instance_until_a_person_retries(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = Instance.wake

    def wrong(self: Instance, now: datetime) -> Answers:
        handled = [command for command, _ in self.snapshot()["inbox"]["handled"]]
        if "mended" in handled:
            return right(self, now)
        raise KeyError("timer")

    model = bpmn(START + timer("t", "PT1S") + user_task("a") + END + flows("s", "t", "a", "e"))
    monkeypatch.setattr(Instance, "wake", wrong)
    async with desk.worker():
        case = await desk.start(model, at=None, simulated=False)
        await case.told("incident_raised")
        assert (await case.send("signal", message="x")).code == "halted"
        assert (await case.send("retry", id="mended")).status == "done"
        assert (await case.complete("a")).status == "done"
        await case.end()
    assert desk.records.told(case.id, "incident_cleared") == [("incident_cleared", None)]


async def test_a_start_that_cannot_be_ends_with_its_reason(desk: Desk) -> None:
    async with desk.worker():
        case = await desk.start(TWO_TASKS, simulated=False)
        with pytest.raises(WorkflowFailureError) as failed:
            await case.handle.result()
    assert getattr(failed.value.cause, "type", None) == "start-refused"
    assert case.facts == []


async def test_a_cancellation_in_temporal_itself_ends_the_process_with_its_facts(desk: Desk) -> None:
    async with desk.worker():
        case = await desk.start(TWO_TASKS)
        await case.task("a")
        await case.handle.cancel()
        await case.end()
    assert [fact.kind for fact in case.facts][-4:] == ["command_done", "task_closed", "terminated", "ended"]
    assert {fact.actor for fact in case.facts[-4:]} == {None}
    assert case.facts[-1].data["state"] == "terminated"


async def test_a_thrown_message_is_written_with_the_facts_of_its_step(desk: Desk) -> None:
    model = bpmn(
        START
        + '<intermediateThrowEvent id="t"><messageEventDefinition messageRef="m"/></intermediateThrowEvent>'
        + END
        + flows("s", "t", "e"),
        before='<message id="m" name="pd.answer"><extensionElements><zeebe:subscription correlationKey="=inquiry"/>'
        "</extensionElements></message>",
    )
    async with desk.worker():
        case = await desk.start(model, {"inquiry": "Q-7"})
        await case.end()
    assert [(m.id, m.name, m.key) for m in desk.records.posted] == [(f"{case.id}:m1", "pd.answer", "Q-7")]
    assert ("message_thrown", "t") in [(f.kind, f.element) for f in desk.records.batches[-1].facts]


async def test_a_case_seeded_on_the_runtime_goes_on_from_its_snapshot(desk: Desk) -> None:
    async with desk.worker():
        seeded = await desk.start(TWO_TASKS)
        await seeded.complete("a", id="k1")
        snapshot = await seeded.snapshot()
        await seeded.handle.terminate()
        handle = await desk.client.start_workflow(
            "ProcessInstance",
            {"instance": seeded.id, "process": "p", "definition": "", "variables": {}, "snapshot": snapshot},
            id=f"p/{seeded.id}",
            task_queue=desk.queue,
        )
        seeded.handle = handle
        assert (await seeded.send("complete", task=f"{seeded.id}:1", id="k1")).status == "repeat"
        assert (await seeded.complete("b")).status == "done"
        await seeded.end()
    assert [fact.number for fact in seeded.facts] == list(range(1, len(seeded.facts) + 1))
