"""Records and workflows are compared; a gap is an incident."""

from __future__ import annotations

from sqlalchemy import delete, update

from pdflow.records.tables import Clock, FactRow, Incident, Instance, Task, table_of
from pdflow.services import incidents, tasks
from pdflow.services.inprocess import InProcessGateway
from pdflow.services.platform import Platform
from pdflow.services.verify import GAP, verify
from tests.services.conftest import ADMINISTRATOR, GRANT, OFFICER, begin, claimed, every, only


def test_records_that_agree_have_no_gap(platform: Platform) -> None:
    begin(platform, case="AAA-AAA")
    task = claimed_in(platform, "AAA-AAA")
    tasks.complete(OFFICER, platform, task, GRANT)
    begin(platform, case="BBB-BBB")
    found = verify(platform)
    assert (found.compared, found.silent, found.gaps) == (2, [], [])
    assert every(platform, Incident) == []


def claimed_in(platform: Platform, case: str) -> str:
    return tasks.claim(OFFICER, platform, only(platform, Task, case=case).id).id


def test_each_kind_of_gap_is_said_in_a_sentence_and_opens_one_incident(platform: Platform) -> None:
    claimed(platform)
    with platform.writing() as session:
        session.execute(update(table_of(Task)).values(closed_by_fact=3))
        session.execute(delete(table_of(Clock)))
        session.execute(delete(table_of(FactRow)).where(table_of(FactRow).c.number == 2))
    sentences = [gap.sentence for gap in verify(platform).gaps]
    assert len(sentences) == 3
    assert any("facts and hold" in sentence for sentence in sentences)
    assert any("tasks differ: 0 only in the records, 1 only in the workflow" in s for s in sentences)
    verify(platform)
    incident = only(platform, Incident)
    assert (incident.code, incident.case) == (GAP, "K7Q-4MX")
    incidents.close(ADMINISTRATOR, platform, incident.id, "restored-from-backup")
    with platform.reading() as session:
        assert incidents.open_incidents(session) == []


def test_a_step_that_the_records_lost_is_a_gap(platform: Platform) -> None:
    claimed(platform)
    with platform.writing() as session:
        session.execute(update(table_of(Instance)).values(last_fact=3))
        session.execute(delete(table_of(FactRow)).where(table_of(FactRow).c.number > 3))
    (gap, *_) = verify(platform, report=False).gaps
    assert "the records hold 3" in gap.sentence
    assert every(platform, Incident) == []


def test_a_workflow_that_is_gone_is_a_gap(platform: Platform, gateway: InProcessGateway) -> None:
    begin(platform)
    gateway.instances.clear()
    (gap,) = verify(platform).gaps
    assert "there is no workflow" in gap.sentence
