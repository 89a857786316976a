"""Effects, listeners and jobs: what models may name."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from pdflow.records.crypto import KeyRing
from pdflow.records.documents import FolderDocuments
from pdflow.records.session import Records
from pdflow.records.tables import Audit, Command, FactRow, Incident, Instance, Task
from pdflow.runtime.messages import Fact, JobCall
from pdflow.services import jobs, registry
from pdflow.services.errors import JobError, ServiceError
from pdflow.services.inprocess import in_process
from pdflow.services.platform import Platform
from pdflow.services.registry import CommandHandler, JobContext, command, job, on_fact
from pdflow.services.settings import Settings
from tests.services.conftest import START
from tests.services.test_projection import HISTORY, batch, fact, write

HEARD: list[tuple[int, str, int]] = []
APPLIED: list[datetime] = []


class Count(CommandHandler):
    def apply(self, session: Session, row: Command, at: datetime) -> None:
        APPLIED.append(at)


def hear(session: Session, instance: Instance, fact: Fact) -> None:
    """Remembers what it can see: the fact, the instance as it is now, and how many tasks there are."""
    HEARD.append((fact.number, instance.state, len(session.exec(select(Task)).all())))


def greet(session: Session, context: JobContext) -> dict[str, Any]:
    session.add(Audit(source=context.key, actor="u", action="a", subject="s", at=START, recorded_at=START))
    session.flush()
    if context.variables.get("fail"):
        raise JobError("NOT-HOME", "nobody there", {"tries": 2})
    return {"greeted": context.variables["name_code"], "at": context.at}


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """These names alone, registered as a product registers its own."""
    HEARD.clear()
    APPLIED.clear()
    for registered in ("_commands", "_jobs", "_listeners"):
        monkeypatch.setattr(registry, registered, {})
    command("test.count")(Count)
    on_fact("message_taken")(hear)
    job("test.greet")(greet)


@pytest.fixture
def bare(records: Records, key_ring: KeyRing, tmp_path: Path) -> Platform:
    return in_process(records, FolderDocuments(tmp_path / "documents", key_ring), Settings())


def done(number: int, effect: str | None, row: str | None = "c1") -> Fact:
    made = fact(number, "command_done", name="complete", effect=effect)
    made.command = row
    return made


def ask(records: Records, effect: str | None) -> None:
    with records.writing() as session:
        session.add(
            Command(
                id="c1", actor="u", name="complete", effect=effect, process="p", instance="I",
                requested_at=START, sent_at=START,
            )
        )  # fmt: skip


def test_an_effect_is_applied_once_however_often_its_step_is_written(records: Records) -> None:
    ask(records, "test.count")
    write(records, batch([HISTORY[0], done(2, "test.count")]))
    write(records, batch([done(2, "test.count"), fact(3, "entered", "9", type="task")]))
    write(records, batch([done(2, "test.count"), fact(3, "entered", "8", type="task")]))
    assert len(APPLIED) == 1
    with records.reading() as session:
        row = session.get_one(Command, "c1")
        assert (row.state, row.done_by_fact, row.answered_at) == ("done", 2, None)
        assert [audit.action for audit in session.exec(select(Audit))] == ["test.count"]


def test_a_command_without_an_effect_is_recorded_all_the_same(records: Records) -> None:
    ask(records, None)
    write(records, batch([HISTORY[0], done(2, None)]))
    with records.reading() as session:
        assert [audit.action for audit in session.exec(select(Audit))] == ["complete"]


def test_an_effect_that_this_release_does_not_know_stops_the_projection(records: Records) -> None:
    ask(records, "test.of-tomorrow")
    with pytest.raises(ServiceError) as error:
        write(records, batch([HISTORY[0], done(2, "test.of-tomorrow")]))
    assert error.value.code == "effect-unknown"
    with records.reading() as session:
        assert session.exec(select(FactRow)).all() == []


def test_a_step_that_names_a_lost_command_is_an_incident_and_nothing_is_guessed(records: Records) -> None:
    write(records, batch([HISTORY[0], done(2, "test.count", "lost")]))
    with records.reading() as session:
        assert session.exec(select(Incident.code)).all() == ["command-missing"]
    assert APPLIED == []


def test_a_listener_sees_the_rows_of_the_step_and_hears_what_stands_again_after_an_undo(
    records: Records,
) -> None:
    taken = fact(4, "message_taken", message="pd.moot", key=None)
    write(records, batch([*HISTORY[:3], taken]))
    assert HEARD == [(4, "running", 1)]
    write(records, batch([fact(5, "entered", "9", type="task")]))
    write(records, batch([fact(5, "ended", state="completed", variables={})]))
    assert HEARD == [(4, "running", 1), (4, "completed", 1)]


def test_a_name_is_registered_once() -> None:
    with pytest.raises(ValueError, match=r"command 'test\.count' is already registered"):
        command("test.count")(Count)
    with pytest.raises(ValueError, match=r"job 'test\.greet' is already registered"):
        job("test.greet")(greet)
    assert (registry.command_names(), registry.job_types()) == ({"test.count"}, {"test.greet"})


def test_a_listener_names_a_kind_of_fact() -> None:
    with pytest.raises(ValueError, match="kind of fact"):
        on_fact("signed")
    assert (
        registry.find_command("nothing")
        is registry.find_command(None)
        is registry.find_job("nothing")
        is None
    )


def call(type: str = "test.greet", **variables: Any) -> JobCall:
    return JobCall(
        key="I:7", instance="I", token="7", element="greet", type=type, case=None, headers={},
        variables=variables, properties={}, at="2026-11-24T09:00:00Z", retries=1, simulated=False,
    )  # fmt: skip


def test_a_job_commits_what_it_writes_and_answers_in_the_encoding_of_the_wire(bare: Platform) -> None:
    result = jobs.run(bare, call(name_code="a"))
    assert result.error is None
    assert result.variables["greeted"] == "a"
    assert result.variables["at"]["$feel"] == "date and time"
    with bare.reading() as session:
        assert session.exec(select(Audit).where(Audit.source == "I:7")).first() is not None


def test_a_job_that_ends_with_an_error_of_the_model_writes_nothing(bare: Platform) -> None:
    result = jobs.run(bare, call(fail=True))
    assert (result.error, result.variables) == ("NOT-HOME", {"tries": 2})
    with bare.reading() as session:
        assert session.exec(select(Audit).where(Audit.source == "I:7")).first() is None


def test_a_task_without_a_type_completes_and_an_unknown_type_does_not(bare: Platform) -> None:
    assert jobs.run(bare, call(type="")).variables == {}
    with pytest.raises(ServiceError) as error:
        jobs.run(bare, call(type="nothing"))
    assert error.value.code == "job-unknown"
