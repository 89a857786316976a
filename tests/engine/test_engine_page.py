"""The page on what a model does names every incident that the engine can raise."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_names_exactly_the_incidents_that_there_are():
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "src/pdflow/engine").rglob("*.py")]
    raised = {
        code
        for text in sources
        for code in re.findall(r'(?:Trouble|incident)\(\s*(?:s, token, )?"([a-z-]+)"', text)
    }
    raised |= {
        code for text in sources for code in re.findall(r'class TimerError.*?code = "([a-z-]+)"', text, re.S)
    }
    page = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8").partition("Codes: ")[2]
    assert set(re.findall(r"`([a-z-]+)`", page)) == raised
