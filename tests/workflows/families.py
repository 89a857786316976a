"""One model and one script for each element family, run on Temporal and on the runtime alone."""

from dataclasses import dataclass, field
from typing import Any

from pdflow.runtime.messages import JobCall, JobResult
from tests.runtime.bench import bpmn, flows, properties, service_task, user_task

Step = dict[str, Any]


@dataclass
class Family:
    """A script entry is a command; its ``element`` names the task whose id is filled in."""

    xml: str
    script: list[Step]
    variables: dict[str, Any] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)


def timer(name: str, length: str) -> str:
    return (
        f'<intermediateCatchEvent id="{name}"><timerEventDefinition><timeDuration>{length}</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>"
    )


def boundary(name: str, host: str, definition: str, *, cancel: bool = True) -> str:
    return f'<boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{str(cancel).lower()}">{definition}</boundaryEvent>'


def many(task: str, collection: str, item: str) -> str:
    loop = (
        "<multiInstanceLoopCharacteristics><extensionElements>"
        f'<zeebe:loopCharacteristics inputCollection="={collection}" inputElement="{item}"/>'
        "</extensionElements></multiInstanceLoopCharacteristics></userTask>"
    )
    return task.replace("</userTask>", loop)


START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
MESSAGE = (
    '<message id="m" name="pd.appeal"><extensionElements><zeebe:subscription correlationKey="=case"/></extensionElements>'
    "</message>"
)
PLAIN = {"name": "complete"}


def job(call: JobCall) -> JobResult:
    """What the jobs of these models do; ``broken`` asks for a person."""
    if call.type == "bounce":
        return JobResult(error="bounced")
    if call.type == "broken" and not call.variables.get("mended"):
        raise RuntimeError("never with this input")
    return JobResult({"served": call.element})


FAMILIES = {
    "user-and-service-tasks": Family(
        bpmn(
            START + user_task("a") + service_task("w") + user_task("b") + END + flows("s", "a", "w", "b", "e")
        ),
        [{**PLAIN, "element": "a", "variables": {"n": 1}}, {**PLAIN, "element": "b"}],
    ),
    "error-boundary": Family(
        bpmn(
            START
            + service_task("w", "bounce")
            + END
            + flows("s", "w", "e")
            + boundary("caught", "w", '<errorEventDefinition errorRef="err"/>')
            + user_task("fix")
            + '<endEvent id="e2"/>'
            + flows("caught", "fix", "e2"),
            before='<error id="err" errorCode="bounced"/>',
        ),
        [{**PLAIN, "element": "fix"}],
    ),
    "timers": Family(
        bpmn(
            START
            + timer("t1", "PT10H")
            + service_task("w")
            + timer("t2", "P2D")
            + END
            + flows("s", "t1", "w", "t2", "e")
        ),
        [{"name": "advance", "variables": {"by": "P3D"}}],
    ),
    "message": Family(
        bpmn(
            START
            + '<intermediateCatchEvent id="c"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
            + END
            + flows("s", "c", "e"),
            before=MESSAGE,
        ),
        [
            {"name": "message", "message": "pd.appeal", "key": "C-2"},
            {"name": "message", "message": "pd.appeal", "key": "C-1", "variables": {"late": True}},
        ],
        {"case": "C-1"},
    ),
    "signal-and-throw": Family(
        bpmn(
            START
            + user_task("a")
            + '<intermediateThrowEvent id="t"><messageEventDefinition messageRef="m"/></intermediateThrowEvent>'
            + END
            + flows("s", "a", "t", "e")
            + boundary("g", "a", '<signalEventDefinition signalRef="sig"/>', cancel=False)
            + user_task("b")
            + '<endEvent id="e2"/>'
            + flows("g", "b", "e2"),
            before=MESSAGE + '<signal id="sig" name="look"/>',
        ),
        [{"name": "signal", "message": "look"}, {**PLAIN, "element": "a"}, {**PLAIN, "element": "b"}],
        {"case": "C-1"},
    ),
    "gateways": Family(
        bpmn(
            START
            + '<exclusiveGateway id="m"/><parallelGateway id="f"/>'
            + user_task("a")
            + user_task("b")
            + '<parallelGateway id="j"/><exclusiveGateway id="x" default="x_e"/>'
            + END
            + flows("s", "m", "f", "a", "j", "x", "e")
            + flows("f", "b", "j")
            + '<sequenceFlow id="back" sourceRef="x" targetRef="m"><conditionExpression>=again</conditionExpression></sequenceFlow>'
        ),
        [
            {**PLAIN, "element": "b", "variables": {"again": True}},
            {**PLAIN, "element": "a"},
            {**PLAIN, "element": "a"},
            {**PLAIN, "element": "b", "variables": {"again": False}},
        ],
    ),
    "multi-instance-clocks": Family(
        bpmn(
            START
            + many(
                user_task("t", extra=properties(sla_policy="notify", sla_subject="=r.id")), "recipients", "r"
            )
            + END
            + flows("s", "t", "e")
        ),
        [
            {**PLAIN, "element": "t", "hours": 47},
            {"name": "transfer", "variables": {"unit": "BOS"}, "hours": 48},
            {**PLAIN, "element": "t", "hours": 49},
        ],
        {"recipients": [{"id": "r1"}, {"id": "r2"}], "office": "NYC"},
    ),
    "escalation": Family(
        bpmn(
            START
            + user_task("serve", groups='=office + ".officer"', extra=properties(sla_policy="notify"))
            + END
            + flows("s", "serve", "e")
            + '<subProcess id="escalate" triggeredByEvent="true"><startEvent id="es" isInterrupting="false">'
            '<signalEventDefinition signalRef="sig"/></startEvent>'
            + user_task("look", groups='=escalation.unit + "." + escalation.step')
            + '<endEvent id="ee"/>'
            + flows("es", "look", "ee")
            + "</subProcess>",
            before='<signal id="sig" name="sla.escalation"/>',
        ),
        [
            {"name": "advance", "hours": 48},
            {**PLAIN, "element": "look"},
            {"name": "advance", "hours": 72},
            {**PLAIN, "element": "look"},
            {**PLAIN, "element": "look"},
            {**PLAIN, "element": "serve", "hours": 80},
        ],
        {"office": "NYC"},
    ),
    "call-activity": Family(
        bpmn(
            START
            + '<callActivity id="c"><extensionElements><zeebe:calledElement processId="q"/></extensionElements></callActivity>'
            + END
            + flows("s", "c", "e")
        ),
        [{**PLAIN, "element": "t"}],
        called={
            "q": bpmn(
                '<startEvent id="qs"/>' + user_task("t") + '<endEvent id="qe"/>' + flows("qs", "t", "qe"),
                process="q",
            )
        },
    ),
    "subprocess-cancelled": Family(
        bpmn(
            START
            + f'<subProcess id="sub"><startEvent id="is"/>{user_task("a")}<endEvent id="ie"/>{flows("is", "a", "ie")}</subProcess>'
            + END
            + flows("s", "sub", "e")
            + boundary(
                "over",
                "sub",
                "<timerEventDefinition><timeDuration>PT5H</timeDuration></timerEventDefinition>",
            )
            + '<endEvent id="e2"/>'
            + flows("over", "e2")
        ),
        [{"name": "advance", "hours": 5}],
    ),
    "incident-and-retry": Family(
        bpmn(START + service_task("w", "broken", retries=1) + END + flows("s", "w", "e")),
        [{"name": "retry", "incident": "w", "variables": {"mended": True}}],
    ),
    "cancelled": Family(
        bpmn(START + user_task("a", extra=properties(sla_policy="decide")) + END + flows("s", "a", "e")),
        [{"name": "cancel", "key": "withdrawn", "hours": 24}],
    ),
}
