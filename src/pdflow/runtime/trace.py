"""The trace of an instance: one JSON object a line, for whoever compares it with another engine's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from pdflow.engine.protocol import Moved
from pdflow.runtime import instants


def trace_lines(moves: Iterable[tuple[datetime, Moved]]) -> Iterator[str]:
    """The lines of a trace, in order.

    Each has ``event`` (``enter``, ``complete``, ``terminate``, ``take``, ``incident``, ``end``), ``element``, ``type``
    (BPMN local name), ``instance`` (of the element; null for a sequence flow), ``scope`` (instance of the scope
    around it; null for the process), ``item`` (index of a multi-instance item, from 0; null) and ``time``.
    """
    for at, moved in moves:
        yield json.dumps(
            {
                "event": moved.event,
                "element": moved.element,
                "type": moved.type,
                "instance": moved.token,
                "scope": moved.scope,
                "item": moved.item,
                "time": instants.write(at),
            }
        )
