"""A child process with a log and a process id in the state folder, so that a later start can end what was left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_LOGS = "logs"
_STOP_SECONDS = 15.0
#: A larger log is put aside at the next start; one older one is kept.
_LOG_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Child:
    """A process that was started by this one.

    Attributes:
        name: of its log and its process id in the state folder.
        state: the state folder.
    """

    name: str
    state: Path
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """Process id."""
        return self.process.pid

    @property
    def alive(self) -> bool:
        """Is it still there?"""
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
        _pid_file(self.name, self.state).unlink(missing_ok=True)

    def last_words(self) -> str:
        """A sentence with the last line of its log."""
        path = _log_file(self.name, self.state)
        lines = path.read_text(errors="replace").split("\n")
        said = next((line.strip() for line in reversed(lines) if line.strip()), None)
        where = f"The whole log is {_LOGS}/{path.name} in the state folder."
        return f"Its last line: {said[:300]} {where}" if said else f"It said nothing. {where}"


def start_child(
    name: str,
    command: Sequence[str],
    state: Path,
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Child:
    """Start a process whose output goes to its log.

    It gets a session of its own: Ctrl-C in the terminal reaches this process alone, which ends its children in order.

    Args:
        name: see :class:`Child`.
        command: program and arguments.
        state: the state folder.
        environment: in addition to that of this process.
        folder: where it runs; the state folder when absent.
    """
    log = _log_file(name, state)
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(".old.log"))
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd=folder or state,
            env={**os.environ, **(environment or {})},
        )
    _pid_file(name, state).write_text(f"{process.pid}\n")
    return Child(name, state, process)


def end_leftover(name: str, mark: str, state: Path) -> None:
    """End the process that a killed supervisor left behind on this state folder; nothing when there is none.

    Args:
        name: see :class:`Child`.
        mark: part of its command line; process ids are used again, so the number alone proves nothing.
        state: the state folder.
    """
    path = _pid_file(name, state)
    try:
        pid = int(path.read_text())
    except (FileNotFoundError, ValueError):
        return
    deadline = time.monotonic() + _STOP_SECONDS
    while _runs(pid, mark):
        os.kill(pid, signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL)
        time.sleep(0.1)
    path.unlink(missing_ok=True)


def _runs(pid: int, mark: str) -> bool:
    command = ["ps", "-ww", "-o", "stat=", "-o", "args=", "-p", str(pid)]
    shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return mark in shown and not shown.lstrip().startswith("Z")


def _log_file(name: str, state: Path) -> Path:
    return state / _LOGS / f"{name}.log"


def _pid_file(name: str, state: Path) -> Path:
    return state / f"{name}.pid"
