"""A demo in a folder of its own, and a person at a browser who looks at it."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.skips import find_chromium

ROOT = Path(__file__).parents[2]
AXE = ROOT / "dashboard/components/node_modules/axe-core/axe.min.js"
#: The screen that everything must fit on.
SCREEN = {"width": 1366, "height": 768}
#: Milliseconds that one condition may take on a loaded machine.
PATIENCE = 60_000
#: Milliseconds within which a press makes the script run, if it does at all.
BEGINS_IN = 1_000
#: Seconds until a demo of a few cases must run.
STARTED_IN = 240
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: The script has ended, and nothing on the page is of an older run.
_SETTLED = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app?.dataset.testScriptState === "notRunning" && app.dataset.testConnectionState !== "CONNECTING"
    && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]');
}"""
#: Notes from now on whether a script run begins.
_WATCH = """() => {
  window.scriptRan = false;
  const app = document.querySelector('[data-testid="stApp"]');
  const look = () => { window.scriptRan ||= app.dataset.testScriptState === "running"; };
  new MutationObserver(look).observe(app, { attributeFilter: ["data-test-script-state"] });
}"""


class Demo:
    """A running demo: its address and its records, which tests read and never write."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self._records = folder / "records.db"

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a query finds now."""
        with closing(sqlite3.connect(f"file:{self._records}?mode=ro", uri=True, timeout=30)) as connection:
            return connection.execute(sql, values).fetchall()

    def value(self, sql: str, *values: Any) -> Any:
        """The one value of the one row that a query finds."""
        [(found,)] = self.rows(sql, *values)
        return found


@contextmanager
def demo(folder: Path, cases: int) -> Iterator[Demo]:
    """Start ``pdflow demo`` as the launcher does, in a folder of its own; end it as Ctrl-C does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = "import sys; sys.argv[0] = 'pdflow'; from pdflow.cli import main; main()"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PDFLOW_")}
    environment |= {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "PYTHONSAFEPATH": "1"}
    said = folder / "said.txt"
    with said.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", start, "demo", "--cases", str(cases), "--port", str(port)],
            cwd=folder,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        last = time.monotonic() + STARTED_IN
        while "The demo runs" not in said.read_text():
            assert process.poll() is None, f"the demo ended while it started:\n{said.read_text()}"
            assert time.monotonic() < last, f"the demo did not start in time:\n{said.read_text()}"
            time.sleep(0.2)
        yield Demo(f"http://127.0.0.1:{port}", folder / "demo")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, which asks nobody for anything."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium(), args=list(_QUIET))
        yield browser
        browser.close()


class Person:
    """Somebody at a browser window.

    Attributes:
        page: the window.
        strange: requests that left this computer, and errors on the console; both must stay empty.
        interactions: presses and choices made so far.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self._context = browser.new_context(viewport=SCREEN)  # type: ignore[arg-type]
        self._context.set_default_timeout(PATIENCE)
        self._address = address
        self.page: Page = self._context.new_page()
        self.strange: list[str] = []
        self.interactions = 0
        self.page.on("request", self._requested)
        self.page.on("console", self._logged)
        self.page.on("pageerror", lambda error: self.strange.append(f"uncaught: {error}"))
        self.open("/")

    def _requested(self, request: Request) -> None:
        if not request.url.startswith((self._address, "data:", "blob:")):
            self.strange.append(f"left the host: {request.url}")

    def _logged(self, message: ConsoleMessage) -> None:
        # Streamlit looks for its server below the path of the page first.
        probing = "/_stcore/" in str(message.location.get("url")) and "404" in message.text
        if message.type == "error" and not probing:
            self.strange.append(f"console: {message.text}")

    def open(self, path: str) -> None:
        """Open a page of the dashboard."""
        self.page.goto(self._address + path)
        self.settle()

    def settle(self) -> None:
        """Wait until the page shows what the last action led to."""
        expect(self.page.locator("h1").first).to_be_visible(timeout=PATIENCE)
        self.page.wait_for_function(_SETTLED, timeout=PATIENCE)

    def be(self, user: str) -> None:
        """Become a demo user, named as in the header: ``Carl Kim, officer · HOU`` or a part of it."""
        box = self.page.get_by_role("combobox", name="Demo user")
        box.click()
        box.fill(user)
        with self._answered():
            self.page.get_by_role("option", name=user).first.click()
        expect(box).to_have_value(re.compile(re.escape(user)))

    def go(self, screen: str) -> None:
        """Choose a screen in the navigation."""
        self.page.get_by_role("link", name=screen, exact=True).click()
        expect(self.page.get_by_role("heading", name=screen, level=1)).to_be_visible(timeout=PATIENCE)
        self.settle()

    def press(self, target: str | Locator, *, exact: bool = True) -> None:
        """Press a button, or whatever else is pressed, and see what comes of it."""
        found = (
            self.page.get_by_role("button", name=target, exact=exact) if isinstance(target, str) else target
        )
        with self._answered():
            found.click()
        self.interactions += 1

    @contextmanager
    def _answered(self) -> Iterator[None]:
        """Wait until the page has answered to what is done meanwhile; most of it makes the script run."""
        self.page.evaluate(_WATCH)
        yield
        # What is answered in the browser alone, such as a tab, makes no script run.
        with suppress(PlaywrightTimeout):
            self.page.wait_for_function("() => window.scriptRan", timeout=BEGINS_IN)
        self.settle()

    def pick(self, question: str, answer: str) -> None:
        """Choose one of a few answers that are all shown."""
        group = self.page.get_by_role("radiogroup", name=question)
        self.press(group.get_by_text(answer, exact=True))

    def choose(self, question: str, answer: str) -> None:
        """Choose an answer from a list that opens: two presses."""
        self.page.get_by_role("combobox", name=question).click()
        self.interactions += 1
        self.press(self.page.get_by_role("option", name=answer, exact=True))

    def write(self, question: str, text: str) -> None:
        """Fill in a text and leave the field."""
        with self._answered():
            self.page.get_by_role("textbox", name=question).fill(text)
            self.page.keyboard.press("Tab")
        self.interactions += 1

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait until a text stands on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=PATIENCE)

    def violations(self) -> list[str]:
        """What axe-core finds against WCAG 2.1 A and AA, each with where it is."""
        if not AXE.exists():
            pytest.skip("axe-core is not installed: run npm ci in dashboard/components")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
        return [
            f"{rule['id']}: {rule['help']}: {[node['html'][:200] for node in rule['nodes']]}"
            for rule in found["violations"]
        ]

    def leave(self) -> None:
        """Close the window, as a crash does: nothing is asked or sent."""
        self._context.close()
