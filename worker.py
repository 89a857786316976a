"""The Temporal worker: which workflows, which activities, which task queue; hands the workflows their definitions.

Run it with `pdflow worker`; `pdflow up` runs it under its supervisor. It ends in order on SIGTERM and SIGINT.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, UnsandboxedWorkflowRunner, Worker

import pdflow.casework.effects  # noqa: F401  registers the commands, jobs and listeners of casework
from activities.definitions import Definitions
from activities.jobs import Jobs
from activities.projection import Projection
from activities.standing import StandingDuty
from activities.writer import GroupWriter
from pdflow.records.crypto import KeyRing
from pdflow.records.errors import RecordsError
from pdflow.services import commands, heartbeat, log, messages
from pdflow.services.errors import ServiceError
from pdflow.services.platform import Platform, open_documents, open_records
from pdflow.services.settings import Settings
from pdflow.services.temporal.client import connect, target_of
from pdflow.services.temporal.gateway import TemporalGateway
from workflows import definitions as workflow_definitions
from workflows.process_instance import ProcessInstance

#: Instances kept in memory. With fewer than are active, each command would replay a whole history first.
CACHED = 2000
#: After this a workflow task that waits for a worker that has died goes to any other.
STICKY = timedelta(seconds=1)
#: Jobs at a time; a database serves at most 15 connections of this process.
JOBS = 8
#: Time for running activities after a signal to end.
GRACE = timedelta(seconds=10)

#: Pauses of the standing duties, in seconds.
DELIVER_SECONDS = 5.0
RESEND_SECONDS = 5.0
PRELOAD_SECONDS = 2.0


async def work(settings: Settings, stop: asyncio.Event) -> None:
    """Poll until ``stop`` is set.

    Args:
        settings: which state, which server.
        stop: set by a signal.

    Raises:
        ServerSilent: no Temporal server answers.
        KeyMissing: the key file is not there.
    """
    keys = KeyRing.open(settings.key_file)
    client = await connect(target_of(settings), keys)
    platform = Platform(open_records(settings), open_documents(settings), TemporalGateway(settings), settings)
    with serving(platform, client) as worker:
        async with worker:
            log.get("worker").info("worker-started")
            await stop.wait()
    platform.records.dispose()


@contextmanager
def serving(platform: Platform, client: Client) -> Iterator[Worker]:
    """A worker that is ready to poll, with its writer thread and standing duties around it.

    Args:
        platform: of this process; its gateway reaches the instances from the duties' threads.
        client: of the event loop that runs the worker.
    """
    definitions = Definitions(platform)
    definitions.preload()
    workflow_definitions.provide(definitions.source)
    delivery = StandingDuty("deliver-messages", lambda: messages.deliver(platform), DELIVER_SECONDS)
    duties = [
        delivery,
        StandingDuty("resend-commands", lambda: commands.resend(platform), RESEND_SECONDS),
        StandingDuty("preload-definitions", definitions.preload, PRELOAD_SECONDS),
        StandingDuty("give-sign-of-life", lambda: heartbeat.beat(platform), heartbeat.EVERY_SECONDS),
    ]
    with ExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(JOBS, thread_name_prefix="job"))
        writer = GroupWriter(platform)
        stack.callback(writer.close)
        for duty in duties:
            duty.start()
            stack.callback(duty.close)
        yield Worker(
            client,
            task_queue=platform.settings.task_queue,
            workflows=[ProcessInstance],
            activities=[
                Projection(writer, delivery).project,
                Jobs(platform).run_job,
                definitions.resolve_definitions,
            ],
            activity_executor=threads,
            workflow_runner=UnsandboxedWorkflowRunner(),
            max_cached_workflows=CACHED,
            max_concurrent_activities=JOBS,
            sticky_queue_schedule_to_start_timeout=STICKY,
            workflow_task_poller_behavior=PollerBehaviorAutoscaling(minimum=1, maximum=20, initial=5),
            graceful_shutdown_timeout=GRACE,
        )


async def run(settings: Settings) -> None:
    """Work until a signal asks to end."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await work(settings, stop)


def main() -> int:
    """Run the worker of the settings; returns the exit status."""
    settings = Settings()
    log.configure(settings.log_level)
    try:
        asyncio.run(run(settings))
    except (ServiceError, RecordsError) as error:
        print(f"pdflow worker: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
