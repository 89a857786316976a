"""Which tests may be left out: those for a browser where there is none, and nothing at all in CI.

``PDFLOW_FORBID_SKIPS`` makes a run fail when a test was left out.
"""

from __future__ import annotations

import os
import shutil

import pytest

#: Names under which systems install Chromium.
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_REASON = "there is no Chromium on this machine"


def find_chromium() -> str | None:
    """Path of the browser that tests drive."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if find_chromium() is None:
        for item in items:
            if item.get_closest_marker("browser") is not None:
                item.add_marker(pytest.mark.skip(reason=_REASON))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    without = [one for one in skipped if _REASON in str(one.longrepr)]
    if without:
        terminalreporter.write_line(f"{len(without)} browser tests skipped: {_REASON}.", yellow=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    left_out = bool(reporter and reporter.stats.get("skipped"))
    if left_out and os.environ.get("PDFLOW_FORBID_SKIPS") and session.exitstatus == 0:
        reporter.write_line("Tests were skipped; here every test must run.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
