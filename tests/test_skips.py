"""Leaving tests out, in a pytest of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BROWSER = "import pytest\n@pytest.mark.browser\ndef test_page(): pass\ndef test_other(): pass\n"
PLAIN = "def test_other(): pass\n"


@pytest.mark.parametrize(
    ("tests", "chromium", "forbid", "status", "words"),
    [
        pytest.param(
            BROWSER, False, False, 0, "1 browser tests skipped", id="no browser: skipped and counted"
        ),
        pytest.param(
            BROWSER, False, True, 1, "every test must run", id="no browser where skips are forbidden"
        ),
        pytest.param(BROWSER, True, True, 0, "2 passed", id="with a browser everything runs"),
        pytest.param(PLAIN, False, True, 0, "1 passed", id="nothing to skip"),
    ],
)
def test_skips(tmp_path: Path, tests: str, chromium: bool, forbid: bool, status: int, words: str) -> None:
    (tmp_path / "test_it.py").write_text(tests)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser: needs Chromium\n")
    if chromium:
        (tmp_path / "chromium").touch(0o755)
    environment = {"PATH": str(tmp_path), "PYTHONPATH": str(ROOT), "HOME": os.environ.get("HOME", "/")}

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.skips", "-p", "no:cacheprovider", "test_it.py"],
        env=environment | ({"PDFLOW_FORBID_SKIPS": "1"} if forbid else {}),
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )

    assert (done.returncode, words in done.stdout) == (status, True), done.stdout
