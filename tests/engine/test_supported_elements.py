"""The page of supported elements names every element that the engine has a behaviour for, each moved by a test."""

import re

from pdflow.engine.behaviours import BEHAVIOURS
from tests.engine.supported_elements import EVENTS, GATEWAYS, LOOPS, PAGE, SCOPES, TASKS


def test_every_behaviour_has_a_row_or_is_an_event_in_a_position():
    events = {name for name in BEHAVIOURS if name.endswith("Event")}
    assert set(BEHAVIOURS) - events - {"process"} == {*TASKS, *SCOPES, *GATEWAYS}
    page = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (?!Element|---)(.+) \| (\d+|none) \|$", page, re.M)
    expected = [*TASKS, *LOOPS, *SCOPES, *GATEWAYS, *(kind for kinds in EVENTS.values() for kind in kinds)]
    assert [name for name, _ in rows] == expected
    assert [name for name, count in rows if count == "none"] == []
