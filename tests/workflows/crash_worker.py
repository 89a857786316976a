"""A worker in a process of its own, to be killed: ``python -m tests.workflows.crash_worker ADDRESS QUEUE FOLDER``.

Its records are one SQLite file; definitions are files named by their hash in the same folder.
"""

import asyncio
import json
import sqlite3
import sys
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from pdflow.runtime import DefinitionSource
from pdflow.runtime.messages import (
    ACTIVITY_JOB,
    ACTIVITY_PROJECT,
    ACTIVITY_RESOLVE,
    JobCall,
    JobResult,
    ResolveCall,
    Resolved,
    read_batch,
)
from workflows import definitions
from workflows.process_instance import ProcessInstance


def connect(folder: Path) -> sqlite3.Connection:
    records = sqlite3.connect(folder / "records.db", timeout=5, isolation_level=None)
    records.execute("pragma journal_mode=wal")
    records.execute(
        "create table if not exists fact (instance, number, data, primary key (instance, number))"
    )
    records.execute("create table if not exists job (key primary key)")
    return records


class Activities:
    def __init__(self, folder: Path) -> None:
        self.records = connect(folder)

    @activity.defn(name=ACTIVITY_PROJECT)
    async def project(self, data: dict[str, Any]) -> None:
        batch = read_batch(data)
        self.records.execute("begin immediate")
        self.records.execute(
            "delete from fact where instance = ? and number >= ?", (batch.instance, batch.first)
        )
        rows = [(batch.instance, fact.number, json.dumps(asdict(fact))) for fact in batch.facts]
        self.records.executemany("insert into fact values (?, ?, ?)", rows)
        self.records.execute("commit")

    @activity.defn(name=ACTIVITY_JOB)
    async def run_job(self, call: JobCall) -> JobResult:
        self.records.execute("insert or ignore into job values (?)", (call.key,))
        return JobResult({"served": call.element})

    @activity.defn(name=ACTIVITY_RESOLVE)
    async def resolve(self, call: ResolveCall) -> Resolved:
        return Resolved({})


async def main(address: str, queue: str, folder: Path) -> None:
    definitions.provide(DefinitionSource(lambda hash: (folder / hash).read_bytes()))
    activities = Activities(folder)
    worker = Worker(
        await Client.connect(address),
        task_queue=queue,
        workflows=[ProcessInstance],
        activities=[activities.project, activities.run_job, activities.resolve],
        workflow_runner=UnsandboxedWorkflowRunner(),
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
    )
    await worker.run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
