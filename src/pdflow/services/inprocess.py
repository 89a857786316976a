"""The gateway without a server: the same pure instances, in this process.

Tests, tools and seeding use it. Nothing of an instance survives the process, but everything it wrote does. Simulated
instances move their own clock by ``advance``; ordinary ones live at ``platform.now()`` and are woken by
:meth:`InProcessGateway.wake_due`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pdflow.records.documents import Documents
from pdflow.records.session import Records
from pdflow.runtime import (
    DefinitionMissing,
    DefinitionSource,
    Instance,
    JobAttemptFailed,
    LocalDriver,
    StartRefused,
)
from pdflow.runtime.messages import Answer, Batch, CommandMessage, JobCall, JobResult, StartInstance, Status
from pdflow.services import definitions, jobs, messages
from pdflow.services.errors import ServiceError
from pdflow.services.gateway import PATIENCE
from pdflow.services.platform import Platform, wall
from pdflow.services.projection import project
from pdflow.services.settings import Settings


def in_process(
    records: Records,
    documents: Documents,
    settings: Settings,
    now: Callable[[], datetime] = wall,
) -> Platform:
    """A platform whose instances live in this process; ``platform.gateway`` is an :class:`InProcessGateway`."""
    gateway = InProcessGateway()
    platform = Platform(records, documents, gateway, settings, now)
    gateway.attach(platform)
    return platform


class InProcessGateway:
    """Implements :class:`pdflow.services.gateway.InstanceGateway`; see :func:`in_process`.

    Attributes:
        instances: live instances by id.
    """

    def __init__(self) -> None:
        self.instances: dict[str, Instance] = {}
        self._lock = threading.RLock()
        self._depth = 0
        self._awaited = False
        self._platform: Platform
        self._source: DefinitionSource
        self._driver: LocalDriver

    def attach(self, platform: Platform) -> None:
        """Say whose records the instances write."""
        self._platform = platform
        self._source = DefinitionSource(self._read)
        self._driver = LocalDriver(self._source, self._run_job, self._resolve, self._write)

    def start(self, start: StartInstance, deadline: timedelta = PATIENCE) -> Answer:
        """See :class:`InstanceGateway`."""
        with _Outermost(self):
            known = self.instances.get(start.instance)
            if known is not None:
                self._driver.wake(known, self._platform.now())
                return Answer("repeat", last_fact=known.last_fact)
            try:
                instance = Instance.start(start, self._source, self._platform.now())
            except (StartRefused, DefinitionMissing) as error:
                return Answer("refused", error.code, str(error))
            self.instances[start.instance] = instance
            self._driver.wake(instance, self._platform.now())
            return Answer("done", last_fact=instance.last_fact)

    def command(
        self, process: str, instance: str, message: CommandMessage, deadline: timedelta = PATIENCE
    ) -> Answer:
        """See :class:`InstanceGateway`."""
        with _Outermost(self):
            found = self.instances.get(instance)
            if found is None:
                return Answer("refused", "instance-unknown", "There is no such process instance.")
            return self._driver.send(found, message, self._platform.now())

    def status(self, process: str, instance: str, deadline: timedelta = PATIENCE) -> Status | None:
        """See :class:`InstanceGateway`."""
        with self._lock:
            found = self.instances.get(instance)
            return found.status() if found else None

    def wake_due(self) -> int:
        """Wake every ordinary instance that is due by ``platform.now()``, in the order (due, id), until none is.

        Returns:
            How many wake-ups it took.
        """
        woken = 0
        with _Outermost(self):
            while True:
                now = self._platform.now()
                due = sorted((i.due, name) for name, i in self.instances.items() if i.due and i.due <= now)
                if not due:
                    return woken
                self._driver.wake(self.instances[due[0][1]], now)
                woken += 1

    def snapshot(self, instance: str) -> dict[str, Any]:
        """State of a live instance, to start it elsewhere (``StartInstance.snapshot``) or to go back to."""
        with self._lock:
            return self.instances[instance].snapshot()

    def restore(self, instance: str, snapshot: dict[str, Any]) -> None:
        """Put an instance into a state it was in: what a worker and its server do that lost the last steps."""
        with self._lock:
            self.instances[instance] = Instance.restore(snapshot, self._source)

    def _read(self, hash: str) -> bytes | None:
        with self._platform.reading() as session:
            try:
                return definitions.manifest(session, hash)
            except DefinitionMissing:
                return None

    def _resolve(self, processes: list[str]) -> dict[str, str]:
        with self._platform.reading() as session:
            return definitions.resolve(session, processes)

    def _write(self, batch: Batch) -> None:
        with self._platform.writing() as session:
            self._awaited = project(session, batch).messages or self._awaited

    def _run_job(self, call: JobCall) -> JobResult:
        try:
            return jobs.run(self._platform, call)
        except ServiceError as error:
            raise JobAttemptFailed(f"The job {call.type} failed: {error.code}.") from error

    def _after(self) -> None:
        while self._awaited:
            self._awaited = False
            messages.deliver(self._platform)


class _Outermost:
    """Holds the gateway's lock; the outermost call delivers the messages that became deliverable."""

    def __init__(self, gateway: InProcessGateway) -> None:
        self._gateway = gateway

    def __enter__(self) -> None:
        self._gateway._lock.acquire()
        self._gateway._depth += 1

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        gateway = self._gateway
        try:
            if gateway._depth == 1 and error is None:
                gateway._after()
        finally:
            gateway._depth -= 1
            gateway._lock.release()
