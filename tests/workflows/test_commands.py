import asyncio

import pytest

from tests.runtime.bench import bpmn, flows, user_task
from tests.workflows.desk import Desk

pytestmark = pytest.mark.temporal

TWO_TASKS = bpmn(
    '<startEvent id="s"/>'
    + user_task("a")
    + user_task("b")
    + '<endEvent id="e"/>'
    + flows("s", "a", "b", "e")
)


async def test_a_case_runs_to_its_end_and_everything_is_written(desk: Desk) -> None:
    async with desk.worker():
        case = await desk.start(TWO_TASKS)
        answer = await case.complete("a", {"grant": True}, id="k1", effect="determination.sign")
        assert (answer.status, answer.last_fact) == ("done", len(case.facts))
        await case.complete("b")
        await case.end()
    assert desk.records.told(case.id, "task_closed", "ended") == [
        ("task_closed", "a"),
        ("task_closed", "b"),
        ("ended", None),
    ]
    assert [fact.number for fact in case.facts] == list(range(1, len(case.facts) + 1))


async def test_a_step_costs_one_local_activity_and_no_timer(desk: Desk) -> None:
    async with desk.worker():
        case = await desk.start(TWO_TASKS)
        await case.complete("a")
        before = await case.events()
        await case.complete("b")
        await case.end()
        assert (await case.events())[len(before) :] == [
            "workflow_task_scheduled",
            "workflow_task_started",
            "workflow_task_completed",
            "workflow_execution_update_accepted",
            "marker_recorded",
            "workflow_execution_update_completed",
            "workflow_execution_completed",
        ]


async def test_a_refusal_writes_nothing_to_history(desk: Desk) -> None:
    async with desk.worker():
        case = await desk.start(TWO_TASKS)
        task = await case.task("a")
        await case.send("signal", message="x")
        before = await case.events()
        for task_id in (f"{case.id}:99", f"{task}9", "x"):
            answer = await case.send("complete", task=task_id)
            assert (answer.status, answer.code) == ("refused", "task-not-open")
            assert (answer.sentence or "").startswith("This task is not open")
        assert await case.events() == before


async def test_the_same_command_id_acts_once_in_one_run_and_across_updates(desk: Desk) -> None:
    async with desk.worker():
        case = await desk.start(TWO_TASKS)
        task = await case.task("a")
        answers = [await case.send("complete", task=task, id="k1") for _ in range(3)]
        assert answers == [answers[0]] * 3
        assert answers[0].status == "done"
        assert desk.records.told(case.id, "task_closed") == [("task_closed", "a")]


async def test_of_three_completions_at_once_one_counts(desk: Desk) -> None:
    async with desk.worker():
        case = await desk.start(TWO_TASKS)
        task = await case.task("a")
        answers = await asyncio.gather(*(case.send("complete", task=task) for _ in range(3)))
        assert sorted(answer.status for answer in answers) == ["done", "refused", "refused"]
        assert {answer.code for answer in answers if answer.status == "refused"} == {"task-not-open"}
        assert desk.records.told(case.id, "task_closed") == [("task_closed", "a")]
        assert desk.records.told(case.id, "task_opened") == [("task_opened", "a"), ("task_opened", "b")]
