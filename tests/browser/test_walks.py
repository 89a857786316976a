"""What people do, in a real browser, on a demo that runs on Temporal.

All walks share one demo and stand in one file, so that a run on several processes starts one demo only. Each looks for
a case of its own in the records and leaves the others alone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Arrives
from tests.browser.desk import PATIENCE, SCREEN, Demo, Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OFFICER = "officer · HOU"
LATE = '[class*="st-key-count-late"]'
LATE_BY_OFFICE = '[class*="st-key-figure-late"]'


def _figure(person: Person, place: str) -> int:
    """The number on a button that filters."""
    found = re.search(r"\d+", person.page.locator(place).inner_text())
    assert found is not None
    return int(found[0])


def _late_by_records(demo: Demo) -> int:
    """Duties of offices that are late now, practice cases left out."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return demo.value(
        'SELECT count(*) FROM clocks LEFT JOIN cases ON cases.id = clocks."case" '
        "WHERE clocks.holder = 'office' AND clocks.stopped_at IS NULL AND clocks.due < ? "
        "AND NOT coalesce(cases.practice, 0)",
        now,
    )


def _open_task(demo: Demo, element: str) -> tuple[str, str, str]:
    """An open task of a case that is no practice: its id, case and office."""
    rows = demo.rows(
        'SELECT tasks.id, tasks."case", tasks.unit FROM tasks JOIN cases ON cases.id = tasks."case" '
        "WHERE tasks.element = ? AND tasks.state = 'open' AND NOT cases.practice ORDER BY tasks.id LIMIT 1",
        element,
    )
    assert rows, f"expected an open task {element} in the demo"
    task, case, unit = rows[0]
    return task, case, unit


def _takes_in(person: Person, given: str, family: str) -> str:
    """Take in a request by phone; return the number of its case."""
    person.go("New")
    person.pick("Who asks?", "The person")
    person.choose("How did it come in?", "Phone")
    person.write("Consent, in the person's", "I ask for this myself. I have heard the warning.")
    person.write("Given name", given)
    person.write("Family name", family)
    person.choose("Language the person understands", "English")
    person.press("Take in")
    expect(person.page.get_by_role("heading", name="Receipt")).to_be_visible(timeout=PATIENCE)
    found = re.search(r"Case (\S+)", person.page.locator(".pd-receipt").inner_text())
    assert found is not None
    return found[1]


def test_a_request_is_taken_in_by_phone_and_opened_from_its_receipt(running: Demo, person: Person) -> None:
    case = _takes_in(person, "Luz", "Arce")
    assert "Number R-" in person.page.locator(".pd-receipt").inner_text()

    person.press("Open the case")
    expect(person.page.get_by_role("heading", name=f"L. Arce · {case}")).to_be_visible(timeout=PATIENCE)
    person.sees("officer of HOU")
    assert running.value("SELECT intake FROM cases WHERE id = ?", case) == "phone"
    assert "Arce" not in person.page.url


def test_the_first_task_takes_six_interactions_and_every_figure_follows(person: Person) -> None:
    person.go("SLA by field office")
    late_in_all = _figure(person, LATE_BY_OFFICE)
    person.be(OFFICER)
    person.go("My queue")
    late = _figure(person, LATE)
    assert late > 0
    expect(person.page.locator(".pd-first")).to_contain_text("late – Check the request and acknowledge it")
    number = person.page.locator(".pd-first").inner_text()
    found = re.search(r"Case (\S+)", number)
    assert found is not None
    case = found[1]

    person.interactions = 0
    person.press("Start", exact=False)
    expect(person.page.get_by_role("heading", name=case)).to_be_visible(timeout=PATIENCE)
    person.choose("Language the person understands", "Spanish")
    person.pick("How should letters reach the person?", "Text")
    person.press("Complete and next")
    person.sees(re.compile(f"Case {case} now waits for"))
    assert person.interactions <= 6

    person.go("My queue")
    assert _figure(person, LATE) == late - 1
    person.go("SLA by field office")
    assert _figure(person, LATE_BY_OFFICE) == late_in_all - 1


def test_a_draft_survives_a_browser_that_is_killed_in_mid_sentence(running: Demo, arrives: Arrives) -> None:
    task, case, unit = _open_task(running, "advise-evidence")
    first = arrives()
    first.open(f"/case?case={case}&task={task}")
    first.be(f"officer · {unit}")
    first.press("Start")
    me = first.page.get_by_role("combobox", name="Demo user").input_value()
    words = "Her school would write a letter if the office asks for"
    first.page.get_by_role("textbox", name="Anything to add").press_sequentially(words, delay=5)
    expect(first.page.get_by_text("Draft kept")).to_be_visible(timeout=10_000)
    first.leave()

    again = arrives()
    again.open(f"/case?case={case}&task={task}")
    again.be(me)
    expect(again.page.get_by_role("textbox", name="Anything to add")).to_have_value(words)


def test_a_practice_case_breaches_before_ones_eyes_and_is_not_counted(running: Demo, person: Person) -> None:
    case = running.value("SELECT id FROM cases WHERE practice")
    person.open(f"/case?case={case}")
    strip = person.page.locator(".pd-strip")
    for _ in range(8):
        if "late" in strip.inner_text():
            break
        person.press("Advance to next due")
    expect(strip).to_contain_text(re.compile(r"acknowledge.*late"))
    person.sees("escalated to director")
    person.press(person.page.get_by_role("tab", name="Diagram"))
    expect(person.page.locator(".pd-diagram .djs-element.pd-active").first).to_be_visible(timeout=PATIENCE)
    escalated = running.value(
        "SELECT count(*) FROM tasks WHERE \"case\" = ? AND element = 'answer-escalation' AND state = 'open'",
        case,
    )
    assert escalated == 1

    person.go("SLA by field office")
    # Other cases of the demo live on and may turn late meanwhile: what is shown is what the records say at that time.
    before = _late_by_records(running)
    person.open("/sla")
    assert before <= _figure(person, LATE_BY_OFFICE) <= _late_by_records(running)
    assert case not in person.page.locator('[data-testid="stMain"]').inner_text()


def test_a_copy_is_edited_and_checked_a_second_person_publishes_and_the_next_case_uses_it(
    running: Demo, person: Person
) -> None:
    before = running.value("SELECT max(version) FROM definitions WHERE process = 'pd-request'")
    person.be("designer · HQ")
    person.press("Request for prosecutorial discretion")
    person.press("Edit a copy")
    task = person.page.locator('.pd-modeler [data-element-id="acknowledge"]').first
    task.dblclick()
    person.page.keyboard.press("Control+A")
    person.page.keyboard.type("Read and acknowledge")
    person.page.keyboard.press("Enter")
    person.sees("every edit is kept")
    person.press("Check")
    person.press("Ask to publish")
    person.sees("A second person with the role publisher decides")
    assert person.page.get_by_role("button", name="Publish for new cases").count() == 0

    person.be("publisher · HQ")
    person.sees("Read and acknowledge")
    person.press("Publish for new cases")
    person.sees(f"version {before + 1} is live")

    person.be(OFFICER)
    case = _takes_in(person, "Noor", "Haddad")
    [(version, state)] = running.rows(
        "SELECT definitions.version, definitions.state FROM instances "
        "JOIN definitions ON definitions.hash = instances.definition "
        'WHERE instances."case" = ? AND instances.process = ?',
        case,
        "pd-request",
    )
    assert (version, state) == (before + 1, "published")
    person.press("Open the case")
    person.sees("Read and acknowledge")


@pytest.mark.parametrize("screen", ["My queue", "SLA by field office", "New"])
def test_a_screen_has_no_violation_of_level_a_or_aa(person: Person, screen: str) -> None:
    person.be(OFFICER)
    person.go(screen)
    assert person.violations() == []
    assert person.page.evaluate("document.documentElement.scrollWidth") <= SCREEN["width"]


def test_a_case_with_its_form_and_diagram_has_no_violation(running: Demo, person: Person) -> None:
    task, case, unit = _open_task(running, "inquire")
    person.open(f"/case?case={case}&task={task}")
    person.be(f"officer · {unit}")
    person.press("Start")
    assert person.violations() == []
    person.press(person.page.get_by_role("tab", name="Diagram"))
    expect(person.page.locator(".pd-diagram .djs-element.pd-active").first).to_be_visible(timeout=PATIENCE)
    assert person.violations() == []


def test_a_model_live_and_in_the_editor_has_no_violation(person: Person) -> None:
    person.be("designer · HQ")
    expect(person.page.locator(".pd-diagram svg").first).to_be_visible(timeout=PATIENCE)
    assert person.violations() == []
    person.press("Edit a copy")
    expect(person.page.locator(".pd-modeler svg").first).to_be_visible(timeout=PATIENCE)
    assert person.violations() == []
