"""One way to connect: encrypted payloads, the core's log in Python's logging, a sentence when nobody answers."""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import Client
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.service import RPCError

from pdflow.records.crypto import KeyRing
from pdflow.services.running import read_running
from pdflow.services.settings import Settings
from pdflow.services.temporal.codec import data_converter
from pdflow.services.temporal.errors import ServerSilent

_CONNECT = timedelta(seconds=5)


@dataclass(frozen=True)
class Target:
    """Which Temporal server: the embedded one, a self-hosted cluster or a hosted one.

    Attributes:
        address: ``HOST:PORT`` of the gRPC service.
        namespace: must exist.
        task_queue: shared by clients and workers of one installation.
        tls: encrypt the connection; always on with an API key.
        api_key: of a hosted namespace.
    """

    address: str
    namespace: str = "default"
    task_queue: str = "pdflow"
    tls: bool = False
    api_key: str | None = None


def target_of(settings: Settings) -> Target:
    """The server that the settings name, else the embedded one that `pdflow up` runs on this state folder.

    Raises:
        ServerSilent: neither.
    """
    address = settings.temporal_address
    if address is None:
        running = read_running(settings.state)
        if running is None:
            raise ServerSilent("The Temporal server is not running. Start it with `pdflow up`.")
        address = running.temporal
    return Target(
        address,
        settings.temporal_namespace,
        settings.task_queue,
        settings.temporal_tls,
        settings.temporal_api_key.get_secret_value() if settings.temporal_api_key else None,
    )


@functools.cache
def core_runtime() -> Runtime:
    """The SDK's core, one a process.

    Left alone it logs to stdout, where ``--json`` output belongs; here it logs to the logger ``temporal.core``.
    """
    return Runtime(
        telemetry=TelemetryConfig(
            logging=LoggingConfig(
                filter=TelemetryFilter(core_level="WARN", other_level="ERROR"),
                forwarding=LogForwardingConfig(logger=logging.getLogger("temporal.core")),
            )
        )
    )


async def connect(target: Target, keys: KeyRing) -> Client:
    """Connect a client.

    Raises:
        ServerSilent: nobody answers at the address, or the server refuses us.
    """
    try:
        return await Client.connect(
            target.address,
            namespace=target.namespace,
            api_key=target.api_key,
            tls=target.tls or target.api_key is not None,
            data_converter=data_converter(keys),
            runtime=core_runtime(),
            connect_timeout=_CONNECT,
        )
    except (RuntimeError, RPCError) as error:
        raise ServerSilent(
            f"The Temporal server at {target.address} does not answer. Start it with `pdflow up`, or check the "
            "address, namespace and key in the settings."
        ) from error
