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
    """A component mounted in a page."""

    def __init__(self, page: Page, bundle: str, html: str) -> None:
        self.page = page
        page.goto(f"{ORIGIN}/{bundle}")
        page.evaluate(
            """async ([bundle, html]) => {
                document.body.innerHTML = `<div id="mount" style="width:1200px">${html}</div>`;
                const parentElement = document.getElementById("mount");
                const module = await import(`/assets/${bundle}.js`);
                window.emitted = [];
                const emit = (name, value) => window.emitted.push([name, value]);
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


@pytest.fixture
def mount(browser: Browser) -> Iterator[Callable[[str, str], Mount]]:
    """Mounts a bundle in a page; afterwards no error was logged and nothing outside the bundles was asked for."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    problems: list[str] = []

    def serve(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        file = BUNDLES / path.removeprefix("/assets/")
        if path.startswith("/assets/") and file.is_file():
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        elif path.count("/") == 1:
            head = f'<link rel="stylesheet" href="/assets{path}.css">'
            route.fulfill(
                body=f"<!doctype html><html><head>{head}</head><body></body></html>", content_type="text/html"
            )
        else:
            problems.append(f"asked for {route.request.url}")
            route.abort()

    page.route("**/*", serve)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    yield lambda bundle, html: Mount(page, bundle, html)
    page.close()
    assert problems == []
