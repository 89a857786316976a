"""Stock SpiffWorkflow on the benchmark models: the baseline."""

from io import BytesIO
from time import perf_counter
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState


def workflow(xml: bytes, data: dict[str, Any] | None = None) -> BpmnWorkflow:
    """Parse a model and make an instance with start data."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.parse(BytesIO(xml)))
    instance = BpmnWorkflow(parser.get_spec("bench"))
    if data:
        instance.task_tree.data.update(data)
        for task in instance.get_tasks(state=TaskState.READY):
            task.data.update(data)
    return instance


def complete_tasks(instance: BpmnWorkflow, until: int, seconds: float) -> tuple[int, float]:
    """Complete manual tasks one by one; return how many and the seconds of the last ten (per task)."""
    done, recent, begun = 0, [], perf_counter()
    while done < until and perf_counter() - begun < seconds:
        started = perf_counter()
        instance.do_engine_steps()
        ready = instance.get_tasks(state=TaskState.READY, manual=True)
        if not ready:
            break
        ready[0].run()
        done += 1
        recent = [*recent[-9:], perf_counter() - started]
    return done, sum(recent) / max(1, len(recent))


def run_to_end(instance: BpmnWorkflow) -> float:
    """Run the engine until nothing moves; return the seconds."""
    begun = perf_counter()
    instance.do_engine_steps()
    while ready := instance.get_tasks(state=TaskState.READY, manual=True):
        for task in ready:
            task.run()
        instance.do_engine_steps()
    return perf_counter() - begun


def state_size(instance: BpmnWorkflow) -> int:
    """Bytes of the serialized state."""
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    return len(serializer.serialize_json(instance))
