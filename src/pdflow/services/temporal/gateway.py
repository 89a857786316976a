"""The gateway to process instances on Temporal: synchronous calls with a deadline, for screens, API and commands.

One gateway a process. It owns a thread with an event loop and the client; callers are plain threads.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from temporalio.client import Client, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError, RPCStatusCode

from pdflow.records.crypto import KeyRing
from pdflow.runtime.messages import Answer, CommandMessage, StartInstance, Status
from pdflow.services.errors import InstanceUnavailable
from pdflow.services.gateway import PATIENCE
from pdflow.services.settings import Settings
from pdflow.services.temporal import instances
from pdflow.services.temporal.client import Target, connect, target_of
from pdflow.services.temporal.errors import ServerSilent, WorkerSilent

_HEALTH = timedelta(milliseconds=500)
#: Answers that mean "not now". ``FAILED_PRECONDITION`` is what the server says of an instance whose workflow task has
#: failed several times in a row (its worker died in it): it is tried again.
_AWAY = {
    RPCStatusCode.UNAVAILABLE,
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.CANCELLED,
    RPCStatusCode.RESOURCE_EXHAUSTED,
    RPCStatusCode.FAILED_PRECONDITION,
}

_Result = TypeVar("_Result")


class TemporalGateway:
    """Implements :class:`pdflow.services.gateway.InstanceGateway`; connects at the first call and again after a fault.

    Args:
        settings: where Temporal is, and where the key file is.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: Client | None = None
        self._target: Target | None = None
        self._connecting = asyncio.Lock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="temporal-gateway", daemon=True)
        self._thread.start()

    def start(self, start: StartInstance, deadline: timedelta = PATIENCE) -> Answer:
        """Start an instance, or find the one that this id already started.

        Returns:
            ``done`` when its first facts are in the records, ``running`` when that takes longer than the deadline,
            ``refused`` when its definition or its variables are not accepted.

        Raises:
            InstanceUnavailable: the server did not answer; the instance may have started all the same.
        """
        begun = False

        async def call(client: Client) -> Answer:
            nonlocal begun
            handle = await instances.begin(client, self._queue, start)
            begun = True
            return await instances.written(handle)

        return self._running(call, deadline, lambda: begun)

    def command(
        self, process: str, instance: str, message: CommandMessage, deadline: timedelta = PATIENCE
    ) -> Answer:
        """Send a command; its id is the update id, so it may be sent again.

        Returns:
            The workflow's answer; ``running`` when it is accepted but not written within the deadline; ``refused``
            with ``instance-ended`` or ``instance-unknown`` when nothing runs under this id.

        Raises:
            InstanceUnavailable: neither accepted nor refused within the deadline; it may be done all the same.
        """
        accepted = threading.Event()
        id = instances.workflow_id(process, instance)
        return self._running(
            lambda client: instances.command(client, id, message, accepted.set), deadline, accepted.is_set
        )

    def status(self, process: str, instance: str, deadline: timedelta = PATIENCE) -> Status | None:
        """What the instance says of itself; ``None``: there is no such instance.

        Raises:
            InstanceUnavailable: no answer within the deadline.
        """
        id = instances.workflow_id(process, instance)
        return self._call(lambda client: instances.status(client, id), deadline)

    def start_many(
        self,
        starts: Iterable[StartInstance],
        *,
        parallel: int = 32,
        started: Callable[[StartInstance], None] = lambda start: None,
        deadline: timedelta = timedelta(minutes=10),
    ) -> None:
        """Start instances side by side, for imports; does not wait until their facts are written.

        Args:
            starts: consumed as the work goes on.
            parallel: how many are on their way at once.
            started: called for each one, on the gateway's thread.
            deadline: for all of them.

        Raises:
            InstanceUnavailable: the server stopped answering; call again with all of them, ids make it safe.
        """
        left = iter(starts)

        async def work(client: Client) -> None:
            for start in left:
                await instances.begin(client, self._queue, start)
                started(start)

        async def call(client: Client) -> None:
            async with asyncio.TaskGroup() as group:
                for _ in range(parallel):
                    group.create_task(work(client))

        self._call(call, deadline)

    def close(self) -> None:
        """End the thread; the gateway cannot be used afterwards."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def _queue(self) -> str:
        assert self._target is not None
        return self._target.task_queue

    def _running(
        self, call: Callable[[Client], Awaitable[Answer]], deadline: timedelta, accepted: Callable[[], bool]
    ) -> Answer:
        """Once accepted it will be carried out: then slowness is an answer, not a failure."""
        try:
            return self._call(call, deadline)
        except InstanceUnavailable:
            if accepted():
                return Answer("running")
            raise

    def _call(self, call: Callable[[Client], Awaitable[_Result]], deadline: timedelta) -> _Result:
        return asyncio.run_coroutine_threadsafe(self._within(call, deadline), self._loop).result()

    async def _within(self, call: Callable[[Client], Awaitable[_Result]], deadline: timedelta) -> _Result:
        client = await self._connected()
        try:
            async with asyncio.timeout(deadline.total_seconds()):
                return await call(client)
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
            raise await self._silence(client) from error
        except RPCError as error:
            if error.status in _AWAY:
                raise await self._silence(client) from error
            raise
        except ExceptionGroup as errors:
            first = errors.exceptions[0]
            raise (await self._silence(client) if isinstance(first, RPCError) else first) from errors

    async def _connected(self) -> Client:
        async with self._connecting:
            if self._client is None:
                self._target = target_of(self._settings)
                self._client = await connect(self._target, KeyRing.open(self._settings.key_file))
            return self._client

    async def _silence(self, client: Client) -> InstanceUnavailable:
        """Who does not answer? People can start a server; a worker is restarted by its supervisor."""
        try:
            await client.service_client.check_health(timeout=_HEALTH)
        except RPCError:
            self._client = None  # the next call looks up the address again
            return ServerSilent(
                "The Temporal server does not answer. What you sent is kept and is carried out when it is back."
            )
        return WorkerSilent(
            "The worker does not answer just now. What you sent is kept and is carried out as soon as it does."
        )
