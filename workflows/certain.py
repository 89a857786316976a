"""Activities that must succeed in the end, however long the database is away.

A local activity costs one event and does not store its arguments; a regular one waits on the server without holding up
the workflow task. So: three quick local attempts, then the same as a regular activity until it works.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError

#: From this back-off on a local retry waits on a timer of the server instead of blocking the workflow task.
LOCAL_RETRY_THRESHOLD = timedelta(seconds=1)
LOCAL_TIMEOUT = timedelta(seconds=5)
_LOCAL = RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=3)
_REGULAR = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=2))


async def run(activity: str, argument: Any, result: type | None = None) -> Any:
    """Run an activity until it has succeeded.

    Args:
        activity: its name.
        argument: its one argument.
        result: type of its result; it should be tiny.
    """
    try:
        return await workflow.execute_local_activity(
            activity,
            argument,
            result_type=result,
            start_to_close_timeout=LOCAL_TIMEOUT,
            local_retry_threshold=LOCAL_RETRY_THRESHOLD,
            retry_policy=_LOCAL,
        )
    except FailureError:
        return await workflow.execute_activity(
            activity,
            argument,
            result_type=result,
            start_to_close_timeout=2 * LOCAL_TIMEOUT,
            retry_policy=_REGULAR,
        )
