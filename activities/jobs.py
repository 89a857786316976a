"""The activity ``run_job``: the job of a service task."""

from __future__ import annotations

from temporalio import activity

from activities.failures import coded
from pdflow.runtime.messages import ACTIVITY_JOB, JobCall, JobResult
from pdflow.services import jobs
from pdflow.services.errors import ServiceError
from pdflow.services.platform import Platform


class Jobs:
    """Wraps :func:`pdflow.services.jobs.run`; a job is idempotent by its key."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    @activity.defn(name=ACTIVITY_JOB)
    def run_job(self, call: JobCall) -> JobResult:
        """Run a job. One that is not registered here fails at once: retries cannot deploy it."""
        try:
            return jobs.run(self._platform, call)
        except ServiceError as error:
            raise coded(ACTIVITY_JOB, error, retry=error.code != "job-unknown") from None
        except Exception as error:
            raise coded(ACTIVITY_JOB, error) from None
