"""Runs the registered job of a service task: one transaction, idempotent by its key."""

from __future__ import annotations

from datetime import datetime

from pdflow.runtime.messages import JobCall, JobResult
from pdflow.services.errors import JobError, ServiceError
from pdflow.services.platform import Platform
from pdflow.services.registry import JobContext, find_job
from pdflow.services.wire import from_wire, to_wire


def run(platform: Platform, call: JobCall) -> JobResult:
    """Run a job; what it writes is committed when it returns.

    Args:
        platform: of this process.
        call: as the workflow asks for it. An empty type completes with no variables.

    Returns:
        Its variables, or the BPMN error that it threw (then nothing is written).

    Raises:
        ServiceError: ``job-unknown``; deploy the release that has it. Anything else that the job raises: try again.
    """
    if not call.type:
        return JobResult()
    job = find_job(call.type)
    if job is None:
        raise ServiceError(
            f"Expected a registered job {call.type!r} for {call.element}; deploy the release that has it.",
            code="job-unknown",
        )
    context = JobContext(
        key=call.key,
        instance=call.instance,
        case=call.case,
        token=call.token,
        element=call.element,
        type=call.type,
        at=datetime.fromisoformat(call.at),
        headers=call.headers,
        variables=from_wire(call.variables),
        properties=from_wire(call.properties),
        simulated=call.simulated,
    )
    try:
        with platform.writing() as session:
            return JobResult(to_wire(job(session, context)))
    except JobError as error:
        return JobResult(to_wire(error.variables), error=error.code, message=str(error))
