"""What can go wrong between the services and Temporal; every error has a stable code and a sentence for people."""

from __future__ import annotations

from pdflow.services.errors import InstanceUnavailable, ServiceError


class ServerNotStarted(ServiceError):
    """The embedded server could not be started; the message says why and what to do."""

    code = "server-not-started"


class ServerMissing(ServerNotStarted):
    """There is no server program on this machine."""

    code = "server-missing"


class PortInUse(ServerNotStarted):
    """Another program listens on the port that was asked for."""

    code = "port-in-use"


class ServerSilent(InstanceUnavailable):
    """The Temporal server does not answer. A command that was saved is sent again by the worker's dispatcher."""

    code = "server-silent"


class WorkerSilent(InstanceUnavailable):
    """The server took the request, but no worker answered in time. A saved command is carried out later."""

    code = "worker-silent"
