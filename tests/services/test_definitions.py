"""Deployment: checked, numbered, published by a second person, found by hash."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pdflow.engine import ModelRefused
from pdflow.records.tables import Definition, Task
from pdflow.runtime.definitions import write_manifest
from pdflow.runtime.errors import DefinitionMissing, ManifestRefused
from pdflow.services import definitions, tasks
from pdflow.services.actor import Actor, Grant
from pdflow.services.errors import Conflict, NotAllowed, NotFound, Refused
from pdflow.services.platform import Platform
from tests.services.conftest import FORMS, OFFICER, POLICY, begin, every, manifest, only

DESIGNER = Actor("designer", frozenset({Grant("designer", "HQ"), Grant("publisher", "HQ")}))
PUBLISHER = Actor("publisher", frozenset({Grant("publisher", "HQ")}))
MODEL = Path(__file__).with_name("requests.bpmn").read_text()


def changed(old: str = 'name="Decide"', new: str = 'name="Decide again"', **more: Any) -> bytes:
    parts: dict[str, Any] = {"forms": FORMS, "policies": {"decide": POLICY}, **more}
    return write_manifest("request", MODEL.replace(old, new), **parts)


def latest(platform: Platform) -> str:
    with platform.reading() as session:
        return definitions.latest(session, "request")


def test_a_proposal_waits_for_a_second_person_and_then_counts_for_new_cases_only(platform: Platform) -> None:
    before = latest(platform)
    begin(platform, case="OLD-OLD")
    proposed = definitions.propose(DESIGNER, platform, changed())
    assert (proposed.version, proposed.state) == (2, "proposed")
    assert latest(platform) == before
    with pytest.raises(Refused) as refused:
        definitions.publish(DESIGNER, platform, proposed.hash)
    assert refused.value.code == "same-person"
    published = definitions.publish(PUBLISHER, platform, proposed.hash)
    assert (published.state, published.published_by) == ("published", "publisher")
    assert latest(platform) == proposed.hash
    begin(platform, case="NEW-NEW")
    assert only(platform, Task, case="OLD-OLD").name == "Decide"
    assert only(platform, Task, case="NEW-NEW").name == "Decide again"
    with platform.reading() as session:
        assert [row.version for row in definitions.versions(session, "request")] == [2, 1]


def test_a_task_keeps_the_form_it_was_opened_with(platform: Platform) -> None:
    begin(platform)
    task = tasks.claim(OFFICER, platform, only(platform, Task).id)
    forms = {**FORMS, "decide": {"type": "object", "required": ["other"]}}
    definitions.publish(
        PUBLISHER, platform, definitions.propose(DESIGNER, platform, changed(forms=forms)).hash
    )
    with platform.reading() as session:
        assert tasks.form(session, task) == FORMS["decide"]


def test_the_same_bytes_are_one_definition_however_often_they_are_deployed(platform: Platform) -> None:
    assert definitions.install(platform, [manifest()])[0].version == 1
    assert definitions.propose(DESIGNER, platform, manifest()).version == 1
    assert len(every(platform, Definition)) == 1


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (changed('sourceRef="begin"', 'sourceRef="nobody"'), ModelRefused, "nobody"),
        (changed(forms={}), Refused, "decide, file"),
        (changed(policies={}), definitions.ModelHasErrors, "sla-policy"),
        (changed('id="request"', 'id="other"'), ManifestRefused, "request"),
        (changed("<?xml", "<!DOCTYPE x []><?xml"), ModelRefused, "request.bpmn"),
        (b"{}", ManifestRefused, "format"),
        (b"not json", ManifestRefused, "JSON"),
        (b"x" * (definitions.MAX_BYTES + 1), Refused, "20 MB"),
    ],
    ids=[
        "dangling",
        "no-form",
        "no-policy",
        "other-process",
        "doctype",
        "no-manifest",
        "no-json",
        "too-large",
    ],
)
def test_what_cannot_run_is_refused_and_nothing_is_stored(
    platform: Platform, content: bytes, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        definitions.propose(DESIGNER, platform, content)
    assert len(every(platform, Definition)) == 1


def test_only_who_may_proposes_publishes_and_rejects_once(platform: Platform) -> None:
    with pytest.raises(NotAllowed):
        definitions.propose(OFFICER, platform, changed())
    proposed = definitions.propose(DESIGNER, platform, changed())
    with pytest.raises(NotAllowed):
        definitions.publish(OFFICER, platform, proposed.hash)
    assert definitions.reject(PUBLISHER, platform, proposed.hash).state == "rejected"
    with pytest.raises(Conflict):
        definitions.publish(PUBLISHER, platform, proposed.hash)
    with pytest.raises(NotFound):
        definitions.publish(PUBLISHER, platform, "0" * 64)


def test_parts_are_read_back_as_deployed_and_an_unknown_hash_is_missing(platform: Platform) -> None:
    hash = latest(platform)
    with platform.reading() as session:
        assert definitions.manifest(session, hash) == manifest()
        assert definitions.part(session, hash, "policies") == json.loads(manifest())["policies"]
        assert definitions.form(session, hash, "nothing") == definitions.form(session, None, None) == {}
        assert definitions.resolve(session, ["request", "nothing"]) == {"request": hash}
        with pytest.raises(DefinitionMissing):
            definitions.manifest(session, "0" * 64)
        with pytest.raises(NotFound):
            definitions.latest(session, "nothing")
