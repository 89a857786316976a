"""Each element family gives on Temporal, without any cache, exactly what it gives on the runtime alone."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

from pdflow.runtime import JobAttemptFailed
from pdflow.runtime.messages import JobCall, JobResult
from pdflow.sla import Policy
from tests.runtime.bench import BEGIN, Bench
from tests.workflows.desk import Case, Desk
from tests.workflows.families import FAMILIES, Family, Step, job

pytestmark = pytest.mark.temporal


def local_job(call: JobCall) -> JobResult:
    try:
        return job(call)
    except RuntimeError as error:
        raise JobAttemptFailed(
            f"Job {call.type!r} failed after its retries: {type(error).__name__}."
        ) from error


def command(step: Step, task: str | None) -> dict[str, Any]:
    given = {key: value for key, value in step.items() if key not in ("element", "incident", "hours")}
    if "hours" in step:
        given["after"] = timedelta(hours=step["hours"])
    return {**given, "task": task} if task is not None else given


async def on_temporal(desk: Desk, family: Family) -> tuple[Case, list[tuple[str, str | None]]]:
    desk.records.job = job
    for process, xml in family.called.items():
        desk.deploy(xml, process)
    answers = []
    async with desk.worker(cached=0):
        case = await desk.start(family.xml, family.variables)
        for number, step in enumerate(family.script):
            task = None
            if "element" in step:
                task = await case.task(step["element"])
            elif "incident" in step:
                await case.told("incident_raised", step["incident"])
                token = next(fact.token for fact in case.facts if fact.kind == "incident_raised")
                task = f"{case.id}:{token}"
            answer = await case.send(**command(step, task), id=f"k{number}")
            answers.append((answer.status, answer.code))
        await case.end()
    return case, answers


def on_the_runtime(
    policies: dict[str, Policy], family: Family, instance: str
) -> tuple[Bench, list[tuple[str, str | None]]]:
    bench = Bench(policies, restores=True, instance=instance)
    bench.job = local_job
    for process, xml in family.called.items():
        bench.deploy(xml, process)
    bench.start(family.xml, family.variables)
    answers = []
    for number, step in enumerate(family.script):
        task = None
        if "element" in step:
            task = bench.task(step["element"])
        elif "incident" in step:
            token = next(fact.token for fact in bench.facts if fact.kind == "incident_raised")
            task = f"{instance}:{token}"
        answer = bench.send(**command(step, task), id=f"k{number}")
        answers.append((answer.status, answer.code))
    return bench, answers


@pytest.mark.parametrize("name", FAMILIES)
async def test_temporal_and_the_runtime_alone_tell_the_same(
    desk: Desk, policies: dict[str, Policy], name: str
) -> None:
    family = FAMILIES[name]
    case, answers = await on_temporal(desk, family)
    bench, expected = on_the_runtime(policies, family, case.id)
    assert bench.instance.ended
    assert answers == expected
    assert [asdict(fact) for fact in case.facts] == [asdict(fact) for fact in bench.facts]
    assert desk.records.posted == bench.posted


async def test_a_snapshot_on_temporal_is_that_of_the_runtime_alone(
    desk: Desk, policies: dict[str, Policy]
) -> None:
    family = FAMILIES["escalation"]
    async with desk.worker():
        case = await desk.start(family.xml, family.variables)
        await case.send("advance", variables={"by": "PT48H"}, id="k0")
        snapshot = await case.snapshot()
        status = await case.status()
    bench = Bench(policies, restores=False, instance=case.id)
    bench.start(family.xml, family.variables)
    bench.send("advance", variables={"by": "PT48H"}, id="k0")
    assert snapshot == bench.instance.snapshot()
    assert status == bench.instance.status()
    assert status.now == (BEGIN + timedelta(hours=48)).isoformat().replace("+00:00", "Z")
