"""Tests of models as data: what happens to a case, and what must then be so."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pdflow.feel import encoding
from pdflow.runtime import instants
from pdflow.runtime.script import Entry, ScriptRefused, read_script, values, variables
from pdflow.runtime.scripted import Scripted

_CASE = {"name", "process", "start_event", "start", "events", "decisions", "clock_start", "expect"}
_EXPECT = {"state", "path", "never", "visits", "variables", "open_tasks", "clocks", "messages"}
_STATES = ("completed", "waits", "incident")
_NOON = "2026-01-05T12:00:00Z"


@dataclass(frozen=True)
class ModelTest:
    """One case.

    Attributes:
        process: id; ``None``: chosen as ``pdflow run`` does.
        start_event: id; ``None``: chosen as ``pdflow run`` does.
        start: variables of the process scope, FEEL values.
        events: the script.
        decisions: decision id -> result that stands in for it, FEEL values.
        clock_start: instant at which simulated time begins.
        expect: what must be so afterwards, as in the file.
    """

    name: str
    process: str | None
    start_event: str | None
    start: Mapping[str, Any]
    events: Sequence[Entry]
    decisions: Mapping[str, Any]
    clock_start: datetime
    expect: Mapping[str, Any] = field(default_factory=dict)


def read_model_tests(data: Any) -> list[ModelTest]:
    """The cases of a test file, from its JSON.

    Raises:
        ScriptRefused: a case that is not of the documented form, by its name.
    """
    if not isinstance(data, list):
        raise ScriptRefused("expected a list of cases.")
    return [_case(one, f"case {index}") for index, one in enumerate(data)]


def _case(data: Any, place: str) -> ModelTest:
    if not isinstance(data, Mapping) or not isinstance(data.get("name"), str):
        raise ScriptRefused(f"{place}: expected an object with a name.")
    place = f"case '{data['name']}'"
    expect = data.get("expect")
    if not isinstance(expect, Mapping) or not expect:
        raise ScriptRefused(
            f"{place}: expected 'expect' to say what must be so; without it the case cannot fail."
        )
    _no_others(data, _CASE, place)
    _no_others(expect, _EXPECT, f"{place}, expect")
    if expect.get("state", "waits") not in _STATES:
        raise ScriptRefused(f"{place}: expected state to be one of {', '.join(_STATES)}.")
    try:
        clock_start = instants.read(data.get("clock_start", _NOON))
        events = read_script(data.get("events", []))
    except (ValueError, ScriptRefused) as error:
        raise ScriptRefused(f"{place}: {error}") from error
    return ModelTest(
        name=data["name"],
        process=data.get("process"),
        start_event=data.get("start_event"),
        start=variables(data.get("start") or {}, f"{place}, start"),
        events=events,
        decisions=variables(data.get("decisions") or {}, f"{place}, decisions"),
        clock_start=clock_start,
        expect=expect,
    )


def _no_others(data: Mapping[str, Any], allowed: set[str], place: str) -> None:
    unknown = sorted(set(data) - allowed)
    if unknown:
        raise ScriptRefused(f"{place}: there is no '{unknown[0]}'; expected {', '.join(sorted(allowed))}.")


def differences(expect: Mapping[str, Any], driver: Scripted) -> list[str]:
    """What is not as expected, one sentence each; each names both sides."""
    found: list[str] = []
    entered = driver.books.entered()
    if "state" in expect and driver.state != expect["state"]:
        found.append(f"state: expected {expect['state']}, but it is {driver.state}; {driver.waiting()}.")
    found += _path(expect.get("path", []), entered)
    found += [
        f"never: expected '{one}' not to be entered, but it was."
        for one in expect.get("never", [])
        if one in entered
    ]
    counts = Counter(entered)
    for element, count in expect.get("visits", {}).items():
        if counts[element] != count:
            found.append(
                f"visits: expected '{element}' to be entered {count} times, but it was {counts[element]}."
            )
    found += _variables(expect.get("variables", {}), driver.variables)
    if "open_tasks" in expect:
        opened = sorted(driver.books.tasks.values())
        if opened != sorted(expect["open_tasks"]):
            found.append(f"open_tasks: expected {sorted(expect['open_tasks'])}, but open are {opened}.")
    found += _clocks(expect.get("clocks", {}), driver)
    if "messages" in expect and driver.books.thrown != list(expect["messages"]):
        thrown = driver.books.thrown
        found.append(f"messages: expected {list(expect['messages'])} to be thrown, but thrown were {thrown}.")
    return found


def _path(path: Sequence[str], entered: Sequence[str]) -> list[str]:
    position = 0
    for index, element in enumerate(path):
        try:
            position = entered.index(element, position) + 1
        except ValueError:
            before = f" after '{path[index - 1]}'" if index else ""
            return [f"path: expected '{element}'{before}, but the path was {' > '.join(entered)}."]
    return []


def _variables(expect: Mapping[str, Any], actual: Mapping[str, Any]) -> list[str]:
    found = []
    for name, data in expect.items():
        wanted = encoding.encode(values(data))
        if name not in actual:
            found.append(f"variables: expected {name} = {_show(wanted)}, but there is no such variable.")
        elif wanted != actual[name]:
            found.append(f"variables: expected {name} = {_show(wanted)}, but it is {_show(actual[name])}.")
    return found


def _clocks(expect: Mapping[str, Any], driver: Scripted) -> list[str]:
    found = []
    for name, status in expect.items():
        policy, _, subject = name.partition("/")
        actual = driver.books.clocks.get((policy, subject or None), "not started")
        if actual != status:
            found.append(f"clocks: expected {name} to be {status}, but it is {actual}.")
    return found


def _show(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
