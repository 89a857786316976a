"""Texts of timers that are not FEEL: ISO 8601, and cron, which is refused."""

from __future__ import annotations

import re

_NUMBER = r"\d+(?:[.,]\d+)?"
_DURATION = rf"P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:{_NUMBER}S)?)?"
_DATE = r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?(?:\[[\w/+-]+\])?)?"

ISO = {
    "timeDate": re.compile(_DATE),
    "timeDuration": re.compile(_DURATION),
    "timeCycle": re.compile(rf"R\d*/(?:{_DATE}/)?{_DURATION}(?:/{_DATE})?"),
}
"""ISO 8601 by the name of the timer's element (BPMN 2.0.2 table 10.101)."""

CRON = re.compile(r"(?:[\d*?/,LW#A-Z-]+\s+){4,6}[\d*?/,LW#A-Z-]+")
