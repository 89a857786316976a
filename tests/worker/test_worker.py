"""The real worker on a real server: killed in the middle, nothing is lost; of a whole case, nothing personal leaks."""

from __future__ import annotations

import os
import queue
import signal
import threading
from pathlib import Path

import pytest
from sqlmodel import col, func, select

from pdflow.casework import appeals
from pdflow.records.tables import Command, FactRow, Incident, Instance, Person, Task
from pdflow.services import heartbeat, starting, tasks
from pdflow.services.actor import SYSTEM, Actor, Grant
from pdflow.services.verify import verify
from pdflow.services.verify_clocks import verify_clocks
from tests.casework.conftest import OFFICER, Casework
from tests.worker.conftest import Installation, eventually

pytestmark = [pytest.mark.temporal, pytest.mark.slow]

WHO = Actor("officer", frozenset({Grant("officer", "ATL")}))
ERRANDS = 24


class Errand:
    """One instance of ``errand.bpmn``, done by an officer who waits for each task to appear."""

    def __init__(self, installation: Installation) -> None:
        self.platform = installation.platform
        self.instance = ""

    def run(self) -> None:
        started = starting.start(SYSTEM, self.platform, "errand", variables={"office": "ATL"}, unit="ATL")
        self.instance = started.instance
        for element in ("first", "second"):
            task = eventually(lambda element=element: self._task(element))
            tasks.claim(WHO, self.platform, task)
            tasks.complete(WHO, self.platform, task)
        eventually(self._ended)

    def _task(self, element: str) -> str | None:
        with self.platform.reading() as session:
            return session.exec(
                select(Task.id).where(
                    Task.instance == self.instance, Task.element == element, Task.state == "open"
                )
            ).first()

    def _ended(self) -> bool:
        with self.platform.reading() as session:
            row = session.get(Instance, self.instance)
            return row is not None and row.state == "completed"


def test_killing_worker_and_server_in_the_middle_loses_nothing_and_doubles_nothing(
    installation: Installation,
) -> None:
    waiting: queue.SimpleQueue[Errand] = queue.SimpleQueue()
    for _ in range(ERRANDS):
        waiting.put(Errand(installation))
    finished, faults = threading.Semaphore(0), []

    def person() -> None:
        while not waiting.empty():
            try:
                waiting.get_nowait().run()
            except queue.Empty:
                return
            except BaseException as fault:
                faults.append(fault)
            finished.release()

    people = [threading.Thread(target=person) for _ in range(4)]
    for one in people:
        one.start()
    for part in ("worker", "Temporal server"):
        for _ in range(4):
            assert finished.acquire(timeout=120)
        os.kill(installation.pid(part), signal.SIGKILL)
    for one in people:
        one.join()

    assert faults == []
    eventually(lambda: any("worker runs again" in sentence for sentence in installation.said))
    assert any("worker has ended unexpectedly" in sentence for sentence in installation.said)
    assert any("Temporal server runs again" in sentence for sentence in installation.said)
    eventually(lambda: _unanswered(installation) == 0)
    with installation.platform.reading() as session:
        instances = session.exec(select(Instance).where(Instance.process == "errand")).all()
        assert [row.state for row in instances] == ["completed"] * ERRANDS
        for row in instances:
            numbers = session.exec(
                select(FactRow.number).where(FactRow.instance == row.id).order_by(col(FactRow.number))
            ).all()
            assert list(numbers) == list(range(1, row.last_fact + 1))
            closed = session.exec(select(Task.element, Task.state).where(Task.instance == row.id)).all()
            assert sorted(closed) == [("first", "completed"), ("second", "completed")]
        assert session.exec(select(func.count()).select_from(Incident)).one() == 0


def _unanswered(installation: Installation) -> int:
    with installation.platform.reading() as session:
        statement = select(func.count()).select_from(Command).where(col(Command.answered_at).is_(None))
        return session.exec(statement).one()


def test_the_worker_gives_signs_of_life(installation: Installation) -> None:
    with installation.platform.reading() as session:
        seen = heartbeat.last(session)

    assert seen is not None
    assert installation.platform.now() - seen < heartbeat.SILENT_AFTER


class LiveCasework(Casework):
    """A case whose steps take a moment: looks again until a task is open."""

    def do(self, element: str, *arguments: object, **more: object) -> None:
        eventually(lambda: element in self.elements())
        super().do(element, *arguments, **more)  # type: ignore[arg-type]

    def until(self, *elements: str) -> None:
        while not set(elements) & set(eventually(self.elements)):
            self.do(self.elements()[0])


#: Planted where people write: name, address, free text of forms, an appeal.
MARKERS = {
    "given": "Xiomara-Planted",
    "family": "Quetzalmarker",
    "consent": "consentmarker: I want this request, and I have been told of the risk.",
    "email": "quetzalmarker@example.org",
    "phone": "404-555-0142",
}
WORDS = ("Planted", "uetzalmarker", "consentmarker", "analysismarker", "statementmarker", "404-555-0142")


def test_after_a_whole_case_neither_server_nor_logs_hold_what_people_wrote(
    installation: Installation,
) -> None:
    case = LiveCasework(installation.platform, now=installation.platform.now())
    case.take_in(**MARKERS)
    case.until("write-determination")
    determination = next(task for task in case.open() if task.element == "write-determination")
    answer = case.answer(determination)
    case.do("write-determination", {**answer, "analysis": f"{answer['analysis']} analysismarker"})
    case.until("sign")
    case.do("sign")
    for review in ("review-appeal", "review-hq"):
        eventually(lambda: case.record().state == "appeal_open")
        appeal = {"intake": "phone", "grounds": ["facts_left_out"], "statement": "statementmarker: not read."}
        appeals.file(OFFICER, installation.platform, case.case, appeal)
        case.do(review)
    eventually(lambda: case.record().state == "closed")

    with installation.platform.reading() as session:
        names = [person.family for person in session.exec(select(Person))]
    assert MARKERS["family"] in names  # they are where they belong
    verified = verify(installation.platform)
    assert (verified.gaps, verified.silent) == ([], [])
    recomputed, disagreements = verify_clocks(installation.platform)
    assert (recomputed > 3, disagreements) == (True, [])
    files = [path for path in installation.state.rglob("*") if path.is_file()]
    assert {"temporal.db", "worker.log", "records.db"} <= {path.name for path in files}
    # The scan can see: ids are readable in the server's files, and they are all that is.
    assert _found(files, case.instance().id) & {"temporal.db", "temporal.db-wal"}
    assert {word: _found(files, word) for word in WORDS} == {word: set() for word in WORDS}


def _found(files: list[Path], word: str) -> set[str]:
    return {path.name for path in files if word.encode() in path.read_bytes()}
