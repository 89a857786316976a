"""The case of :mod:`bench.plan` as BPMN: four processes with call activities, clocks as settings of the tasks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sqlmodel import Session

from bench.by_hand import rows
from bench.plan import CLOCKS, LEVELS, PROCESSES, Step
from pdflow.runtime.definitions import write_manifest
from pdflow.services.registry import JobContext, job
from pdflow.sla import Policy, read_policy
from pdflow.sla.duration import write as duration_text

JOB = "bench.serve"
_HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'id="defs" targetNamespace="https://example.org/bench">'
)


@job(JOB)
def serve(session: Session, context: JobContext) -> dict[str, object]:
    """The service of a service task, the same as by hand."""
    rows.serve(session.connection(), context.key, context.at.isoformat())
    return {}


def process(name: str, *, local_services: bool) -> str:
    """Id of a process of the plan: there is one whose services are local activities, and one where they are not."""
    return f"{name}-local" if local_services else name


def manifests() -> Iterator[bytes]:
    """All processes, ready to be deployed."""
    policies = {name: _policy(name) for name in CLOCKS}
    for local_services in (True, False):
        for name, steps in PROCESSES.items():
            id = process(name, local_services=local_services)
            yield write_manifest(id, _model(id, steps, local_services), policies=policies)


def _policy(name: str) -> Policy:
    levels = [{"name": level, "percent": percent} for level, percent in LEVELS.items() if percent < 100]
    data = {"id": name, "title": name, "target": duration_text(CLOCKS[name]), "calendar": "elapsed"}
    return read_policy({**data, "holder": "office", "pausable": False, "levels": levels, "escalation": []})


def _model(id: str, steps: tuple[Step, ...], local_services: bool) -> str:
    ids = ["begin", *(_id(step) for step in steps), "done"]
    flows = "".join(
        f'<sequenceFlow id="f{index}" sourceRef="{source}" targetRef="{target}"/>'
        for index, (source, target) in enumerate(pairwise(ids))
    )
    elements = "".join(_element(step, local_services) for step in steps)
    return (
        f'{_HEAD}<process id="{id}" name="{id}" isExecutable="true"><startEvent id="begin"/>{elements}'
        f'<endEvent id="done"/>{flows}</process></definitions>'
    )


def _element(step: Step, local_services: bool) -> str:
    match step.kind:
        case "service":
            quick = "" if local_services else '<zeebe:header key="quick" value="false"/>'
            tag = "serviceTask"
            inside = f'<zeebe:taskDefinition type="{JOB}"/><zeebe:taskHeaders>{quick}</zeebe:taskHeaders>'
        case "call":
            tag = "callActivity"
            called = process(step.name, local_services=local_services)
            inside = f'<zeebe:calledElement processId="{called}" propagateAllChildVariables="false"/>'
        case _:
            group = "&quot;NYC.officer&quot;"
            clock = f'<zeebe:property name="sla:policy" value="{step.clock}"/>' if step.clock else ""
            tag = "userTask"
            inside = f'<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="={group}"/>'
            inside += f"<zeebe:properties>{clock}</zeebe:properties>" if clock else ""
    return (
        f'<{tag} id="{_id(step)}" name="{step.name}"><extensionElements>{inside}</extensionElements></{tag}>'
    )


def _id(step: Step) -> str:
    return f"call-{step.name}" if step.kind == "call" else step.name
