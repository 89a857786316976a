"""The components on a real Streamlit server with the product's settings and headers."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

ROOT = Path(__file__).parents[3]

PAGE = """
import streamlit as st
from pathlib import Path
from dashboard.components.diagram import Count, diagram
from dashboard.components.modeler import modeler
from dashboard.components.office_map import OfficeFigure, office_map
from dashboard.components.row_table import Cell, Column, TableRow, row_table

xml = Path({model!r}).read_text()
match st.query_params["show"]:
    case "diagram":
        clicked = diagram(xml, key="d", counts={{"notify": Count(42, 5)}}, active=["decide"])
        if clicked:
            st.session_state.clicked = clicked
        st.write("clicked:", st.session_state.get("clicked"))
    case "modeler":
        state = modeler(xml, revision="1", key="m", policies=["decide"])
        st.write("selected:", state.selected, "edited:", bool(state.xml and 'id="notify"' not in state.xml))
    case "rows":
        rows = [
            TableRow("HOU", (Cell("Houston"), Cell("6", tone="late")), heading="Field offices"),
            TableRow("X", (Cell("<b>Miami</b>"), Cell("0"))),
        ]
        chosen = row_table([Column("Unit"), Column("Late", number=True)], rows, key="r", caption="Units", selected="X")
        if chosen:
            st.session_state.chosen = chosen
        st.write("chosen:", st.session_state.get("chosen"))
    case "map":
        st.altair_chart(office_map([OfficeFigure("HOU", "Houston", 60, 18)], key="office"), on_select="rerun")
"""

SERVER = """
import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from dashboard.components.assets import BUNDLES
from dashboard.security import SecurityHeaders

app = st.App("page.py", routes=[Mount("/assets", StaticFiles(directory=BUNDLES))], middleware=[Middleware(SecurityHeaders)])
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server with one page that shows each component."""
    folder = tmp_path_factory.mktemp("server")
    model = Path(__file__).parent / "valid-two-steps.bpmn"
    (folder / "page.py").write_text(PAGE.format(model=str(model)), encoding="utf-8")
    (folder / "server.py").write_text(SERVER, encoding="utf-8")
    (folder / "static").symlink_to(ROOT / "dashboard/static")
    (folder / ".streamlit").symlink_to(ROOT / ".streamlit")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "server.py", "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            stdout=log,
            stderr=log,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_healthy(f"{address}/_stcore/health", process, folder / "log")
            yield address
        finally:
            process.terminate()
            process.wait(10)


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"Expected the server to come up; it said:\n{log.read_text(encoding='utf-8')}")


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A page that logs no error, violates no policy and asks no other host."""
    problems: list[str] = []

    def heed(said: ConsoleMessage) -> None:
        if said.type == "error":
            problems.append(said.text)

    def watch(request: Request) -> None:
        if not request.url.startswith((server, "data:", "blob:")):
            problems.append(f"asked for {request.url}")

    opened = browser.new_page(base_url=server, viewport={"width": 1366, "height": 768})
    opened.on("console", heed)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("request", watch)
    yield opened
    opened.close()
    assert problems == []


@pytest.mark.browser
def test_a_click_on_the_diagram_reaches_the_script(page: Page) -> None:
    page.goto("/?show=diagram")
    page.locator('[data-element-id="decide"]').click()
    page.get_by_text("clicked: decide").wait_for()
    assert page.locator('[data-container-id="notify"] .pd-badge').all_inner_texts() == ["42", "■ 5"]


@pytest.mark.browser
def test_an_edit_reaches_the_script_and_the_rerun_keeps_the_selection(page: Page) -> None:
    page.goto("/?show=modeler")
    page.locator('.djs-container [data-element-id="notify"]').first.click()
    page.get_by_text("selected: notify").wait_for()
    page.keyboard.press("Delete")
    page.get_by_text("edited: True").wait_for()
    assert page.locator('[data-element-id="notify"]').count() == 0


@pytest.mark.browser
def test_a_row_is_chosen_by_keyboard_and_keeps_the_focus(page: Page) -> None:
    page.goto("/?show=rows")
    row = page.get_by_role("rowheader", name="Houston").get_by_role("button")
    row.focus()
    page.keyboard.press("Enter")
    page.get_by_text("chosen: HOU").wait_for()
    assert row.evaluate("button => button === document.activeElement")
    assert page.get_by_role("table", name="Units").get_by_role("columnheader").all_inner_texts() == [
        "Unit",
        "Late",
        "Field offices",
    ]


@pytest.mark.browser
def test_a_row_shows_markup_as_text_and_marks_the_chosen_one(page: Page) -> None:
    page.goto("/?show=rows")
    chosen = page.get_by_role("button", name="<b>Miami</b>")
    chosen.wait_for()
    assert chosen.get_attribute("aria-current") == "true"


@pytest.mark.browser
def test_the_map_draws_from_the_committed_file(page: Page) -> None:
    with page.expect_response("**/offices.topo.json**") as answered:
        page.goto("/?show=map")
    assert answered.value.ok
    page.get_by_text("fewer than 10 due").or_(page.locator("canvas.marks")).first.wait_for()


@pytest.mark.browser
def test_pages_are_set_in_public_sans_from_this_server(page: Page) -> None:
    with page.expect_response("**/public-sans-latin-wght-normal.woff2") as answered:
        page.goto("/?show=diagram")
    assert answered.value.ok
