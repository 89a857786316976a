"""One small demo for all tests of the browser, and a person for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.desk import Demo, Person, chromium, demo

CASES = 40

Arrives = Callable[[], Person]


# Not for the session: Playwright's event loop runs as long as the browser, and asynchronous tests need their own.
@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder: Path = tmp_path_factory.mktemp("browser")
    with demo(folder, CASES) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def arrives(running: Demo, browser: Browser) -> Iterator[Arrives]:
    """Opens the dashboard as a new person; in the end nothing may have left the host or failed in their browser."""
    people: list[Person] = []

    def arrive() -> Person:
        people.append(Person(browser, running.address))
        return people[-1]

    yield arrive
    for person in people:
        person.leave()
    assert [strange for person in people for strange in person.strange] == []


@pytest.fixture
def person(arrives: Arrives) -> Person:
    """The demo's first user, the liaison of Houston."""
    return arrives()
