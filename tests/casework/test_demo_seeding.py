"""Seeding plays cases through the same models and effects as real ones, alike for alike seeds, and never beyond "now"."""

import os
import pickle
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, func, select

import pdflow.casework.effects  # noqa: F401
from pdflow.casework.demo.parts import play
from pdflow.casework.demo.plan import Plan
from pdflow.casework.demo.staff import DEFAULT_USER
from pdflow.casework.demo.summary import summary
from pdflow.records.tables import Audit, Case, Clock, Command, FactRow, Incident, Instance, Task
from pdflow.runtime.definitions import DefinitionSource
from pdflow.runtime.instance import Instance as Running
from pdflow.services import definitions, users
from pdflow.services.platform import Platform, open_documents, open_records, prepare
from pdflow.services.settings import Settings

ROOT = Path(__file__).parents[2]
ANCHOR = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PLAN = Plan(cases=8, seed=3, anchor=ANCHOR)


def _prepared(folder) -> Settings:
    settings = Settings(state=folder, simulation=True, sign_in="demo")
    prepare(settings, today=ANCHOR.date())
    return settings


def _platform(settings: Settings) -> Platform:
    return Platform(open_records(settings), open_documents(settings), None, settings, lambda: ANCHOR)


#: The command does it like this, in a process that nothing else has happened in.
ON_TWO_CORES = """
import pickle, sys
from pathlib import Path
from tests.casework.test_demo_seeding import PLAN, _prepared
from pdflow.casework.demo.parts import seed
if __name__ == "__main__":
    folder = Path(sys.argv[1])
    starts = seed(_prepared(folder / "state"), PLAN, lambda done: None)
    (folder / "starts").write_bytes(pickle.dumps(starts))
"""


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    """Settings of a demo seeded on two cores, with the instances that are still open."""
    folder = tmp_path_factory.mktemp("demo")
    script = folder / "seed.py"
    script.write_text(ON_TWO_CORES)
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    subprocess.run([sys.executable, str(script), str(folder)], check=True, env=environment, timeout=180)
    starts = pickle.loads((folder / "starts").read_bytes())
    return Settings(state=folder / "state", simulation=True, sign_in="demo"), starts


@pytest.fixture
def platform(seeded):
    place = _platform(seeded[0])
    yield place
    place.records.dispose()


def test_the_same_seed_gives_the_same_summary_on_one_core_and_on_two(platform, tmp_path):
    settings = _prepared(tmp_path / "again")
    play(settings, PLAN, range(PLAN.cases), lambda done: None)
    again = _platform(settings)
    assert summary(again, ANCHOR) == summary(platform, ANCHOR)
    again.records.dispose()


def test_another_seed_gives_another_summary(platform, tmp_path):
    settings = _prepared(tmp_path / "other")
    play(settings, Plan(PLAN.cases, PLAN.seed + 1, ANCHOR), range(PLAN.cases), lambda done: None)
    other = _platform(settings)
    assert summary(other, ANCHOR)["cases_by_office"] != summary(platform, ANCHOR)["cases_by_office"]
    other.records.dispose()


def test_no_record_is_dated_after_now_and_nothing_is_an_incident(platform):
    with platform.reading() as session:
        for column in (
            FactRow.at,
            Task.opened_at,
            Clock.started_at,
            Case.received_at,
            Audit.at,
            Command.requested_at,
        ):
            assert session.exec(select(func.max(column))).one() <= ANCHOR
        assert session.exec(select(func.count()).select_from(Incident)).one() == 0
        assert session.exec(select(func.count()).select_from(Case)).one() == PLAN.cases


def test_every_open_instance_can_go_on_from_its_snapshot_as_the_records_have_it(seeded, platform):
    _, starts = seeded
    with platform.reading() as session:
        running = session.exec(select(Instance).where(Instance.state == "running")).all()
        source = DefinitionSource(lambda hash: definitions.manifest(session, hash))
        assert {start.instance for start in starts} == {instance.id for instance in running}
        assert running
        for start in starts:
            status = Running.restore(start.snapshot, source).status()
            row = session.get_one(Instance, start.instance)
            tasks = session.exec(
                select(Task.id).where(Task.instance == start.instance, col(Task.closed_at).is_(None))
            ).all()
            assert (status.last_fact, sorted(status.open_tasks)) == (row.last_fact, sorted(tasks))
            assert not status.simulated, "at the anchor a case becomes an ordinary one"


def test_commands_of_the_past_are_answered_so_that_no_worker_sends_them_again(platform):
    with platform.reading() as session:
        assert not session.exec(select(Command.id).where(col(Command.answered_at).is_(None))).all()


def test_the_default_user_is_a_liaison(platform):
    with platform.reading() as session:
        assert users.default_demo_user(session) == DEFAULT_USER
        assert users.profile(session, DEFAULT_USER).role == "liaison"


def test_requests_arrive_over_two_months(platform):
    with platform.reading() as session:
        first = session.exec(select(func.min(Case.received_at))).one()
    assert ANCHOR - timedelta(days=62) <= first <= ANCHOR
