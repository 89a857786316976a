"""As fast as one knows how: one workflow, local activities, the rows of a step in one transaction, one timer."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from temporalio import activity, workflow

from bench.by_hand import rows
from bench.plan import CLOCKS, LEVELS
from pdflow.records.session import Records

_TIMEOUT = timedelta(seconds=5)


@workflow.defn(name="TunedCase", sandboxed=False)
class Case:
    """The case with its parts as methods."""

    @workflow.init
    def __init__(self, case: str, local_services: bool) -> None:
        self._case, self._local_services = case, local_services
        self._done: set[str] = set()
        self._unwritten: list[tuple[str, rows.Row]] = []
        self._levels: dict[str, list[tuple[datetime, str]]] = {}
        self._armed: datetime | None = None
        self._sleeping: asyncio.Task[None] | None = None

    @workflow.update
    async def complete(self, task: str) -> None:
        """A person has done a task."""
        self._done.add(task)

    @workflow.run
    async def run(self, case: str, local_services: bool) -> None:
        """Carry out the case.

        Args:
            case: its id.
            local_services: services are local activities too, which suits only those that are quick.
        """
        await self._service("receive")
        await self._person("acknowledge", "acknowledge")
        await self._service("tell")
        await self._person("advise")
        await self._person("inquire", "inquire")
        await self._service("ask")
        await self._person("weigh")
        await self._service("note")
        await self._person("write", "decide")
        await self._person("approve")
        await self._service("letter")
        await self._service("prepare")
        await self._person("check", "notify")
        await self._service("send")
        await self._person("confirm")
        await self._service("close")
        await self._flush()

    async def _service(self, name: str) -> None:
        execute = workflow.execute_local_activity if self._local_services else workflow.execute_activity
        given = [f"{self._case}:{name}", workflow.now().isoformat()]
        await execute("service", args=given, start_to_close_timeout=_TIMEOUT)

    async def _person(self, name: str, clock: str | None = None) -> None:
        now, task = workflow.now(), f"{self._case}:{name}"
        if clock:
            self._start_clock(clock, now)
        row = {"id": task, "case": self._case, "workflow": self._case, "name": name, "state": "open"}
        self._unwritten.append(("task-opened", {**row, "opened_at": now.isoformat()}))
        await self._flush()
        await workflow.wait_condition(lambda: name in self._done)
        at = workflow.now().isoformat()
        self._unwritten.append(("task-closed", {"id": task, "state": "completed", "closed_at": at}))
        if clock:
            self._levels.pop(clock, None)
            self._clock_row(clock, state="met", stopped_at=at)

    def _start_clock(self, clock: str, now: datetime) -> None:
        self._levels[clock] = [
            (now + CLOCKS[clock] * percent / 100, level) for level, percent in LEVELS.items()
        ]
        started = {"id": f"{self._case}:{clock}", "case": self._case, "state": "running"}
        self._unwritten.append(("clock-started", {**started, "started_at": now.isoformat()}))
        self._arm()

    def _clock_row(self, clock: str, **changed: Any) -> None:
        self._unwritten.append(("clock-changed", {"id": f"{self._case}:{clock}", **changed}))

    def _arm(self) -> None:
        """One timer: another one only when something is due earlier; a stale one looks again."""
        due = min((levels[0][0] for levels in self._levels.values()), default=None)
        if due is not None and (self._armed is None or due < self._armed):
            self._armed = due
            self._sleeping = asyncio.create_task(self._sleep(due))

    async def _sleep(self, due: datetime) -> None:
        await workflow.sleep(due - workflow.now())
        if due != self._armed:
            return
        self._armed = None
        for clock, levels in list(self._levels.items()):
            while levels and levels[0][0] <= workflow.now():
                self._clock_row(clock, state=levels.pop(0)[1])
            if not levels:
                del self._levels[clock]
        await self._flush()
        self._arm()

    async def _flush(self) -> None:
        batch, self._unwritten = self._unwritten, []
        if batch:
            await workflow.execute_local_activity("write", batch, start_to_close_timeout=_TIMEOUT)


WORKFLOWS = (Case,)


class Activities:
    """One transaction each."""

    def __init__(self, records: Records) -> None:
        self._records = records

    @activity.defn
    def service(self, key: str, at: str) -> None:
        with self._records.writing() as session:
            rows.serve(session.connection(), key, at)

    @activity.defn
    def write(self, batch: list[tuple[str, dict[str, Any]]]) -> None:
        with self._records.writing() as session:
            for kind, row in batch:
                rows.write(session.connection(), kind, row)
