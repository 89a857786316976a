"""One behaviour for each element; this table is the only place that joins names and rules."""

from __future__ import annotations

from pdflow.engine.behaviours.activity import Activity
from pdflow.engine.behaviours.base import Behaviour
from pdflow.engine.behaviours.events import CatchEvent, ThrowEvent
from pdflow.engine.behaviours.gateways import (
    ComplexGateway,
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
)
from pdflow.engine.behaviours.scopes import AdHocSubProcess, CallActivity, Process, SubProcess
from pdflow.engine.behaviours.tasks import (
    BusinessRuleTask,
    ReceiveTask,
    ScriptTask,
    SendTask,
    ServiceTask,
    UserTask,
)

INCLUSIVE = InclusiveGateway()
COMPLEX = ComplexGateway()

BEHAVIOURS: dict[str, Behaviour] = {
    # tasks
    "task": Activity(),
    "manualTask": Activity(),
    "userTask": UserTask(),
    "serviceTask": ServiceTask(),
    "sendTask": SendTask(),
    "receiveTask": ReceiveTask(),
    "scriptTask": ScriptTask(),
    "businessRuleTask": BusinessRuleTask(),
    # scopes
    "process": Process(),
    "subProcess": SubProcess(),
    "transaction": SubProcess(),
    "adHocSubProcess": AdHocSubProcess(),
    "callActivity": CallActivity(),
    # gateways
    "exclusiveGateway": ExclusiveGateway(),
    "parallelGateway": ParallelGateway(),
    "inclusiveGateway": INCLUSIVE,
    "complexGateway": COMPLEX,
    "eventBasedGateway": EventBasedGateway(),
    # events
    "startEvent": CatchEvent(),
    "intermediateCatchEvent": CatchEvent(),
    "boundaryEvent": CatchEvent(),
    "intermediateThrowEvent": ThrowEvent(),
    "endEvent": ThrowEvent(),
}
