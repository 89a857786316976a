"""Lives of cases for the crash matrix, played through Temporal while their worker is killed."""

from __future__ import annotations

import multiprocessing
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client, Interceptor, OutboundInterceptor, StartWorkflowInput, WorkflowHandle

import pdflow.casework.effects  # noqa: F401  registers what the models name
from bench import kill_worker
from bench.kill_rows import Rows, rows
from pdflow.casework import deployment
from pdflow.casework.demo.cast import hire
from pdflow.casework.demo.director import Director
from pdflow.casework.demo.live import stage_for_case
from pdflow.casework.demo.offices import PROFILES
from pdflow.casework.demo.plan import Plan
from pdflow.casework.demo.staff import Roster, members
from pdflow.casework.demo.story import Happening, Story, tell
from pdflow.services.platform import Platform, open_documents, open_records, prepare
from pdflow.services.settings import Settings
from pdflow.services.temporal.gateway import TemporalGateway
from pdflow.services.verify import verify

ANCHOR = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
#: A workflow task of a worker that has died is given to another after this; the product leaves it at Temporal's 10 s.
TASK_TIMEOUT = timedelta(seconds=2)

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["bench.kill_worker"])


@dataclass(frozen=True)
class Life:
    """One case whose life goes through a model.

    Attributes:
        model: process id of the model that it is about.
        story: what happens.
        calls: elements that it must have entered, or the life does not show what it is for.
    """

    model: str
    story: Story
    calls: frozenset[str]


@dataclass(frozen=True)
class Lived:
    """What a life left behind.

    Attributes:
        rows: see :func:`bench.kill_rows.rows`.
        passed: kinds of the points that were passed, in order; ``killed`` follows the one of a kill.
        gaps: sentences of ``pdflow verify``.
    """

    rows: Rows
    passed: list[str]
    gaps: list[str]

    @property
    def killed(self) -> list[str]:
        """Kinds of the points at which a worker was killed."""
        return [self.passed[place - 1] for place, kind in enumerate(self.passed) if kind == "killed"]


def lives() -> list[Life]:
    """A request that is denied, appealed and reversed at Headquarters; a letter that has to be translated; an inquiry."""
    told = tell(1, 0, ANCHOR)
    plain = replace(
        told,
        office="ATL",
        channel="applicant",
        held=False,
        counsel=None,
        hearing=None,
        bounces=False,
        happenings=(),
        evidence=("support_letter",),
        person=replace(told.person, language="es", reads=True),
    )
    whole = replace(
        plain,
        arrives=ANCHOR - timedelta(days=300),
        outcome="denied",
        appeals=True,
        review_results=("affirmed", "reversed"),
    )
    translated = replace(
        plain, arrives=ANCHOR - timedelta(days=4), person=replace(plain.person, language="ti")
    )
    asked = replace(
        plain,
        number=6,
        arrives=ANCHOR - timedelta(days=5),
        happenings=(Happening("inquiry", timedelta(hours=6), "status"),),
    )
    return [
        Life(
            "pd-request",
            whole,
            frozenset({"inquire", "write-determination", "sign", "review-appeal", "review-hq"}),
        ),
        Life("letter", translated, frozenset({"translate-letter"})),
        Life("liaison-inquiry", asked, frozenset({"answer-inquiry", "answer-question"})),
    ]


class Theatre:
    """An installation to copy, and a Temporal server that all lives share.

    Args:
        folder: for the installation and its copies.
        address: of the server.
    """

    def __init__(self, folder: Path, address: str) -> None:
        self._folder = folder
        self._address = address
        self._template = folder / "template"
        settings = self._settings(self._template)
        prepare(settings, today=ANCHOR.date())
        records = open_records(settings)
        platform = Platform(records, open_documents(settings), TemporalGateway(settings), settings)
        deployment.deploy(platform)
        hire(platform)
        records.dispose()

    def play(
        self, life: Life, kills: Sequence[int] = (), beside: Callable[[Platform], None] | None = None
    ) -> Lived:
        """Play a life on a copy of the installation.

        Args:
            life: which.
            kills: numbers of the points at which its first worker, its second ... are killed.
            beside: runs on a thread of its own meanwhile.
        """
        name = f"{life.model}-{uuid.uuid4().hex[:8]}"
        folder = self._folder / name
        shutil.copytree(self._template, folder)
        settings = self._settings(folder)
        platform = Platform(open_records(settings), open_documents(settings), _Gateway(settings), settings)
        passed = folder / "points"
        plan = Plan(1, 1, ANCHOR)
        try:
            with _workers(settings, kills, passed) as ended, ThreadPoolExecutor(1) as other:
                trouble = other.submit(beside, platform) if beside else None
                stage = stage_for_case(platform, plan, Roster(members(PROFILES)), threading.Lock(), ended)
                Director(stage, life.story).play()
                if trouble is not None:
                    trouble.result()
                gaps = [gap.sentence for gap in verify(platform).gaps]
            return Lived(rows(platform), passed.read_text().splitlines(), gaps)
        finally:
            platform.gateway.close()  # type: ignore[attr-defined]
            platform.records.dispose()
            shutil.rmtree(folder)

    def _settings(self, folder: Path) -> Settings:
        return Settings(
            state=folder,
            simulation=True,
            sign_in="demo",
            temporal_address=self._address,
            task_queue=folder.name,
        )


@contextmanager
def _workers(settings: Settings, kills: Sequence[int], passed: Path) -> Iterator[threading.Event]:
    """Workers one after the other, each killed at its point; the last one lives.

    Yields:
        An event that is set when they cannot go on.
    """
    ended, closing = threading.Event(), threading.Event()
    current: list[Any] = []

    def begin(kill_at: int | None) -> Any:
        process = _processes.Process(target=kill_worker.work, args=(settings, kill_at, passed))
        process.start()
        current[:] = [process]
        return process

    def keep() -> None:
        for kill_at in (*kills, None):
            process = begin(kill_at)
            process.join()
            if closing.is_set():
                return
        ended.set()

    thread = threading.Thread(target=keep)
    thread.start()
    try:
        yield ended
    finally:
        closing.set()
        current[0].terminate()
        thread.join()


class _Hasty(Interceptor):
    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        return _HastyStart(next)


class _HastyStart(OutboundInterceptor):
    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:
        input.task_timeout = TASK_TIMEOUT
        return await super().start_workflow(input)


class _Gateway(TemporalGateway):
    """Starts instances with a short task timeout, so that a kill costs seconds and not ten of them."""

    async def _connected(self) -> Client:
        client = await super()._connected()
        if not client.config()["interceptors"]:
            self._client = client = Client(**{**client.config(), "interceptors": [_Hasty()]})
        return client
