"""The trace of an instance: one JSON object a line, for whoever compares it with another engine's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from pdflow.runtime.messages import Fact

_EVENTS = {
    "entered": "enter",
    "completed": "complete",
    "terminated": "terminate",
    "taken": "take",
    "incident_raised": "incident",
    "ended": "end",
}


def trace_lines(facts: Iterable[Fact], process: str) -> Iterator[str]:
    """The lines of a trace, in order.

    Each has ``event`` (``enter``, ``complete``, ``terminate``, ``take``, ``incident``, ``end``), ``element``, ``type``
    (BPMN local name), ``instance`` (of the element; null for a sequence flow), ``scope`` (instance of the scope
    around it; null for the process), ``item`` (index of a multi-instance item, from 0; null) and ``time``.

    Args:
        facts: of one instance that was started with ``trace``.
        process: id of its process, which stands for the instance as a whole.
    """
    types: dict[str, str] = {}
    places: dict[str, Fact] = {}
    for fact in facts:
        event = _EVENTS.get(fact.kind)
        if event is None:
            continue
        if "type" in fact.data and fact.element is not None:
            types[fact.element] = fact.data["type"]
        element = fact.element or process
        place = fact
        if fact.kind == "entered" and fact.token is not None:
            places[fact.token] = fact
        elif fact.kind == "incident_raised":
            place = places.get(fact.token or "", fact)
        yield json.dumps(
            {
                "event": event,
                "element": element,
                "type": types.get(element, "process"),
                "instance": fact.token,
                "scope": place.scope,
                "item": place.item,
                "time": fact.at,
            }
        )
