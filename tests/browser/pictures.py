"""Takes the pictures of the README from a running demo: ``python -m tests.browser.pictures http://127.0.0.1:8501``.

They are taken as the liaison, an officer and a designer see the demo; the officer's task is claimed for it.
"""

from __future__ import annotations

import sys

from playwright.sync_api import expect

from tests.browser.desk import PATIENCE, ROOT, Person, chromium

PICTURES = ROOT / "docs" / "pictures"
#: The busiest office of the demo.
OFFICER = "officer · HOU"


def _take(person: Person, name: str) -> None:
    # Nothing has the focus, and no pointer rests on anything.
    person.page.evaluate("document.activeElement?.blur()")
    person.page.mouse.move(0, 0)
    person.page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


def _queue(person: Person) -> None:
    person.be(OFFICER)
    person.go("My queue")
    _take(person, "queue")


def _case(person: Person) -> None:
    """A case with a form that has much to say, and the diagram with its token beside it."""
    # "Start", or "Continue" where the pictures were taken before.
    person.press(person.page.locator('[class*="st-key-preview-start"] button'))
    person.press(person.page.get_by_role("tab", name="Diagram"))
    expect(person.page.locator(".pd-diagram .djs-element.pd-active").first).to_be_visible(timeout=PATIENCE)
    _take(person, "case")


def _sla(person: Person) -> None:
    person.go("SLA by field office")
    expect(person.page.locator("canvas, .vega-embed svg").first).to_be_visible(timeout=PATIENCE)
    _take(person, "sla")


def _new(person: Person) -> None:
    person.go("New")
    person.pick("Who asks?", "The person")
    _take(person, "new")


def _models(person: Person) -> None:
    person.be("designer · HQ")
    person.press("Determination")
    expect(person.page.locator(".pd-diagram svg").first).to_be_visible(timeout=PATIENCE)
    person.press(person.page.locator('.pd-diagram [data-element-id="approve"]').first)
    _take(person, "models")


def main(address: str) -> None:
    """Take all pictures, at the size that every screen must fit on."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        person = Person(browser, address.rstrip("/"))
        for take in (_queue, _case, _sla, _new, _models):
            take(person)
        person.leave()


if __name__ == "__main__":
    main(sys.argv[1])
