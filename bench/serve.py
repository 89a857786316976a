"""A worker of one variant of the case, as a process of its own: ``python -m bench.serve VARIANT STATE ADDRESS``.

It says ``ready``, and then for each line that it reads the seconds of processor time that it has used so far.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, UnsandboxedWorkflowRunner, Worker

import worker as product
from bench import as_bpmn
from bench.by_hand import straightforward, tuned
from pdflow.records.crypto import KeyRing
from pdflow.services.platform import Platform, open_documents, open_records
from pdflow.services.settings import Settings
from pdflow.services.temporal.client import connect, target_of
from pdflow.services.temporal.gateway import TemporalGateway

BY_HAND = {"straightforward": straightforward, "tuned": tuned}
assert as_bpmn.JOB  # its import registers the job


def settings_of(variant: str, state: Path, address: str) -> Settings:
    """A state folder, a database and a task queue for each variant; one key ring for all."""
    return Settings(
        state=state / variant,
        keys=state / "keys.json",
        temporal_address=address,
        task_queue=variant,
        log_level="WARNING",
    )


@contextmanager
def _serving(variant: str, settings: Settings, client: Client) -> Iterator[Worker]:
    records = open_records(settings)
    if variant not in BY_HAND:
        platform = Platform(records, open_documents(settings), TemporalGateway(settings), settings)
        with product.serving(platform, client) as worker:
            yield worker
        return
    code = BY_HAND[variant]
    activities = code.Activities(records)
    with ThreadPoolExecutor(product.JOBS) as threads:
        yield Worker(
            client,
            task_queue=variant,
            workflows=list(code.WORKFLOWS),
            activities=[activities.service, activities.write],
            activity_executor=threads,
            workflow_runner=UnsandboxedWorkflowRunner(),
            max_cached_workflows=product.CACHED,
            max_concurrent_activities=product.JOBS,
            sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
            workflow_task_poller_behavior=PollerBehaviorAutoscaling(minimum=1, maximum=20, initial=5),
        )


async def _serve(variant: str, state: Path, address: str) -> None:
    settings = settings_of(variant, state, address)
    client = await connect(target_of(settings), KeyRing.open(settings.key_file))
    with _serving(variant, settings, client) as worker:
        async with worker:
            print("ready", flush=True)
            while await asyncio.to_thread(sys.stdin.readline):
                print(time.process_time(), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
