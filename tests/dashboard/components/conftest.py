"""A browser page that has the bundles and nothing else: no server, no network.

Streamlit's side is played by the page: it keeps what a component emits in `window.emitted`.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from dashboard.components.assets import BUNDLES

ORIGIN = "https://dashboard.example.org"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
TYPES = {".js": "text/javascript", ".css": "text/css"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        pytest.skip("needs Chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield started
        started.close()


class Mount:
    """A component mounted in a page, in place of the one before."""

    def __init__(self, page: Page, bundle: str, html: str) -> None:
        self.page = page
        address = f"{ORIGIN}/{bundle}"
        if page.url != address:
            page.goto(address)
        page.evaluate(
            """async ([bundle, html]) => {
                const module = await import(`/assets/${bundle}.js`);
                const before = document.getElementById("mount");
                if (before) {
                    module.unmount(before);
                }
                document.body.innerHTML = `<div id="mount" style="width:1200px">${html}</div>`;
                const parentElement = document.getElementById("mount");
                const emitted = [];
                const emit = (name, value) => emitted.push([name, value]);
                window.emitted = emitted;
                window.draw = (data) =>
                    module.render({ data, parentElement, setStateValue: emit, setTriggerValue: emit });
            }""",
            [bundle, html],
        )

    def draw(self, data: dict[str, Any]) -> None:
        """Render as Streamlit does on each run of the script."""
        self.page.evaluate("(data) => window.draw(data)", data)

    def emitted(self, name: str) -> list[Any]:
        """Values that the component sent under a name, oldest first."""
        return [value for sent, value in self.page.evaluate("window.emitted") if sent == name]


class Tab:
    """A page and what went wrong in it: errors that were logged, and requests for anything but the bundles."""

    def __init__(self, browser: Browser) -> None:
        self.problems: list[str] = []
        self.page = browser.new_page(viewport={"width": 1366, "height": 768})
        self.page.route("**/*", self._serve)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on(
            "console", lambda said: self.problems.append(said.text) if said.type == "error" else None
        )

    def _serve(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        file = BUNDLES / path.removeprefix("/assets/")
        if path.startswith("/assets/") and file.is_file():
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        elif path.count("/") == 1:
            head = f'<link rel="stylesheet" href="/assets{path}.css">'
            page = f"<!doctype html><html><head>{head}</head><body></body></html>"
            route.fulfill(body=page, content_type="text/html")
        else:
            self.problems.append(f"asked for {route.request.url}")
            route.abort()


@pytest.fixture(scope="module")
def shared_tab(browser: Browser) -> Iterator[Tab]:
    """One page for the tests of a module: reading a bundle of two megabytes is what takes time."""
    tab = Tab(browser)
    yield tab
    tab.page.close()


@pytest.fixture
def mount(shared_tab: Tab) -> Iterator[Callable[[str, str], Mount]]:
    """Mounts a bundle; afterwards nothing went wrong in the page."""
    shared_tab.problems.clear()
    yield lambda bundle, html: Mount(shared_tab.page, bundle, html)
    assert shared_tab.problems == []


@pytest.fixture
def mount_alone(browser: Browser) -> Iterator[Callable[[str, str], Mount]]:
    """As `mount`, in a page of its own, whose clock the test may stop."""
    tab = Tab(browser)
    yield lambda bundle, html: Mount(tab.page, bundle, html)
    tab.page.close()
    assert tab.problems == []
