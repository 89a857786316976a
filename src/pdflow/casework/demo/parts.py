"""Seeding on two cores: half of the cases are played in a second process into a database of its own, then joined.

Cases do not know of each other, so the halves are independent; the demo's database is SQLite, which has one writer.
"""

from __future__ import annotations

import gc
import multiprocessing
import queue
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

import pdflow.casework.effects  # noqa: F401  registers what the models name, in the second process too
from pdflow.casework import deployment, requests
from pdflow.casework.demo import intake
from pdflow.casework.demo.cast import actors, hire
from pdflow.casework.demo.director import Director, Stage
from pdflow.casework.demo.offices import DEFAULT_OFFICE, PROFILES
from pdflow.casework.demo.plan import Plan
from pdflow.casework.demo.seeding import SeedPlatform
from pdflow.casework.demo.staff import members
from pdflow.casework.demo.story import generator, tell
from pdflow.records.session import sqlite_url
from pdflow.runtime.messages import StartInstance
from pdflow.services.platform import Platform, open_documents, open_records, prepare
from pdflow.services.settings import Settings

#: Filled alike in both halves before the first case; never joined.
_ALIKE = frozenset(
    {"alembic_version", "units", "areas", "liaisons", "users", "grants", "definitions", "drafts"}
)
#: Tables whose key is counted by the database: the numbers of the second half are given anew.
_NUMBERED = {"audit": "number", "messages": "number", "lookups": "id"}
#: Audit records of users and definitions stand in both halves already.
_OF_CASES = {"audit": " WHERE subject LIKE 'case:%' OR subject LIKE 'instance:%'"}


def seed(settings: Settings, plan: Plan, told: Callable[[int], None]) -> list[StartInstance]:
    """Play all cases up to the anchor and write them to the installation's records.

    Args:
        settings: of an installation that :func:`pdflow.services.platform.prepare` has made ready.
        plan: what to play.
        told: called with the number of cases that are through.

    Returns:
        The instances that have not ended, from their snapshots, to be started on Temporal.
    """
    mine, theirs = range(0, plan.cases, 2), range(1, plan.cases, 2)
    if not theirs:
        return play(settings, plan, mine, told)
    folder = settings.state / "seeding"
    context = multiprocessing.get_context("spawn")
    through = context.Value("i", 0)
    answer = context.Queue()
    half = settings.model_copy(update={"database": sqlite_url(folder / "half.db"), "keys": settings.key_file})
    folder.mkdir()
    process = context.Process(target=_half, args=(half, plan, theirs, through, answer), daemon=True)
    process.start()
    try:
        started = play(settings, plan, mine, lambda count: told(count + through.value))
        other = _answer_of(process, answer)
        if isinstance(other, str):
            raise RuntimeError(f"the second half of the seeding failed: {other}")
        process.join()
        join(settings.state / "records.db", folder / "half.db")
    finally:
        if process.is_alive():
            process.terminate()
        shutil.rmtree(folder, ignore_errors=True)
    told(plan.cases)
    return [*started, *other]


def play(
    settings: Settings, plan: Plan, numbers: Sequence[int], told: Callable[[int], None]
) -> list[StartInstance]:
    """Play some cases in this process."""
    platform = SeedPlatform(open_records(settings), open_documents(settings), settings, plan.anchor)
    deployment.deploy(platform)
    roster = hire(platform)
    seeder = platform.seeder
    stage = Stage(platform, seeder.sight, seeder, plan.seed, plan.anchor, roster, actors(members(PROFILES)))
    # Millions of small objects are made and dropped, few of them in cycles: looking for those often costs a tenth.
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 50)
    try:
        seeder.play([Director(stage, tell(plan.seed, number, plan.anchor)) for number in numbers], told)
    finally:
        gc.set_threshold(*before)
    platform.records.dispose()
    return seeder.open_instances()


def practice(platform: Platform, plan: Plan) -> str:
    """Take in the practice case: it stays simulated until somebody moves its clock, and is never counted.

    Returns:
        Its case number.
    """
    story = replace(tell(plan.seed, plan.cases, plan.anchor), office=DEFAULT_OFFICE, arrives=plan.anchor)
    officer = actors(members(PROFILES))(f"demo-{DEFAULT_OFFICE.lower()}-officer-1")
    receipt = requests.take_in(
        officer,
        platform,
        intake.request(story),
        source=generator(plan.seed, plan.cases, "numbers"),
        at=plan.anchor,
        simulated=True,
    )
    return receipt.case


def join(database: Path, half: Path) -> None:
    """Copy the rows of the second half into the installation's database, in one transaction."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("ATTACH DATABASE ? AS half", (str(half),))
        connection.execute("BEGIN IMMEDIATE")
        tables = connection.execute(
            "SELECT name FROM half.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        for (table,) in tables:
            if table in _ALIKE:
                continue
            columns = [row[1] for row in connection.execute(f'PRAGMA half.table_info("{table}")')]
            names = ", ".join(f'"{name}"' for name in columns if name != _NUMBERED.get(table))
            order = f' ORDER BY "{_NUMBERED[table]}"' if table in _NUMBERED else ""
            rows = f'half."{table}"{_OF_CASES.get(table, "")}{order}'
            connection.execute(f'INSERT INTO main."{table}" ({names}) SELECT {names} FROM {rows}')
        connection.execute("COMMIT")


def _answer_of(process: BaseProcess, answer: Any) -> Any:
    """Wait for the second process; one that has died without an answer is an answer too."""
    while True:
        try:
            return answer.get(timeout=1)
        except queue.Empty:
            if not process.is_alive() and answer.empty():
                return f"it ended with exit status {process.exitcode}"


def _half(
    settings: Settings, plan: Plan, numbers: Sequence[int], through: Synchronized[int], answer: Any
) -> None:
    """The second process; answers with its open instances, or with the name of what went wrong."""
    try:
        prepare(settings, today=plan.anchor.date())
        answer.put(play(settings, plan, numbers, lambda count: _set(through, count)))
    except BaseException as error:
        answer.put(f"{type(error).__name__}: {getattr(error, 'code', '')}")
        raise


def _set(through: Synchronized[int], count: int) -> None:
    through.value = count
