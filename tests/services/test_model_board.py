"""Where the running cases stand, by version and element."""

from __future__ import annotations

from pdflow.records.tables import Case, Task
from pdflow.services import definitions, drafts, model_board, tasks
from pdflow.services.actor import Actor, Grant
from pdflow.services.inprocess import InProcessGateway
from pdflow.services.model_board import Places, ProcessRow
from pdflow.services.platform import Platform

from .conftest import GRANT, OFFICER, START, Clock, begin, every

DESIGNER = Actor("designer", frozenset({Grant("designer", "HQ")}))
PUBLISHER = Actor("publisher", frozenset({Grant("publisher", "HQ")}))


def look(platform: Platform) -> tuple[ProcessRow, Places]:
    with platform.reading() as session:
        standing = model_board.places(session, platform.now())
        (row,) = model_board.processes(session, standing)
        return row, standing


def publish_another(platform: Platform) -> str:
    draft = drafts.create(DESIGNER, platform, "request")
    drafts.save(DESIGNER, platform, draft.id, draft.xml.replace('name="Request"', 'name="Renamed"'), 1)
    return definitions.publish(PUBLISHER, platform, drafts.propose(DESIGNER, platform, draft.id).hash).hash


def test_cases_are_counted_at_the_element_where_they_stand(platform: Platform) -> None:
    for case in ("K7Q-4MX", "K7Q-4MY", "K7Q-4MZ"):
        begin(platform, case)
    first = every(platform, Task)[0].id
    tasks.claim(OFFICER, platform, first)
    tasks.complete(OFFICER, platform, first, GRANT)
    row, standing = look(platform)
    assert row.live is not None
    counts = {element: found.waiting for element, found in standing.elements[row.live.hash].items()}
    assert counts == {"decide": 2, "wait": 1}
    assert row.open == row.live.open == 3


def test_cases_are_late_at_an_element_once_its_clock_is_past_due(
    platform: Platform, gateway: InProcessGateway, clock: Clock
) -> None:
    begin(platform)
    row, standing = look(platform)
    assert row.live is not None
    assert standing.elements[row.live.hash]["decide"].late == 0
    clock.move(days=2, seconds=1)
    gateway.wake_due()
    _, standing = look(platform)
    assert standing.elements[row.live.hash]["decide"].late == 1


def test_running_cases_stay_on_the_version_they_began_with(platform: Platform) -> None:
    begin(platform, "K7Q-4MX")
    hash = publish_another(platform)
    begin(platform, "K7Q-4MY")
    row, _ = look(platform)
    assert row.name == "Renamed"
    assert row.live is not None and (row.live.hash, row.live.version, row.live.open) == (hash, 2, 1)
    assert [(version.version, version.open) for version in row.staying] == [(1, 1)]
    assert row.open == 2


def test_practice_cases_are_not_counted(platform: Platform) -> None:
    with platform.writing() as session:
        for number, practice in (("K7Q-4MX", True), ("K7Q-4MY", False)):
            session.add(
                Case(
                    id=number,
                    office="ATL",
                    origin_office="ATL",
                    state="received",
                    channel="applicant",
                    received_at=START,
                    practice=practice,
                )
            )
    for number in ("K7Q-4MX", "K7Q-4MY", "K7Q-4MZ"):
        begin(platform, number, simulated=True, at=START)
    row, _ = look(platform)
    assert row.open == 1


def test_drafts_and_proposals_are_told(platform: Platform) -> None:
    drafts.create(DESIGNER, platform, "request")
    other = drafts.create(DESIGNER, platform, "request")
    drafts.save(DESIGNER, platform, other.id, other.xml.replace('name="Request"', 'name="Renamed"'), 1)
    drafts.propose(DESIGNER, platform, other.id)
    row, _ = look(platform)
    assert len(row.drafts) == 1
    assert [version.version for version in row.proposed] == [2]
    assert row.live is not None and row.live.version == 1
