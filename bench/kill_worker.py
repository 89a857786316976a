"""The product's worker in a process of its own that kills itself at the n-th point of its life.

Points, counted from the start of the process: before and after each activation of a workflow (queries left out),
before and after each activity, and before each commit of the writer and of the jobs. A kill is SIGKILL: no handler
runs, nothing is flushed.
"""

import asyncio
import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

import temporalio.client
import temporalio.worker
from sqlalchemy import event
from temporalio.client import Client
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    UnsandboxedWorkflowRunner,
)

import activities.definitions
import worker
from pdflow.casework import deployment
from pdflow.runtime.definitions import DefinitionSource
from pdflow.services.settings import Settings

#: Threads whose commits count: the standing duties come and go by the wall clock.
_WRITERS = ("projection-writer", "job")


#: The shipped models, parsed once in the process from which the workers are forked.
_SHIPPED = DefinitionSource()
for _manifest in deployment.manifests():
    _SHIPPED.add(_manifest)


class Points:
    """Counts the points of this process; kills it at one of them."""

    def __init__(self, kill_at: int | None, passed: Path) -> None:
        self._kill_at = kill_at
        self._count = 0
        self._lock = threading.Lock()
        self._passed = passed.open("a")

    def reached(self, kind: str) -> None:
        """One more; if it is the one, the process dies here. The file tells which kinds were passed."""
        with self._lock:
            self._count += 1
            self._passed.write(f"{kind}\n")
            if self._count == self._kill_at:
                self._passed.write("killed\n")
                self._passed.flush()
                os.kill(os.getpid(), signal.SIGKILL)
            self._passed.flush()


class _Activities(temporalio.client.Interceptor, temporalio.worker.Interceptor):
    def __init__(self, points: Points) -> None:
        self._points = points

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        return _Activity(next, self._points)


class _Activity(ActivityInboundInterceptor):
    def __init__(self, next: ActivityInboundInterceptor, points: Points) -> None:
        super().__init__(next)
        self._points = points

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        self._points.reached("before an activity")
        result = await super().execute_activity(input)
        self._points.reached("after an activity")
        return result


class _Runner(UnsandboxedWorkflowRunner):
    def __init__(self, points: Points) -> None:
        self._points = points

    def create_instance(self, det: Any) -> Any:
        instance = super().create_instance(det)
        activate = instance.activate

        def counted(act: Any) -> Any:
            counts = any(not job.HasField("query_workflow") for job in act.jobs)
            if counts:
                self._points.reached("before an activation")
            completion = activate(act)
            if counts:
                self._points.reached("after an activation")
            return completion

        instance.activate = counted  # type: ignore[method-assign]
        return instance


def work(settings: Settings, kill_at: int | None, passed: Path) -> None:
    """Run the worker of ``worker.py`` until SIGTERM, or until it kills itself.

    Args:
        settings: of the installation.
        kill_at: number of the point, from 1; ``None``: it lives.
        passed: file that gets one line for each point.
    """
    log = os.open(settings.state / "worker.log", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    os.dup2(log, sys.stdout.fileno())
    os.dup2(log, sys.stderr.fileno())
    points = Points(kill_at, passed)
    connect, open_records = worker.connect, worker.open_records

    async def counted_client(*args: Any) -> Client:
        client = await connect(*args)
        return Client(**{**client.config(), "interceptors": [_Activities(points)]})

    def counted_records(settings: Settings) -> Any:
        records = open_records(settings)
        event.listen(records.engine, "commit", commit)
        return records

    def commit(_: Any) -> None:
        if threading.current_thread().name.startswith(_WRITERS):
            points.reached("before a commit")

    activities.definitions.DefinitionSource = lambda read: _SHIPPED  # type: ignore[assignment,misc]
    worker.connect = counted_client  # type: ignore[assignment]
    worker.open_records = counted_records
    # The workflow is declared unsandboxed, so it is this runner that the SDK takes.
    worker.Worker = partial(worker.Worker, unsandboxed_workflow_runner=_Runner(points))  # type: ignore[assignment,misc]
    asyncio.run(worker.run(settings))
