"""Workers that are killed in the middle of their work leave the same records as if nothing had happened."""

import asyncio
import json
import signal
import sqlite3
import sys
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError

from pdflow.runtime import manifest_hash, write_manifest
from pdflow.runtime.messages import UPDATE_COMMAND, WORKFLOW, Answer, CommandMessage, StartInstance
from pdflow.services.temporal.server import Server
from pdflow.sla import Policy
from tests.runtime.bench import BEGIN, Bench, bpmn, flows, properties, service_task, user_task
from tests.workflows.crash_worker import connect
from tests.workflows.families import END, START

pytestmark = [pytest.mark.temporal, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
TASKS = ("a", "b", "c", "d")
MODEL = bpmn(
    START
    + "".join(
        user_task(name, extra=properties(sla_policy="notify")) + service_task(f"w{name}") for name in TASKS
    )
    + END
    + flows("s", *(element for name in TASKS for element in (name, f"w{name}")), "e")
)
CASES = 6
KILLS = 4


class Crashing:
    """Workers on one queue that are killed and replaced, and the records they share."""

    def __init__(self, address: str, folder: Path) -> None:
        self.queue = f"q-{uuid.uuid4()}"
        self.folder = folder
        self._command = (
            sys.executable,
            "-m",
            "tests.workflows.crash_worker",
            address,
            self.queue,
            str(folder),
        )
        self._process: asyncio.subprocess.Process
        self.records: sqlite3.Connection = connect(folder)

    async def begin(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *self._command, cwd=ROOT, env={"PYTHONPATH": "src:."}
        )

    async def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    def facts(self, instance: str) -> list[dict[str, Any]]:
        rows = self.records.execute("select data from fact where instance = ? order by number", (instance,))
        return [json.loads(data) for (data,) in rows]

    def open_task(self, instance: str, element: str) -> str | None:
        facts = self.facts(instance)
        closed = {fact["token"] for fact in facts if fact["kind"] == "task_closed"}
        opened = [fact for fact in facts if fact["kind"] == "task_opened" and fact["element"] == element]
        return next((f"{instance}:{fact['token']}" for fact in opened if fact["token"] not in closed), None)


async def complete(
    crashing: Crashing, handle: WorkflowHandle[Any, Any], instance: str, element: str, hour: int
) -> None:
    """Complete a task as the service does: a row that is still open is sent again when the workflow says not open."""
    while (task := crashing.open_task(instance, element)) is None:
        await asyncio.sleep(0.02)
    at = (BEGIN + timedelta(hours=hour)).isoformat()
    message = CommandMessage(f"k-{element}", "complete", "u1", task=task, at=at)
    while True:
        try:
            answer: Answer = await handle.execute_update(
                UPDATE_COMMAND, message, id=message.id, result_type=Answer, rpc_timeout=timedelta(seconds=60)
            )
        except WorkflowUpdateFailedError:
            await asyncio.sleep(0.05)
            continue
        assert answer.status in ("done", "running", "repeat")
        return


async def test_four_killed_workers_leave_no_trace(
    server: Server, policies: dict[str, Policy], tmp_path: Path
) -> None:
    manifest = write_manifest("p", MODEL, policies=policies)
    (tmp_path / manifest_hash(manifest)).write_bytes(manifest)
    client = await Client.connect(server.address)
    crashing = Crashing(server.address, tmp_path)
    done = 0

    async def case(number: int) -> str:
        nonlocal done
        instance = f"K{number}"
        start = StartInstance(
            instance,
            "p",
            manifest_hash(manifest),
            {},
            command="c0",
            actor="u0",
            at=BEGIN.isoformat(),
            simulated=True,
        )
        id = f"p/{uuid.uuid4()}"
        handle = await client.start_workflow(
            WORKFLOW, start, id=id, task_queue=crashing.queue, task_timeout=timedelta(seconds=2)
        )
        for hour, element in enumerate(TASKS, start=1):
            await complete(crashing, handle, instance, element, 30 * hour)
            done += 1
        await handle.result()
        return instance

    async def trouble() -> None:
        for kill in range(1, KILLS + 1):
            await crashing.begin()
            while done < kill * CASES * len(TASKS) // (KILLS + 1):
                await asyncio.sleep(0.001)
            await crashing.kill()
        await crashing.begin()

    killing = asyncio.create_task(trouble())
    async with asyncio.timeout(80):
        instances = await asyncio.gather(*(case(number) for number in range(CASES)))
        await killing
    await crashing.kill()

    expected = Bench(policies, restores=False)
    expected.start(MODEL, {}, case=None, unit=None)
    for hour, element in enumerate(TASKS, start=1):
        expected.complete(element, after=timedelta(hours=30 * hour), id=f"k-{element}")
    told = [(fact.number, fact.kind, fact.element, fact.at, fact.command) for fact in expected.facts]
    for instance in instances:
        facts = crashing.facts(instance)
        assert [(f["number"], f["kind"], f["element"], f["at"], f["command"]) for f in facts] == told
    keys = [key for (key,) in crashing.records.execute("select key from job")]
    assert len(keys) == CASES * len(TASKS)
