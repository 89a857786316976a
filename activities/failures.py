"""What an activity may say when it fails: a stable code. Messages and values stay in this process."""

from __future__ import annotations

import traceback

from temporalio.exceptions import ApplicationError

from pdflow.services import log

_log = log.get(__name__)


def coded(activity: str, error: Exception, *, retry: bool = True) -> ApplicationError:
    """The failure that crosses the wire.

    Messages of exceptions can quote what a person wrote (a database driver quotes parameters), so neither the wire
    nor the log gets them: both have the code, the log the place too.

    Args:
        activity: its name.
        error: what was raised.
        retry: whether the workflow's retries may help.
    """
    code = getattr(error, "code", None)
    code = code if isinstance(code, str) and code else type(error).__name__
    _log.warning("activity-failed", name=activity, code=code, error=type(error).__name__, place=place(error))
    return ApplicationError(f"The activity {activity} failed.", type=code, non_retryable=not retry)


def place(error: BaseException) -> str:
    """File and line that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
