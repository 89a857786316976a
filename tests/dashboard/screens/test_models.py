"""Models: what is live, a copy to edit, the check, and publication by a second person."""

from __future__ import annotations

import pytest

from dashboard.screens.models_draft import check
from pdflow.services import definitions, drafts
from pdflow.services.actor import Actor, Grant
from pdflow.services.platform import Platform

from .conftest import Open, buttons, entry, press, texts

DESIGNER = Actor("designer", frozenset({Grant("designer", "HQ")}))


def edited(platform: Platform, old: str, new: str) -> str:
    """A draft of the determination with one thing changed; its id."""
    draft = drafts.create(DESIGNER, platform, "determination")
    assert old in draft.xml
    drafts.save(DESIGNER, platform, draft.id, draft.xml.replace(old, new, 1), draft.version)
    return draft.id


def renamed(platform: Platform) -> str:
    return edited(platform, 'name="Sign the determination"', 'name="Sign it"')


def test_the_live_version_is_view_only_and_says_who_stands_where(open_screen: Open) -> None:
    app = open_screen("models", "oversight@HQ", process="determination")
    assert not app.exception
    assert "Determination: version 1 is live, 0 open cases." in texts(app)
    assert "Edit a copy" not in buttons(app)


def test_an_element_is_said_in_our_words(open_screen: Open) -> None:
    said = texts(open_screen("models", "oversight@HQ", process="determination", element="approve"))
    assert "supervisor of the case&#x27;s office" in said


def test_a_called_process_opens_its_model(open_screen: Open) -> None:
    app = open_screen("models", "oversight@HQ", process="pd-request", element="determination-call")
    app = press(app, "Open the process that it runs")
    assert entry(app, "process") == "determination"
    assert "Determination: version 1 is live" in texts(app)


def test_a_designer_edits_a_copy(platform: Platform, open_screen: Open) -> None:
    app = press(open_screen("models", "designer@HQ", process="determination"), "Edit a copy")
    with platform.reading() as session:
        (draft,) = drafts.editing(session)
    assert entry(app, "draft") == draft.id
    assert {"Check", "Put the draft away", "Show the live version"} <= set(buttons(app))


def test_check_becomes_ask_to_publish_when_nothing_is_wrong(platform: Platform, open_screen: Open) -> None:
    app = open_screen("models", "designer@HQ", draft=renamed(platform))
    assert "Ask to publish" not in buttons(app)
    app = press(app, "Check")
    assert "Check" not in buttons(app)
    app = press(app, "Ask to publish")
    assert entry(app, "version") == "2"
    assert "who wrote a model may not publish it" in texts(app)
    assert "Publish for new cases" not in buttons(app)


def test_a_draft_with_errors_cannot_be_proposed(platform: Platform, open_screen: Open) -> None:
    draft = edited(platform, 'formId="approval"', 'formId="no-such-form"')
    app = press(open_screen("models", "designer@HQ", draft=draft), "Check")
    assert "missing-form" in [finding.rule for finding in check(draft).findings]
    assert "Ask to publish" not in buttons(app)


def test_the_tests_of_the_model_decide_as_well(platform: Platform) -> None:
    checked = check(edited(platform, ">=approved = false<", ">=approved = true<"))
    assert not checked.findings
    assert [test.name for test in checked.tests if not isinstance(test, str) and not test.passed]
    assert not checked.clean


def test_a_draft_of_another_designer_does_not_open_in_the_editor(
    platform: Platform, open_screen: Open
) -> None:
    app = open_screen("models", "administrator@HQ", draft=renamed(platform))
    assert "Check" not in buttons(app)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        pytest.param("Publish for new cases", "published", id="published"),
        pytest.param("Turn down", "rejected", id="turned down"),
    ],
)
def test_a_second_person_publishes_or_turns_down(
    platform: Platform, open_screen: Open, answer: str, state: str
) -> None:
    proposed = drafts.propose(DESIGNER, platform, renamed(platform))
    app = open_screen("models", "publisher@HQ", process="determination", version="2")
    assert "name: Sign the determination → Sign it" in texts(app)
    press(app, answer)
    with platform.reading() as session:
        (version, _) = definitions.versions(session, "determination")
    assert (version.hash, version.state) == (proposed.hash, state)


def test_an_unknown_draft_or_process_in_the_url_shows_the_first_process(open_screen: Open) -> None:
    app = open_screen("models", "oversight@HQ", draft="nothing", process="nothing", element="nothing")
    assert not app.exception
    assert "is live" in texts(app)
