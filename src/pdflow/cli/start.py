"""Where a run begins: which process of a file, and at which of its start events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pdflow.engine import Model
from pdflow.engine.model import Node, Process
from pdflow.runtime.script import Entry


class StartUnclear(Exception):
    """There is no such process, or several could run."""


@dataclass(frozen=True)
class Start:
    """Where a run begins.

    Attributes:
        event: id of the start event; ``None``: the process has none.
        script: what is left of the script.
        variables: what the starting message or signal brought.
    """

    process: str
    event: str | None
    script: Sequence[Entry]
    variables: Mapping[str, Any] = field(default_factory=dict)


def choose_start(model: Model, process: str | None, script: Sequence[Entry]) -> Start:
    """The process given, or the only executable one, or the first with a none start; and its start event.

    A process begins at its none start event; without one, at the start event whose message or signal the first entry
    of the script brings; without that, at its first start event.

    Raises:
        StartUnclear: no such process, or none at all.
    """
    chosen = _process(model, process)
    events = [model.nodes[one] for one in chosen.start_events]
    none = next((node for node in events if not node.events and node.type == "startEvent"), None)
    if none is not None:
        return Start(chosen.id, none.id, script)
    if script and script[0].kind in {"message", "signal"}:
        for node in events:
            if _is_started_by(node, script[0]):
                return Start(chosen.id, node.id, script[1:], script[0].variables or {})
    return Start(chosen.id, events[0].id if events else None, script)


def _is_started_by(node: Node, entry: Entry) -> bool:
    caught = (*node.events, *([node.message] if node.message is not None else []))
    return any(one.kind == entry.kind and one.name == entry.name for one in caught)


def _process(model: Model, wanted: str | None) -> Process:
    if wanted is not None:
        if wanted not in model.processes:
            raise StartUnclear(
                f"there is no process '{wanted}'; expected one of {', '.join(model.processes)}."
            )
        return model.processes[wanted]
    executable = [one for one in model.processes.values() if one.executable]
    if len(executable) == 1:
        return executable[0]
    candidates = executable or list(model.processes.values())
    with_none = [
        one for one in candidates if any(not model.nodes[event].events for event in one.start_events)
    ]
    if not candidates:
        raise StartUnclear("there is no process.")
    return (with_none or candidates)[0]
