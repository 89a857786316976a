"""One supervisor for server, worker and dashboard on a state folder: starts them in order, restarts what dies.

Everything listens on the loopback address alone. A part that dies is started again after a pause that doubles from
half a second to half a minute, and is half a second again once the part has lived for a minute.
"""

from __future__ import annotations

import fcntl
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO

import pdflow
from pdflow.services import heartbeat
from pdflow.services.child import Child, end_leftover, start_child
from pdflow.services.errors import ServiceError
from pdflow.services.platform import open_records
from pdflow.services.running import Running, forget_running, read_running, write_running
from pdflow.services.settings import Settings
from pdflow.services.temporal.errors import PortInUse
from pdflow.services.temporal.server import free_port, is_free, start_server

#: The product runs from its checkout: worker and dashboard stand beside the library.
CHECKOUT = Path(pdflow.__file__).parents[2]
PORT = 8501

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_STEADY_SECONDS = 60.0
_LOOK_SECONDS = 0.2
_READY_SECONDS = 60.0


class AlreadyRunning(ServiceError):
    """Another supervisor runs on this state folder."""

    code = "already-running"


class PartNotStarted(ServiceError):
    """A part ended at once, or did not get ready; the message has its last words."""

    code = "part-not-started"


@dataclass
class Part:
    """A process that is kept alive.

    Attributes:
        name: for people.
        start: starts it; raises a :class:`ServiceError` when it cannot.
    """

    name: str
    start: Callable[[], Child]
    process: Child
    since: float = field(default_factory=time.monotonic)
    pause: float = _FIRST_PAUSE
    again_at: float | None = None

    def look(self, now: float, say: Callable[[str], None]) -> None:
        """Start it again if it has died and its pause is over."""
        if self.again_at is None and not self.process.alive:
            self.process.stop()
            if now - self.since > _STEADY_SECONDS:
                self.pause = _FIRST_PAUSE
            self.again_at = now + self.pause
            say(f"The {self.name} has ended unexpectedly; it is started again in {self.pause:g} s.")
        if self.again_at is not None and now >= self.again_at:
            self.pause = min(2 * self.pause, _LONGEST_PAUSE)
            try:
                self.process = self.start()
            except ServiceError as error:
                self.again_at = now + self.pause
                say(f"The {self.name} could not be started: {error} It is tried again in {self.pause:g} s.")
            else:
                self.again_at, self.since = None, now
                say(f"The {self.name} runs again.")


class Supervisor:
    """Runs the parts of one installation; a context manager that stops them in order.

    Args:
        settings: of the installation; :func:`pdflow.services.platform.prepare` has been called.
        port: of the dashboard; ``None``: no dashboard.
        say: gets sentences for the person at the terminal.
    """

    def __init__(self, settings: Settings, *, port: int | None = PORT, say: Callable[[str], None]) -> None:
        self.settings = settings.model_copy(update={"state": settings.state.resolve()})
        self.address = f"http://127.0.0.1:{port}" if port is not None else None
        self.parts: dict[str, Part] = {}
        self._port = port
        self._say = say
        self._lock: IO[str] | None = None

    def __enter__(self) -> Supervisor:
        """Start every part and wait until it answers.

        Raises:
            AlreadyRunning: on this state folder.
            PortInUse: the dashboard's.
            PartNotStarted, ServerNotStarted: with the reason; what had been started is stopped again.
        """
        self._lock = self._take_lock()
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop every part."""
        self.stop()

    def watch(self, until: threading.Event) -> None:
        """Restart what dies until the event is set."""
        while not until.wait(_LOOK_SECONDS):
            for part in self.parts.values():
                part.look(time.monotonic(), self._say)

    def stop(self) -> None:
        """Stop the parts, the one that needs the others first."""
        for part in reversed(self.parts.values()):
            part.process.stop()
        self.parts.clear()
        if self._lock is not None:
            forget_running(self.settings.state)
            self._lock.close()
            self._lock = None

    def _start(self) -> None:
        state = self.settings.state
        for name, mark in (("dashboard", "dashboard/app.py"), ("worker", "worker.py")):
            end_leftover(name, str(CHECKOUT / mark), state)
        if self._port is not None and not is_free(self._port):
            raise PortInUse(
                f"Port {self._port} is in use by another program. Start with --port and another number, or end "
                "the program that listens there."
            )
        if self.settings.temporal_address is None:
            port = free_port()
            self._add("Temporal server", lambda: start_server(state, port).child)
            self.settings = self.settings.model_copy(update={"temporal_address": f"127.0.0.1:{port}"})
        address = self.settings.temporal_address
        assert address is not None
        write_running(state, Running(os.getpid(), address, self.address or ""))
        began = datetime.now(UTC)
        self._add("worker", self._start_worker)
        if self._port is not None:
            self._add("dashboard", self._start_dashboard)
        self._wait_for("worker", lambda: self._worker_answers(began))
        if self._port is not None:
            self._wait_for("dashboard", self._dashboard_answers)

    def _add(self, name: str, start: Callable[[], Child]) -> None:
        self.parts[name] = Part(name, start, start())

    def _start_worker(self) -> Child:
        return self._child("worker", [sys.executable, str(CHECKOUT / "worker.py")])

    def _start_dashboard(self) -> Child:
        app = str(CHECKOUT / "dashboard" / "app.py")
        flags = [
            "--server.address",
            "127.0.0.1",
            "--server.port",
            str(self._port),
            "--server.headless",
            "true",
        ]
        return self._child("dashboard", [sys.executable, "-m", "streamlit", "run", app, *flags])

    def _child(self, name: str, command: list[str]) -> Child:
        paths = f"{CHECKOUT / 'src'}{os.pathsep}{CHECKOUT}"
        environment = {**self.settings.environment(), "PYTHONPATH": paths, "PYTHONUNBUFFERED": "1"}
        return start_child(name, command, self.settings.state, environment=environment, folder=CHECKOUT)

    def _wait_for(self, name: str, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while not ready():
            for part in self.parts.values():
                if not part.process.alive:
                    raise PartNotStarted(f"The {part.name} ended at once. {part.process.last_words()}")
            if time.monotonic() > deadline:
                words = self.parts[name].process.last_words()
                raise PartNotStarted(f"The {name} did not answer within {_READY_SECONDS:.0f} s. {words}")
            time.sleep(0.1)

    def _worker_answers(self, began: datetime) -> bool:
        records = open_records(self.settings)
        try:
            with records.reading() as session:
                seen = heartbeat.last(session)
            return seen is not None and seen >= began
        finally:
            records.dispose()

    def _dashboard_answers(self) -> bool:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(f"{self.address}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _take_lock(self) -> IO[str]:
        lock = (self.settings.state / "supervisor.lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            running = read_running(self.settings.state)
            where = f" Open {running.dashboard}," if running and running.dashboard else ""
            number = f" (process {running.supervisor})" if running else ""
            raise AlreadyRunning(
                f"pdflow runs already on the folder {self.settings.state.name}{number}.{where or ' Use that one,'} "
                "or end it first."
            ) from None
        return lock
