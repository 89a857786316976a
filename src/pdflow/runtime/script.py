"""What happens to an instance that is driven by a script: the entries of EVENTS.json.

A list of objects, each with exactly one of these keys and what belongs to it:

- ``{"complete": ELEMENT, "vars": {}}``: the work of an element is done;
- ``{"fail": ELEMENT, "error": CODE}``: it ends with a BPMN error; without ``error`` it fails: an incident;
- ``{"message": NAME, "key": KEY, "vars": {}}``, ``{"signal": NAME, "vars": {}}``;
- ``{"advance": DURATION}``: time passes (ISO 8601), timers and SLA levels on the way come due one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pdflow.feel import encoding
from pdflow.feel.boundary import from_python
from pdflow.feel.errors import FeelError
from pdflow.feel.temporal_text import parse_duration
from pdflow.feel.values import DaysTimeDuration
from pdflow.runtime.errors import RuntimeFault

_ALLOWED = {
    "complete": {"vars"},
    "fail": {"error", "message", "vars"},
    "message": {"key", "vars"},
    "signal": {"vars"},
    "advance": set[str](),
}

#: Nesting of variables at most.
MAX_DEPTH = 60


class ScriptRefused(RuntimeFault):
    """A script, or variables beside it, that are not of the form this module describes."""

    code = "script-refused"


@dataclass(frozen=True)
class Entry:
    """One entry of a script.

    Attributes:
        kind: ``complete``, ``fail``, ``message``, ``signal`` or ``advance``.
        name: element id, or name of the message or signal; empty for ``advance``.
        key: correlation key of a message.
        error: BPMN error code of a ``fail``.
        variables: FEEL values.
        duration: of an ``advance``.
    """

    kind: str
    name: str = ""
    key: str | None = None
    error: str | None = None
    variables: Mapping[str, Any] | None = None
    duration: timedelta = timedelta()

    def __str__(self) -> str:
        return f"{self.kind} {self.name or self.duration}"


def values(data: Any, depth: int = 0) -> Any:
    """FEEL values of JSON: plain JSON as it is, dates and the like in the canonical encoding (``$feel``).

    Raises:
        ScriptRefused: what stands there is no value, or is nested deeper than :data:`MAX_DEPTH`.
    """
    if depth > MAX_DEPTH:
        raise ScriptRefused(f"expected values nested at most {MAX_DEPTH} deep.")
    if isinstance(data, Mapping) and encoding.TAG not in data:
        return {key: values(value, depth + 1) for key, value in data.items()}
    if isinstance(data, list):
        return [values(value, depth + 1) for value in data]
    try:
        return encoding.decode(data) if isinstance(data, Mapping) else from_python(data)
    except (FeelError, TypeError) as error:
        raise ScriptRefused(str(error)) from error


def variables(data: Any, place: str) -> dict[str, Any]:
    """A JSON object of variables as FEEL values.

    Raises:
        ScriptRefused: it is no object, or holds what is no value.
    """
    if not isinstance(data, Mapping):
        raise ScriptRefused(f"{place}: expected an object of variables, found {type(data).__name__}.")
    return {str(name): values(value) for name, value in data.items()}


def read_script(data: Any) -> list[Entry]:
    """The entries of a script, from its JSON.

    Raises:
        ScriptRefused: an entry that is not of the form above, named by its index.
    """
    if not isinstance(data, list):
        raise ScriptRefused("The script: expected a list of entries.")
    return [_entry(one, f"Entry {index}") for index, one in enumerate(data)]


def _entry(data: Any, place: str) -> Entry:
    kinds = [kind for kind in _ALLOWED if isinstance(data, Mapping) and kind in data]
    if len(kinds) != 1:
        raise ScriptRefused(f"{place}: expected an object with one of {', '.join(_ALLOWED)}.")
    kind = kinds[0]
    unknown = sorted(set(data) - _ALLOWED[kind] - {kind})
    if unknown:
        raise ScriptRefused(f"{place}: '{unknown[0]}' does not belong to '{kind}'.")
    if not isinstance(data[kind], str) or not data[kind]:
        raise ScriptRefused(f"{place}: expected a text for '{kind}'.")
    if kind == "advance":
        return Entry(kind, duration=_duration(data[kind], place))
    key, error = data.get("key"), data.get("error")
    return Entry(
        kind,
        name=data[kind],
        key=None if key is None else str(key),
        error=None if error is None else str(error),
        variables=variables(data.get("vars") or {}, place),
    )


def _duration(text: str, place: str) -> timedelta:
    value = parse_duration(text)
    if not isinstance(value, DaysTimeDuration) or value.nanos < 0:
        raise ScriptRefused(f"{place}: expected days and time such as P2DT4H, found '{text}'.")
    return timedelta(microseconds=value.nanos // 1000)
