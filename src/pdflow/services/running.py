"""What runs on a state folder, written by its supervisor so that other processes find it: ``running.json``."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

_NAME = "running.json"


@dataclass(frozen=True)
class Running:
    """One set of processes under a supervisor.

    Attributes:
        supervisor: its process id.
        temporal: address of the Temporal server.
        dashboard: address (URL) of the dashboard.
    """

    supervisor: int
    temporal: str
    dashboard: str


def write_running(state: Path, running: Running) -> None:
    """Say what runs on this folder."""
    beside = state / f"{_NAME}.new"
    beside.write_text(json.dumps(asdict(running)))
    beside.replace(state / _NAME)


def read_running(state: Path) -> Running | None:
    """What the last supervisor said; ``None``: it has ended in order, or there never was one."""
    try:
        return Running(**json.loads((state / _NAME).read_text()))
    except FileNotFoundError:
        return None


def forget_running(state: Path) -> None:
    """Nothing runs on this folder any more."""
    (state / _NAME).unlink(missing_ok=True)
