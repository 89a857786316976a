"""The case of :mod:`bench.plan` on Temporal: written by hand in two ways, and as BPMN; same server, interleaved in one run.

A person is played by this process: it looks for rows of open tasks and completes each as soon as it is visible.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, quantiles
from typing import Any, Protocol

from sqlalchemy import text
from temporalio.client import Client

from bench import as_bpmn
from bench.by_hand import rows, straightforward
from bench.plan import PEOPLE
from bench.serve import settings_of
from bench.table import figure, table
from pdflow.records.crypto import KeyRing
from pdflow.records.session import Records
from pdflow.runtime.messages import UPDATE_COMMAND, WORKFLOW, CommandMessage, StartInstance
from pdflow.services import definitions
from pdflow.services.platform import Platform, open_documents, open_records, prepare
from pdflow.services.temporal.client import connect, target_of
from pdflow.services.temporal.gateway import TemporalGateway
from pdflow.services.temporal.server import Server, start_server

ROOT = Path(__file__).resolve().parents[1]
#: Pauses of whoever looks for new rows: short when one case runs at a time and its latency is measured.
_LOOK_ALONE_SECONDS = 0.001
_LOOK_SECONDS = 0.01


@dataclass(frozen=True)
class Sizes:
    """How much of everything.

    Attributes:
        alone: cases one at a time, for each variant: for the latency.
        cases: cases of a block; parallel at a time.
        rounds: blocks for each variant, the variants taking turns.
    """

    alone: int = 4
    cases: int = 20
    parallel: int = 10
    rounds: int = 2


class Variant(Protocol):
    """One way to carry out the case.

    Attributes:
        name: as the tables call it.
        side: whose worker and database it uses.
    """

    name: str
    side: str

    async def start(self, client: Client, case: str) -> Any:
        """Start a case."""

    async def complete(self, client: Client, address: str, task: str) -> None:
        """Say that a task is done."""

    def workflows(self, case: str) -> list[str]:
        """Ids of all workflows of a case."""


class ByHand:
    """A hand-written case."""

    def __init__(
        self, name: str, side: str, workflow: str, given: tuple[Any, ...], parts: tuple[str, ...]
    ) -> None:
        self.name, self.side = name, side
        self._workflow, self._given, self._parts = workflow, given, parts

    async def start(self, client: Client, case: str) -> Any:
        return await client.start_workflow(
            self._workflow, args=[case, *self._given], id=case, task_queue=self.side
        )

    async def complete(self, client: Client, address: str, task: str) -> None:
        await client.get_workflow_handle(address).execute_update("complete", task)

    def workflows(self, case: str) -> list[str]:
        return [case, *(f"{case}/{part}" for part in self._parts)]


class AsBpmn:
    """A process instance of the product."""

    side = "bpmn"

    def __init__(self, name: str, process: str, definition: str) -> None:
        self.name, self._process, self._definition = name, process, definition

    async def start(self, client: Client, case: str) -> Any:
        start = StartInstance(
            case, self._process, self._definition, {}, case=case[:12], unit="NYC", actor="u1"
        )
        return await client.start_workflow(WORKFLOW, start, id=case, task_queue=self.side)

    async def complete(self, client: Client, address: str, task: str) -> None:
        message = CommandMessage(uuid.uuid4().hex, "complete", "u1", task=address)
        handle = client.get_workflow_handle(address.partition(":")[0])
        await handle.execute_update(UPDATE_COMMAND, message, id=message.id)

    def workflows(self, case: str) -> list[str]:
        return [case]


#: Side -> open tasks of its database: case, name of the task, and where its completion goes.
_BY_HAND = "SELECT \"case\", name, workflow FROM bench_tasks WHERE state = 'open'"
SIDES = {
    "straightforward": _BY_HAND,
    "tuned": _BY_HAND,
    "bpmn": "SELECT instance, element, id FROM tasks WHERE state = 'open'",
}


@dataclass
class Figures:
    """What was measured of one variant; processor time in seconds."""

    cases: int = 0
    seconds: float = 0.0
    worker: float = 0.0
    client: float = 0.0
    server: float = 0.0
    events: list[int] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)
    visible: list[float] = field(default_factory=list)


@dataclass
class Side:
    """A worker with its database.

    Attributes:
        awaited: case and name of a task to its address and the instant at which its row was seen.
        looked: seconds of processor time that looking for rows took; no part of what a case costs.
    """

    open_tasks: str
    records: Records
    process: subprocess.Popen[str]
    awaited: dict[tuple[str, str], asyncio.Future[tuple[str, float]]] = field(default_factory=dict)
    looked: float = 0.0

    def cpu(self) -> float:
        """Seconds of processor time of the worker so far."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write("cpu\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def task(self, case: str, name: str) -> asyncio.Future[tuple[str, float]]:
        """Its address and the instant at which its row was seen."""
        return self.awaited.setdefault((case, name), asyncio.get_running_loop().create_future())

    def look(self) -> None:
        """See which tasks are open."""
        begun = time.thread_time()
        with self.records.engine.connect() as connection:
            found = connection.execute(text(self.open_tasks)).all()
        now = time.perf_counter()
        for case, name, address in found:
            waiting = self.awaited.get((case, name))
            if waiting is not None and not waiting.done():
                waiting.set_result((address, now))
        self.looked += time.thread_time() - begun


def report(sizes: Sizes) -> str:
    """Run everything and tell it as tables."""
    with ExitStack() as stack:
        state = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pdflow-bench-")))
        server = start_server(state)
        stack.callback(server.stop)
        return asyncio.run(_measure(sizes, state, server, stack))


async def _measure(sizes: Sizes, state: Path, server: Server, stack: ExitStack) -> str:
    definition = _prepare(state, server)
    sides = {name: _side(name, state, server, stack) for name in SIDES}
    client = await connect(
        target_of(settings_of("bpmn", state, server.address)), KeyRing.open(state / "keys.json")
    )
    players = [Player(variant, sides[variant.side], client, server) for variant in _variants(definition)]
    for player in players:
        await player.play(2, 2)
    for player in players:
        player.figures = Figures()
    for _ in range(sizes.alone):
        for player in players:
            await player.play(1, 1)
    latencies = {player.variant.name: player.figures.visible for player in players}
    for player in players:
        player.figures = Figures()
    for _ in range(sizes.rounds):
        for player in players:
            await player.play(sizes.cases, sizes.parallel)
    return _tell({player.variant.name: player.figures for player in players}, latencies, sizes)


def _variants(definitions: dict[str, str]) -> list[Variant]:
    found: list[Variant] = [
        ByHand(
            "by hand, straightforward", "straightforward", "StraightforwardCase", (), straightforward.CHILDREN
        ),
        ByHand("by hand, tuned", "tuned", "TunedCase", (False,), ()),
        ByHand("by hand, tuned, local services", "tuned", "TunedCase", (True,), ()),
    ]
    for name, local in (("BPMN", False), ("BPMN, local services", True)):
        process = as_bpmn.process("bench-case", local_services=local)
        found.append(AsBpmn(name, process, definitions[process]))
    return found


def _prepare(state: Path, server: Server) -> dict[str, str]:
    """Make the databases, all alike, and deploy the models: process id to definition."""
    settings = settings_of("bpmn", state, server.address)
    prepare(settings, today=datetime.now(UTC).date())
    records = open_records(settings)
    rows.METADATA.create_all(records.engine)
    platform = Platform(records, open_documents(settings), TemporalGateway(settings), settings)
    versions = definitions.install(platform, as_bpmn.manifests())
    records.dispose()
    for name in SIDES:
        if name != "bpmn":
            shutil.copytree(state / "bpmn", state / name)
    return {version.process: version.hash for version in versions}


def _side(name: str, state: Path, server: Server, stack: ExitStack) -> Side:
    records = open_records(settings_of(name, state, server.address))
    stack.callback(records.dispose)
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.serve", name, str(state), server.address],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    stack.callback(_end, process)
    assert process.stdout is not None
    if process.stdout.readline() != "ready\n":
        raise SystemExit(f"The worker of {name} ended at once; its last words are above.")
    return Side(SIDES[name], records, process)


def _end(process: subprocess.Popen[str]) -> None:
    """A worker ends when its input does."""
    assert process.stdin is not None and process.stdout is not None
    process.stdin.close()
    process.wait(timeout=60)
    process.stdout.close()


@dataclass
class Player:
    """Carries out cases of one variant and adds up what they cost."""

    variant: Variant
    side: Side
    client: Client
    server: Server
    figures: Figures = field(default_factory=Figures)

    async def play(self, cases: int, parallel: int) -> None:
        """Carry out cases, so many at a time."""
        figures, free = self.figures, asyncio.Semaphore(parallel)

        async def one() -> str:
            async with free:
                return await self._case()

        async with self._looking(_LOOK_ALONE_SECONDS if parallel == 1 else _LOOK_SECONDS):
            worker, here, there = self.side.cpu(), self._here(), _cpu_of(self.server.pid)
            begun = time.perf_counter()
            done = await asyncio.gather(*(one() for _ in range(cases)))
            figures.seconds += time.perf_counter() - begun
            figures.worker += self.side.cpu() - worker
            figures.client += self._here() - here
            figures.server += _cpu_of(self.server.pid) - there
        figures.cases += cases
        for case in done:
            infos = [await self._info(id) for id in self.variant.workflows(case)]
            figures.events.append(sum(info.history_length for info in infos))
            figures.bytes.append(sum(info.history_size_bytes for info in infos))

    def _here(self) -> float:
        """Seconds of processor time of this process without looking for rows."""
        return time.process_time() - self.side.looked

    async def _info(self, workflow: str) -> Any:
        return (
            await self.client.get_workflow_handle(workflow).describe()
        ).raw_description.workflow_execution_info

    async def _case(self) -> str:
        case = uuid.uuid4().hex
        handle = await self.variant.start(self.client, case)
        for name, following in zip(PEOPLE, [*PEOPLE[1:], None], strict=True):
            address, _ = await self.side.task(case, name)
            sent = time.perf_counter()
            await self.variant.complete(self.client, address, name)
            if following is not None:
                _, seen = await self.side.task(case, following)
                self.figures.visible.append(seen - sent)
        await handle.result()
        for name in PEOPLE:
            del self.side.awaited[case, name]
        return case

    @asynccontextmanager
    async def _looking(self, pause: float) -> AsyncIterator[None]:
        async def look() -> None:
            while True:
                self.side.look()
                await asyncio.sleep(pause)

        looking = asyncio.create_task(look())
        try:
            yield
        finally:
            looking.cancel()


def _cpu_of(pid: int) -> float:
    """Seconds of processor time of another process; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _tell(figures: dict[str, Figures], latencies: dict[str, list[float]], sizes: Sizes) -> str:
    first, tuned, *_ = figures.values()

    def cpu(one: Figures) -> float:
        return (one.worker + one.client + one.server) / one.cases

    told = []
    for name, one in figures.items():
        percentiles = quantiles(latencies[name], n=100, method="inclusive")
        told.append(
            [
                name,
                figure(one.cases / one.seconds),
                *(figure(spent / one.cases * 1e3) for spent in (one.worker, one.client, one.server)),
                f"{mean(one.events):,.0f}",
                figure(mean(one.bytes) / 1e3),
                figure(percentiles[49] * 1e3),
                figure(percentiles[98] * 1e3),
                f"{cpu(one) / cpu(first):.2f}",
                f"{cpu(one) / cpu(tuned):.2f}",
                f"{one.worker / first.worker:.2f}",
            ]
        )
    return table(
        "A case of eight tasks, eight services, three calls and four clocks",
        [
            "",
            "cases/s",
            "worker, ms",
            "client, ms",
            "server, ms",
            "events",
            "history, KB",
            "next row p50, ms",
            "p99, ms",
            "CPU to straightforward",
            "CPU to tuned",
            "worker to straightforward",
        ],
        told,
        f"{first.cases} cases of each, {sizes.parallel} at a time, the variants taking turns; processor time of a case. "
        f"Next row: from sending a completion until the next task's row is visible; {sizes.alone} cases, one at a time.",
    )
