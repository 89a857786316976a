"""As the tutorials show it: child workflows, a timer for each level, an activity for each service and each row."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from temporalio import activity, workflow

from bench.by_hand import rows
from bench.plan import CLOCKS, LEVELS
from pdflow.records.session import Records

_TIMEOUT = timedelta(seconds=10)


class Desk:
    """What the case and its parts share."""

    def __init__(self) -> None:
        self._case = ""
        self._done: set[str] = set()

    @workflow.update
    async def complete(self, task: str) -> None:
        """A person has done a task."""
        self._done.add(task)

    async def service(self, name: str) -> None:
        """Do a service and wait for it."""
        at = workflow.now().isoformat()
        await workflow.execute_activity(
            "service", args=[f"{self._case}:{name}", at], start_to_close_timeout=_TIMEOUT
        )

    async def person(self, name: str, clock: str | None = None) -> None:
        """Open a task and wait until it is done; a clock runs meanwhile."""
        levels = await self._start_clock(clock) if clock else []
        task = f"{self._case}:{name}"
        row = {"id": task, "case": self._case, "workflow": workflow.info().workflow_id, "name": name}
        await self._write("task-opened", {**row, "state": "open", "opened_at": workflow.now().isoformat()})
        await workflow.wait_condition(lambda: name in self._done)
        closed = {"id": task, "state": "completed", "closed_at": workflow.now().isoformat()}
        await self._write("task-closed", closed)
        if clock:
            for level in levels:
                level.cancel()
            stopped = {
                "id": f"{self._case}:{clock}",
                "state": "met",
                "stopped_at": workflow.now().isoformat(),
            }
            await self._write("clock-changed", stopped)

    async def _start_clock(self, clock: str) -> list[asyncio.Task[None]]:
        started = {"id": f"{self._case}:{clock}", "case": self._case, "state": "running"}
        await self._write("clock-started", {**started, "started_at": workflow.now().isoformat()})
        return [
            asyncio.create_task(self._reach(clock, level, CLOCKS[clock] * percent / 100))
            for level, percent in LEVELS.items()
        ]

    async def _reach(self, clock: str, level: str, after: timedelta) -> None:
        await workflow.sleep(after)
        await self._write("clock-changed", {"id": f"{self._case}:{clock}", "state": level})

    async def _write(self, kind: str, row: dict[str, Any]) -> None:
        await workflow.execute_activity("write", args=[kind, row], start_to_close_timeout=_TIMEOUT)


@workflow.defn(sandboxed=False)
class Inquiry(Desk):
    """A part of the case."""

    @workflow.run
    async def run(self, case: str) -> None:
        self._case = case
        await self.person("inquire", "inquire")
        await self.service("ask")
        await self.person("weigh")
        await self.service("note")


@workflow.defn(sandboxed=False)
class Determination(Desk):
    """A part of the case."""

    @workflow.run
    async def run(self, case: str) -> None:
        self._case = case
        await self.person("write", "decide")
        await self.person("approve")
        await self.service("letter")


@workflow.defn(sandboxed=False)
class Notice(Desk):
    """A part of the case."""

    @workflow.run
    async def run(self, case: str) -> None:
        self._case = case
        await self.service("prepare")
        await self.person("check", "notify")
        await self.service("send")


@workflow.defn(name="StraightforwardCase", sandboxed=False)
class Case(Desk):
    """The case."""

    @workflow.run
    async def run(self, case: str) -> None:
        self._case = case
        await self.service("receive")
        await self.person("acknowledge", "acknowledge")
        await self.service("tell")
        await self.person("advise")
        for part in (Inquiry, Determination, Notice):
            await workflow.execute_child_workflow(part.run, case, id=f"{case}/{part.__name__}")
        await self.person("confirm")
        await self.service("close")


WORKFLOWS = (Case, Inquiry, Determination, Notice)
CHILDREN = tuple(part.__name__ for part in WORKFLOWS[1:])


class Activities:
    """One transaction each."""

    def __init__(self, records: Records) -> None:
        self._records = records

    @activity.defn
    def service(self, key: str, at: str) -> None:
        with self._records.writing() as session:
            rows.serve(session.connection(), key, at)

    @activity.defn
    def write(self, kind: str, row: dict[str, Any]) -> None:
        with self._records.writing() as session:
            rows.write(session.connection(), kind, row)
