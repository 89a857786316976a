"""``pdflow demo``: synthetic casework of 25 field offices, seeded through the real engine, then living on Temporal."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import pdflow.casework.effects  # noqa: F401  registers what the models name; deployment checks it
from pdflow.casework import deployment
from pdflow.casework.demo.director import Director
from pdflow.casework.demo.live import play
from pdflow.casework.demo.parts import practice, seed
from pdflow.casework.demo.plan import Plan
from pdflow.casework.demo.summary import summary
from pdflow.cli.refusals import sentences
from pdflow.cli.up import ended_by_signal
from pdflow.runtime.messages import StartInstance
from pdflow.services.platform import Platform, open_documents, open_records, prepare
from pdflow.services.running import read_running
from pdflow.services.settings import Settings
from pdflow.services.supervisor import PORT, AlreadyRunning, Supervisor
from pdflow.services.temporal.gateway import TemporalGateway

FOLDER = Path("demo")
#: Progress and sentences go to stderr; stdout belongs to the summary.
_console = Console(stderr=True)


def command(
    cases: Annotated[int, typer.Option(min=1, max=100_000, help="How many requests.")] = 1000,
    seed: Annotated[int, typer.Option(help="Where the random numbers begin.")] = 1,
    at: Annotated[
        datetime | None, typer.Option(help="The demo's now, in UTC; the present when absent.")
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Drive every case through Temporal in simulated time.")
    ] = False,
    headless: Annotated[bool, typer.Option("--headless", help="No dashboard; summary, then end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
    port: Annotated[int, typer.Option(help="Port of the dashboard on this computer.")] = PORT,
) -> None:
    """Fill a fresh folder with synthetic casework and show it, or print what it came to."""
    anchor = (at or datetime.now(UTC)).replace(tzinfo=UTC, second=0, microsecond=0)
    plan = Plan(cases, seed, anchor)
    with sentences("demo"), _folder(headless) as folder:
        settings = Settings(state=folder, simulation=True, sign_in="demo", database=None)
        prepare(settings, today=anchor.date())
        _deploy(settings)
        _run(settings, plan, live=live, headless=headless, as_json=as_json, port=port)


def _run(settings: Settings, plan: Plan, *, live: bool, headless: bool, as_json: bool, port: int) -> None:
    began = time.monotonic()
    starts = [] if live else _seed(settings, plan)
    seeded = time.monotonic()
    with (
        Supervisor(settings, port=None if headless else port, say=_console.print) as supervisor,
        _watched(supervisor),
    ):
        platform = _platform(supervisor.settings)
        try:
            directors = _play(platform, plan) if live else []
            came_to = summary(platform, plan.anchor)
            _open(platform, starts)
            for director in directors:
                director.reach_anchor()
            opened = time.monotonic()
            if not headless:
                practice(platform, plan)
            seconds = {
                "seeding_seconds": round(seeded - began, 1),
                "opening_seconds": round(opened - seeded, 1),
                "total_seconds": round(time.monotonic() - began, 1),
            }
            _print(came_to, seconds, as_json=as_json)
            if not headless:
                _console.print(f"The demo runs: {supervisor.address}  (Ctrl-C ends it)")
                ended_by_signal().wait()
        finally:
            assert isinstance(platform.gateway, TemporalGateway)
            platform.gateway.close()
            platform.records.dispose()


@contextmanager
def _watched(supervisor: Supervisor) -> Iterator[None]:
    """Restart what dies, also while the cases are played."""
    ended = threading.Event()
    watching = threading.Thread(target=supervisor.watch, args=(ended,), name="supervisor")
    watching.start()
    try:
        yield
    finally:
        ended.set()
        watching.join()


@contextmanager
def _folder(headless: bool) -> Iterator[Path]:
    """A fresh folder: ``demo``, or a temporary one that is removed afterwards.

    Raises:
        AlreadyRunning: a demo runs on the folder.
    """
    if headless:
        with tempfile.TemporaryDirectory(prefix="pdflow-demo-") as name:
            yield Path(name)
        return
    running = read_running(FOLDER) if FOLDER.exists() else None
    if running is not None:
        raise AlreadyRunning(
            f"A demo runs already (process {running.supervisor}). Open {running.dashboard}, or end it first."
        )
    shutil.rmtree(FOLDER, ignore_errors=True)
    yield FOLDER


def _platform(settings: Settings) -> Platform:
    return Platform(open_records(settings), open_documents(settings), TemporalGateway(settings), settings)


def _deploy(settings: Settings) -> None:
    """The worker looks for definitions as soon as it starts, whoever plays the cases."""
    platform = _platform(settings)
    deployment.deploy(platform)
    platform.records.dispose()


def _seed(settings: Settings, plan: Plan) -> list[StartInstance]:
    with _progress("Playing two months of cases", plan.cases) as told:
        return seed(settings, plan, told)


def _open(platform: Platform, starts: list[StartInstance]) -> None:
    """Start on Temporal what has not ended; from here on it lives in real time."""
    assert isinstance(platform.gateway, TemporalGateway)
    count = [0]
    with _progress("Starting what is still open", len(starts)) as told:

        def started(_: StartInstance) -> None:
            count[0] += 1
            told(count[0])

        platform.gateway.start_many(starts, started=started)


def _play(platform: Platform, plan: Plan) -> list[Director]:
    with _progress("Driving cases through Temporal", plan.cases) as told:
        return play(platform, plan, told)


@contextmanager
def _progress(words: str, total: int) -> Iterator[Any]:
    """A progress bar on stderr; its function takes how many are done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_console, transient=not _console.is_terminal) as bar:
        task = bar.add_task(words, total=total)
        yield lambda done: bar.update(task, completed=done)


def _print(came_to: dict[str, Any], seconds: dict[str, float], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps({**came_to, **seconds}, indent=2) + "\n")
        return
    out = Console()
    out.print(f"{came_to['cases']} cases, {came_to['incidents']} incidents")
    for name in ("cases_by_state", "outcomes", "notices", "appeals", "tasks_open", "cases_by_office"):
        said = ", ".join(f"{key.replace('_', ' ')} {count}" for key, count in came_to[name].items())
        out.print(f"[bold]{name.replace('_', ' ').capitalize()}[/bold]: {said}")
    for policy, states in came_to["clocks"].items():
        said = ", ".join(f"{state.replace('_', ' ')} {count}" for state, count in states.items())
        out.print(f"[bold]Clock {policy}[/bold]: {said}")
    out.print(", ".join(f"{name.replace('_', ' ')} {value}" for name, value in seconds.items()))
