"""Where instances stand, and what is recorded beside them."""

from __future__ import annotations

import pytest

from pdflow.records.tables import Definition, Task
from pdflow.services import audit, instances, tasks
from pdflow.services.errors import NotFound
from pdflow.services.platform import Platform
from tests.services.conftest import GRANT, OFFICER, begin, only


def test_an_instance_stands_where_it_was_entered_and_not_left(platform: Platform) -> None:
    first = begin(platform, case="AAA-AAA").instance
    begin(platform, case="BBB-BBB")
    hash = only(platform, Definition).hash
    with platform.reading() as session:
        (place,) = instances.standing(session, first)
        assert (place.element, place.definition, place.item) == ("decide", hash, None)
        assert instances.counts(session, [hash]) == {"decide": 2}
        assert instances.counts(session, ["other"]) == instances.counts(session, [hash], simulated=True) == {}
        assert instances.open_by_version(session, "request") == {hash: 2}
    task = tasks.claim(OFFICER, platform, only(platform, Task, case="AAA-AAA").id)
    tasks.complete(OFFICER, platform, task.id, GRANT)
    with platform.reading() as session:
        assert instances.counts(session, [hash]) == {"decide": 1, "wait": 1}
        assert [row.id for row in instances.of_case(session, "AAA-AAA")] == [first]
        kinds = [row.kind for row in instances.history(session, first, kinds=["task_opened", "task_closed"])]
        assert kinds == ["task_opened", "task_closed"]
        assert instances.history(session, first, after=3, limit=1)[0].number == 4
        with pytest.raises(NotFound):
            instances.get(session, "nothing")


def test_what_is_done_and_looked_at_outside_of_a_process_is_recorded_once(platform: Platform) -> None:
    now = platform.now()
    with platform.writing() as session:
        for _ in range(2):
            audit.record(session, OFFICER, "case.export", "case:AAA-AAA", at=now, source="export-1")
        term = platform.records.keys.lookup("a-number", "A012345678")
        audit.looked_up(session, OFFICER, "a-number", at=now, term=term, found=1, subject="case:AAA-AAA")
    with platform.reading() as session:
        assert [row.action for row in audit.of_subject(session, "case:AAA-AAA")] == ["case.export"]
        (look,) = audit.looks_at(session, "case:AAA-AAA")
    assert (look.actor, look.kind, look.found, len(look.term or "")) == ("officer", "a-number", 1, 64)
