"""The case of the benchmarks as BPMN is the one that is written by hand: the same tasks, services and clocks, in order."""

from datetime import UTC, datetime

import pytest

from bench import as_bpmn
from bench.plan import CLOCKS, PEOPLE
from pdflow.runtime import DefinitionSource, LocalDriver
from pdflow.runtime.messages import CommandMessage, JobResult, StartInstance

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SERVICES = ["receive", "tell", "ask", "note", "letter", "prepare", "send", "close"]


@pytest.mark.parametrize("local_services", [True, False])
def test_the_case_as_bpmn_has_the_tasks_services_and_clocks_of_the_plan(local_services):
    source, facts, jobs = DefinitionSource(), [], []
    deployed = [source.add(manifest) for manifest in as_bpmn.manifests()]
    hashes = {definition.process: definition.hash for definition in deployed}

    def run_job(call):
        jobs.append(call)
        return JobResult()

    driver = LocalDriver(
        source,
        run_job=run_job,
        resolve=lambda processes: {process: hashes[process] for process in processes},
        write=lambda batch: facts.extend(batch.facts),
    )
    process = as_bpmn.process("bench-case", local_services=local_services)
    instance = driver.start(StartInstance("I", process, hashes[process], {}), NOW)
    for number in range(len(PEOPLE)):
        opened = [fact for fact in facts if fact.kind == "task_opened"][number]
        done = CommandMessage(f"c{number}", "complete", "u", task=f"I:{opened.token}")
        assert driver.send(instance, done, NOW).status == "done"

    assert instance.ended
    assert [fact.element for fact in facts if fact.kind == "task_opened"] == list(PEOPLE)
    assert [call.element for call in jobs] == SERVICES
    assert {call.quick for call in jobs} == {local_services}
    started = [fact.data for fact in facts if fact.kind == "clock_started"]
    assert [(clock["policy"], len(clock["levels"])) for clock in started] == [(name, 3) for name in CLOCKS]
