"""Models written as a few lines of BPMN, and a driver that can restore the instance after every call."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from pdflow.runtime import DefinitionSource, Instance, JobAttemptFailed, LocalDriver, write_manifest
from pdflow.runtime.messages import (
    Answer,
    Batch,
    CommandMessage,
    Fact,
    JobCall,
    JobResult,
    OutgoingMessage,
    StartInstance,
)
from pdflow.sla import Policy

BEGIN = datetime(2026, 11, 25, 21, 30, tzinfo=UTC)


def bpmn(body: str, *, process: str = "p", before: str = "") -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="http://example.org">
  {before}
  <process id="{process}" isExecutable="true">
    {body}
  </process>
</definitions>"""


def flows(*ids: str) -> str:
    """Sequence flows that join elements in this order; each id names the flow ``a_b``."""
    return "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(ids))


def properties(**values: str) -> str:
    entries = "".join(
        f'<zeebe:property name="{n.replace("_", ":")}" value="{v}"/>' for n, v in values.items()
    )
    return f"<zeebe:properties>{entries}</zeebe:properties>"


def user_task(name: str, *, groups: str = "", extra: str = "") -> str:
    assigned = f"<zeebe:assignmentDefinition candidateGroups='{groups}'/>" if groups else ""
    return (
        f'<userTask id="{name}" name="{name}"><extensionElements><zeebe:userTask/>{assigned}{extra}'
        "</extensionElements></userTask>"
    )


def service_task(name: str, kind: str = "work", *, retries: int = 3, extra: str = "") -> str:
    return (
        f'<serviceTask id="{name}"><extensionElements><zeebe:taskDefinition type="{kind}" retries="{retries}"/>{extra}'
        "</extensionElements></serviceTask>"
    )


class Bench:
    """One simulated instance, and everything that came out of it."""

    def __init__(self, policies: dict[str, Policy], restores: bool, instance: str = "I1") -> None:
        self.source = DefinitionSource()
        self.policies = policies
        self.restores = restores
        self.id = instance
        self.facts: list[Fact] = []
        self.batches: list[Batch] = []
        self.posted: list[OutgoingMessage] = []
        self.calls: list[JobCall] = []
        self.job: Callable[[JobCall], JobResult | None] = lambda call: JobResult()
        self.definitions: dict[str, str] = {}
        self.instance: Instance
        self.driver = LocalDriver(
            self.source,
            run_job=self._run,
            resolve=lambda wanted: {
                name: self.definitions[name] for name in wanted if name in self.definitions
            },
            write=self._write,
            post=self.posted.extend,
        )
        self._sent = 0

    def deploy(self, xml: str, process: str = "p") -> str:
        self.definitions[process] = self.source.add(write_manifest(process, xml, policies=self.policies)).hash
        return self.definitions[process]

    def start(self, xml: str, variables: dict[str, Any] | None = None, **more: Any) -> Instance:
        start = {
            "at": BEGIN.isoformat(),
            "simulated": True,
            "case": "C-1",
            "unit": "NYC",
            "command": "c0",
            "actor": "u0",
        }
        begin = StartInstance(self.id, "p", self.deploy(xml), variables or {}, **{**start, **more})
        self.instance = self.driver.start(begin, BEGIN)
        return self.instance

    def send(
        self, name: str, *, id: str = "", after: timedelta | None = None, now: datetime = BEGIN, **more: Any
    ) -> Answer:
        self._sent += 1
        if after is not None:
            more["at"] = (BEGIN + after).isoformat()
        if self.restores:
            self.instance = Instance.restore(json.loads(json.dumps(self.instance.snapshot())), self.source)
        return self.driver.send(
            self.instance, CommandMessage(id or f"c{self._sent}", name, "u1", **more), now
        )

    def complete(self, element: str, variables: dict[str, Any] | None = None, **more: Any) -> Answer:
        return self.send("complete", task=self.task(element), variables=variables or {}, **more)

    def task(self, element: str) -> str:
        """Id of the oldest open task of an element."""
        open_tasks = set(self.instance.status().open_tasks)
        found = (
            f"{self.id}:{fact.token}"
            for fact in self.facts
            if fact.kind == "task_opened" and fact.element == element
        )
        return next(task for task in found if task in open_tasks)

    def told(self, *kinds: str, since: int = 0) -> list[tuple[str, str | None]]:
        """Kind and element of the facts of these kinds (all, when none is named)."""
        chosen = (fact for fact in self.facts if fact.number > since and (not kinds or fact.kind in kinds))
        return [(fact.kind, fact.element) for fact in chosen]

    def data(self, kind: str) -> list[dict[str, Any]]:
        return [fact.data for fact in self.facts if fact.kind == kind]

    def at(self, kind: str) -> list[timedelta]:
        """When facts of a kind happened, from the start."""
        return [datetime.fromisoformat(fact.at) - BEGIN for fact in self.facts if fact.kind == kind]

    def _run(self, call: JobCall) -> JobResult | None:
        self.calls.append(call)
        return self.job(call)

    def _write(self, batch: Batch) -> None:
        assert batch.first == len(self.facts) + 1
        self.batches.append(batch)
        self.facts.extend(batch.facts)


def failing(times: int) -> Callable[[JobCall], JobResult]:
    """A job that fails so often, then works."""
    left = [times]

    def job(call: JobCall) -> JobResult:
        if left[0]:
            left[0] -= 1
            raise JobAttemptFailed("unreachable")
        return JobResult({"ok": True})

    return job
