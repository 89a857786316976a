"""The activity of a service task, with the retries that its model gives it."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError, FailureError

from pdflow.runtime import JobDone, JobFailed
from pdflow.runtime.messages import ACTIVITY_JOB, JobCall, JobResult
from workflows.certain import LOCAL_RETRY_THRESHOLD, LOCAL_TIMEOUT

#: A job that is not quick has this long for one attempt; a worker that dies in it is noticed after it.
_SLOW_TIMEOUT = timedelta(seconds=60)
_FIRST_INTERVAL = timedelta(milliseconds=500)
_LONGEST_INTERVAL = timedelta(minutes=1)


async def run(number: int, call: JobCall) -> JobDone | JobFailed:
    """Do a job: as a local activity where it is quick and safe to repeat, else as a regular one."""
    retries = RetryPolicy(
        initial_interval=_FIRST_INTERVAL,
        maximum_interval=_LONGEST_INTERVAL,
        maximum_attempts=max(call.retries, 1),
    )
    try:
        if call.quick:
            result = await workflow.execute_local_activity(
                ACTIVITY_JOB,
                call,
                result_type=JobResult,
                start_to_close_timeout=LOCAL_TIMEOUT,
                local_retry_threshold=LOCAL_RETRY_THRESHOLD,
                retry_policy=retries,
            )
        else:
            result = await workflow.execute_activity(
                ACTIVITY_JOB,
                call,
                result_type=JobResult,
                start_to_close_timeout=_SLOW_TIMEOUT,
                retry_policy=retries,
            )
    except FailureError as failure:
        return JobFailed(
            number, f"Job {call.type or call.element!r} failed after its retries: {_code(failure)}."
        )
    return JobDone(number, result)


def _code(failure: FailureError) -> str:
    """A stable word for the cause; its message may hold data that does not belong into an incident."""
    cause = failure if isinstance(failure, ApplicationError) else failure.cause
    if isinstance(cause, ApplicationError) and cause.type:
        return cause.type
    return type(cause or failure).__name__
