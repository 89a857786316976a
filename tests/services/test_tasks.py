"""Tasks and the command protocol, as a person sees them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from pdflow.records.tables import Audit, Clock, Command, Incident, Instance, Task, TaskDraft
from pdflow.services import tasks
from pdflow.services.actor import Actor
from pdflow.services.errors import Conflict, InvalidForm, NotAllowed, NotFound, Refused, ServiceError
from pdflow.services.platform import Platform
from tests.services.conftest import (
    COLLEAGUE,
    ELSEWHERE,
    GRANT,
    OFFICER,
    START,
    SUPERVISOR,
    World,
    begin,
    claimed,
    every,
    only,
)


def queue(platform: Platform, actor: Actor, **more: Any) -> list[Task]:
    with platform.reading() as session:
        return tasks.queue(actor, session, now=platform.now(), **more)


def test_a_started_request_shows_its_task_to_the_office_and_to_nobody_else(platform: Platform) -> None:
    receipt = begin(platform)
    assert receipt.status == "done"
    (task,) = queue(platform, OFFICER)
    assert (task.state, task.name, task.unit, task.case) == ("open", "Decide", "ATL", "K7Q-4MX")
    assert task.due == START + timedelta(days=2)
    assert only(platform, Clock).due == task.due and task.clock == only(platform, Clock).id
    assert queue(platform, SUPERVISOR) == queue(platform, ELSEWHERE) == []


def test_the_first_claim_wins_and_the_second_hears_who_was_first(platform: Platform) -> None:
    task = claimed(platform)
    with pytest.raises(Conflict) as lost:
        tasks.claim(COLLEAGUE, platform, task.id)
    assert (lost.value.code, lost.value.who, lost.value.since) == ("claimed", "officer", START)
    assert tasks.claim(OFFICER, platform, task.id).assignee == "officer"
    assert queue(platform, COLLEAGUE) == []
    assert [row.id for row in queue(platform, OFFICER, mine=True)] == [task.id]


def test_somebody_of_another_office_learns_nothing_of_a_task(platform: Platform) -> None:
    task = claimed(platform)
    for call in (tasks.claim, tasks.release):
        with pytest.raises(NotFound):
            call(ELSEWHERE, platform, task.id)
    with pytest.raises(NotFound):
        tasks.complete(ELSEWHERE, platform, task.id, GRANT)
    with platform.reading() as session, pytest.raises(NotFound):
        tasks.get(ELSEWHERE, session, task.id)


def test_completing_writes_the_effect_the_audit_record_and_the_next_step_together(
    platform: Platform, world: World
) -> None:
    task = claimed(platform)
    receipt = tasks.complete(OFFICER, platform, task.id, {**GRANT, "by": "2026-12-01"})
    assert receipt.status == "done"
    ((command, payload, at),) = world.applied
    assert (command, payload["analysis"], at) == (receipt.command, GRANT["analysis"], START)
    row, record = only(platform, Command, task=task.id), only(platform, Audit, action="determination.write")
    assert (row.state, row.refusal) == ("done", None) and row.answered_at is not None
    assert (record.source, record.actor, record.subject) == (command, "officer", "case:K7Q-4MX")
    done = only(platform, Task, id=task.id)
    assert (done.state, done.closed_by, only(platform, Clock).outcome) == ("completed", "officer", "met")
    assert world.told[0].variables["outcome"] == "granted"
    assert str(world.told[0].variables["by"]) == "2026-12-01"


def test_what_a_person_typed_stays_in_the_command_row_and_is_nowhere_readable(platform: Platform) -> None:
    task = claimed(platform)
    tasks.complete(OFFICER, platform, task.id, GRANT)
    row = only(platform, Command, task=task.id)
    assert row.payload == GRANT
    assert "children" not in str(row.wire)
    with platform.reading() as session:
        for table in ("commands", "facts", "instances", "tasks", "audit"):
            shown = session.execute(text(f"SELECT * FROM {table}")).all()
            assert "children" not in str(
                [[bytes(v) if isinstance(v, memoryview) else v for v in r] for r in shown]
            )


@pytest.mark.parametrize(
    ("payload", "places"),
    [
        ({"outcome": "granted"}, {"/analysis"}),
        ({"outcome": "perhaps", "analysis": "long enough"}, {"/outcome"}),
        ({"outcome": "granted", "analysis": "no"}, {"/analysis"}),
        ({**GRANT, "by": "tomorrow"}, {"/by"}),
        ({**GRANT, "x": 1}, {"/"}),
        (None, {"/"}),
        ({**GRANT, "analysis": "x" * 500_000}, set()),
    ],
)
def test_input_that_does_not_fit_the_form_is_refused_before_anything_is_written(
    platform: Platform, payload: Any, places: set[str]
) -> None:
    task = claimed(platform)
    with pytest.raises(InvalidForm) as refused:
        tasks.complete(OFFICER, platform, task.id, payload)
    assert set(refused.value.places) == places
    assert "perhaps" not in str(refused.value.places)
    assert every(platform, Command, task=task.id) == []
    assert only(platform, Task, id=task.id).state == "claimed"


def test_a_rule_of_the_command_refuses_before_anything_is_written(platform: Platform, world: World) -> None:
    task = claimed(platform)
    with pytest.raises(Refused) as refused:
        tasks.complete(OFFICER, platform, task.id, {"outcome": "denied", "analysis": "Not convincing."})
    assert (refused.value.code, refused.value.places) == ("no-reason", {"/analysis": "Say why."})
    assert every(platform, Command, task=task.id) == [] == world.applied


def test_a_task_must_be_started_before_it_is_completed(platform: Platform) -> None:
    begin(platform)
    task = only(platform, Task)
    with pytest.raises(Conflict, match="Start this task first"):
        tasks.complete(OFFICER, platform, task.id, GRANT)


def test_a_task_that_changed_since_it_was_opened_is_not_completed_blindly(platform: Platform) -> None:
    task = claimed(platform)
    tasks.release(OFFICER, platform, task.id)
    tasks.claim(OFFICER, platform, task.id)
    with pytest.raises(Conflict, match="changed"):
        tasks.complete(OFFICER, platform, task.id, GRANT, version=task.version)


def test_a_draft_is_kept_for_its_writer_and_gone_when_the_task_is_done(platform: Platform) -> None:
    task = claimed(platform)
    tasks.save_draft(OFFICER, platform, task.id, {"analysis": "She ca"})
    tasks.save_draft(OFFICER, platform, task.id, {"analysis": "She cares"})
    tasks.release(OFFICER, platform, task.id)
    _, mine = tasks.start(OFFICER, platform, task.id)
    with platform.reading() as session:
        assert tasks.draft(COLLEAGUE, session, task.id) is None
    assert mine == {"analysis": "She cares"}
    tasks.complete(OFFICER, platform, task.id, GRANT)
    assert every(platform, TaskDraft) == []


def test_a_supervisor_of_the_office_may_reassign_to_whoever_may_do_it(platform: Platform) -> None:
    task = claimed(platform)
    with pytest.raises(NotAllowed):
        tasks.reassign(COLLEAGUE, platform, task.id, COLLEAGUE)
    with pytest.raises(NotAllowed):
        tasks.reassign(ELSEWHERE, platform, task.id, COLLEAGUE)
    with pytest.raises(NotAllowed):
        tasks.reassign(SUPERVISOR, platform, task.id, ELSEWHERE)
    assert tasks.reassign(SUPERVISOR, platform, task.id, COLLEAGUE).assignee == "colleague"
    assert tasks.reassign(SUPERVISOR, platform, task.id, None).state == "open"


def test_the_queue_puts_somebody_held_first_then_the_least_time_left(platform: Platform, clock: Any) -> None:
    for case in ("AAA-AAA", "BBB-BBB", "CCC-CCC"):
        begin(platform, case=case)
        clock.move(hours=1)
    with platform.writing() as session:
        tasks.hold(session, "CCC-CCC", held=True, hard_date=None)
    with platform.writing() as session:
        tasks.hold(session, "BBB-BBB", held=False, hard_date=platform.now() + timedelta(hours=200))
    assert [task.case for task in queue(platform, OFFICER)] == ["CCC-CCC", "AAA-AAA", "BBB-BBB"]
    clock.move(hours=150)
    assert [task.case for task in queue(platform, OFFICER)] == ["BBB-BBB", "CCC-CCC", "AAA-AAA"]
    assert only(platform, Instance, case="CCC-CCC").held is True


def test_a_job_that_keeps_failing_becomes_an_incident_and_its_retry_goes_on(
    platform: Platform, world: World
) -> None:
    from pdflow.services import incidents
    from tests.services.conftest import ADMINISTRATOR

    task = claimed(platform)
    world.fail_job = 2
    tasks.complete(OFFICER, platform, task.id, GRANT)
    incident = only(platform, Incident)
    assert incident.cleared_at is None and "mail server" not in incident.message
    with pytest.raises(NotAllowed):
        incidents.retry(OFFICER, platform, incident.id)
    incidents.retry(ADMINISTRATOR, platform, incident.id)
    assert only(platform, Incident).cleared_by == "administrator"
    assert len(world.told) == 1
    with pytest.raises(Conflict):
        incidents.retry(ADMINISTRATOR, platform, incident.id)


def test_errors_of_the_layer_have_codes_that_differ() -> None:
    def below(cls: type) -> list[type]:
        return [sub for child in cls.__subclasses__() for sub in (child, *below(child))]

    codes = [cls.code for cls in below(ServiceError) if cls.__module__.startswith("pdflow.services")]
    assert len(codes) == len(set(codes)) and all(code == code.lower() for code in codes)
