"""What can go wrong between the services and Temporal; every error has a stable code and a sentence for people."""

from __future__ import annotations


class TemporalError(Exception):
    """Root of this part.

    Attributes:
        code: stable code, in kebab case.
    """

    code = "temporal"


class ServerNotStarted(TemporalError):
    """The embedded server could not be started; the message says why and what to do."""

    code = "server-not-started"


class ServerMissing(ServerNotStarted):
    """There is no server program on this machine."""

    code = "server-missing"


class PortInUse(ServerNotStarted):
    """Another program listens on the port that was asked for."""

    code = "port-in-use"


class ServerSilent(TemporalError):
    """The Temporal server does not answer. A command that was saved is sent again by the worker's dispatcher."""

    code = "server-silent"


class WorkerSilent(TemporalError):
    """The server took the request, but no worker answered in time. A saved command is carried out later."""

    code = "worker-silent"


class NotRunning(TemporalError):
    """There is no such process instance on the server, or it has ended."""

    code = "instance-not-running"
