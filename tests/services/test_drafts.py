"""Drafts of models: kept at every edit, checked like a deployment, proposed, published by a second person."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pdflow.engine.findings import ModelRefused
from pdflow.services import definitions, draft_tests, drafts
from pdflow.services.actor import Actor, Grant
from pdflow.services.errors import Conflict, NotAllowed, NotFound, Refused, ServiceError
from pdflow.services.platform import Platform

DESIGNER = Actor("designer", frozenset({Grant("designer", "HQ")}))
ANOTHER = Actor("another", frozenset({Grant("designer", "HQ")}))
BOTH = Actor("designer", frozenset({Grant("designer", "HQ"), Grant("publisher", "HQ")}))
PUBLISHER = Actor("publisher", frozenset({Grant("publisher", "HQ")}))
OFFICER = Actor("officer", frozenset({Grant("officer", "ATL")}))


def renamed(xml: str) -> str:
    """The model with another name of its process."""
    assert 'name="Request"' in xml
    return xml.replace('name="Request"', 'name="Renamed"', 1)


def state(platform: Platform, draft: str) -> str:
    with platform.reading() as session:
        return drafts.get(session, draft).state


def live(platform: Platform) -> str:
    with platform.reading() as session:
        return definitions.latest(session, "request")


def findings(platform: Platform, draft: str) -> list[str]:
    with platform.reading() as session:
        return [finding.rule for finding in drafts.check(session, drafts.get(session, draft))]


def test_a_copy_of_the_live_model_has_nothing_wrong_and_cannot_be_proposed(platform: Platform) -> None:
    draft = drafts.create(DESIGNER, platform, "request")
    assert draft.base == live(platform)
    with platform.reading() as session:
        assert drafts.check(session, drafts.get(session, draft.id)) == definitions.check(
            session, definitions.manifest(session, live(platform))
        )
    with pytest.raises(Refused) as refused:
        drafts.propose(DESIGNER, platform, draft.id)
    assert refused.value.code == "unchanged"


def test_every_edit_is_kept_and_the_live_model_stays_as_it_is(platform: Platform) -> None:
    before = live(platform)
    draft = drafts.create(DESIGNER, platform, "request")
    version = drafts.save(DESIGNER, platform, draft.id, "<half", draft.version)
    drafts.save(DESIGNER, platform, draft.id, "<half of it", version)
    with platform.reading() as session:
        assert drafts.get(session, draft.id).xml == "<half of it"
    assert live(platform) == before


def test_an_edit_of_another_window_is_not_overwritten(platform: Platform) -> None:
    draft = drafts.create(DESIGNER, platform, "request")
    drafts.save(DESIGNER, platform, draft.id, "<first", draft.version)
    with pytest.raises(Conflict) as conflict:
        drafts.save(DESIGNER, platform, draft.id, "<second", draft.version)
    assert conflict.value.code == "draft-changed"
    with platform.reading() as session:
        assert drafts.get(session, draft.id).xml == "<first"


@pytest.mark.parametrize(
    ("actor", "error"),
    [
        pytest.param(ANOTHER, NotAllowed, id="another designer"),
        pytest.param(OFFICER, NotAllowed, id="an officer"),
        pytest.param(PUBLISHER, NotAllowed, id="a publisher"),
    ],
)
def test_only_its_author_changes_a_draft(platform: Platform, actor: Actor, error: type[ServiceError]) -> None:
    draft = drafts.create(DESIGNER, platform, "request")
    for act in (
        lambda: drafts.save(actor, platform, draft.id, "<x", draft.version),
        lambda: drafts.discard(actor, platform, draft.id),
        lambda: drafts.propose(actor, platform, draft.id),
    ):
        with pytest.raises(error):
            act()
    assert state(platform, draft.id) == "editing"


def test_only_designers_copy_a_model_and_only_one_that_is_live(platform: Platform) -> None:
    with pytest.raises(NotAllowed):
        drafts.create(OFFICER, platform, "request")
    with pytest.raises(NotFound):
        drafts.create(DESIGNER, platform, "no-such-process")


def test_a_model_above_five_megabytes_is_not_kept(platform: Platform) -> None:
    draft = drafts.create(DESIGNER, platform, "request")
    with pytest.raises(Refused) as refused:
        drafts.save(DESIGNER, platform, draft.id, "x" * (drafts.MAX_BYTES + 1), draft.version)
    assert refused.value.code == "too-large"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        pytest.param(lambda xml: xml[: len(xml) // 2], "xml-syntax", id="half a file"),
        pytest.param(lambda xml: "<!DOCTYPE x>" + xml, "xml-doctype", id="a document type"),
        pytest.param(
            lambda xml: xml.replace('formId="decide"', 'formId="unknown"'),
            "user-task-form",
            id="no such form",
        ),
    ],
)
def test_what_deployment_refuses_is_found_in_the_draft(platform: Platform, change: Any, rule: str) -> None:
    draft = drafts.create(DESIGNER, platform, "request")
    broken = change(draft.xml)
    assert broken != draft.xml
    drafts.save(DESIGNER, platform, draft.id, broken, draft.version)
    assert rule in findings(platform, draft.id)
    with pytest.raises((ModelRefused, Refused)):
        drafts.propose(DESIGNER, platform, draft.id)
    assert state(platform, draft.id) == "editing"


def test_who_wrote_a_model_may_not_publish_it_and_a_second_person_may(platform: Platform) -> None:
    draft = drafts.create(BOTH, platform, "request")
    drafts.save(BOTH, platform, draft.id, renamed(draft.xml), draft.version)
    proposed = drafts.propose(BOTH, platform, draft.id)
    assert (proposed.version, proposed.state, state(platform, draft.id)) == (2, "proposed", "proposed")
    assert live(platform) != proposed.hash
    with pytest.raises(Refused) as refused:
        definitions.publish(BOTH, platform, proposed.hash)
    assert refused.value.code == "same-person"
    definitions.publish(PUBLISHER, platform, proposed.hash)
    assert live(platform) == proposed.hash


def test_a_proposal_has_the_parts_of_the_definition_that_it_was_copied_from(platform: Platform) -> None:
    draft = drafts.create(DESIGNER, platform, "request")
    drafts.save(DESIGNER, platform, draft.id, renamed(draft.xml), draft.version)
    proposed = drafts.propose(DESIGNER, platform, draft.id)
    with platform.reading() as session:
        before = json.loads(definitions.manifest(session, draft.base or ""))
        after = json.loads(definitions.manifest(session, proposed.hash))
    assert after.pop("bpmn") != before.pop("bpmn")
    assert after == before


def test_a_closed_draft_takes_no_edit(platform: Platform) -> None:
    draft = drafts.create(DESIGNER, platform, "request")
    drafts.discard(DESIGNER, platform, draft.id)
    with pytest.raises(Conflict) as conflict:
        drafts.save(DESIGNER, platform, draft.id, "<x", draft.version)
    assert conflict.value.code == "draft-closed"
    with platform.reading() as session:
        assert drafts.editing(session) == []


@pytest.mark.parametrize(
    ("expect", "wrong"),
    [
        pytest.param({"state": "waits"}, 0, id="as expected"),
        pytest.param({"state": "completed"}, 1, id="not as expected"),
        pytest.param({"state": "completed", "never": ["begin"]}, 2, id="every difference is said"),
    ],
)
def test_a_model_is_tested_before_it_is_deployed(
    platform: Platform, expect: dict[str, Any], wrong: int
) -> None:
    draft = drafts.create(DESIGNER, platform, "request")
    case = {"name": "a case", "start": {"case": "K7Q-4MX", "office": "ATL", "held": False}, "expect": expect}
    with platform.reading() as session:
        content = drafts.manifest(session, drafts.get(session, draft.id))
        (result,) = draft_tests.run_tests(session, content, [case])
    assert len(result.wrong) == wrong, result.wrong
    assert result.passed is (wrong == 0)
