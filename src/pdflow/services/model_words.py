"""An element of a model in the words of the people who use it: who does it, with which form, by which clock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pdflow.engine import Model
from pdflow.engine.model import Node
from pdflow.sla import Policy, read_policy

TYPES: Mapping[str, str] = {
    "userTask": "A person does it",
    "manualTask": "A person does it, outside of this system",
    "serviceTask": "Automatic step",
    "sendTask": "Sends a message",
    "receiveTask": "Waits for a message",
    "scriptTask": "Calculates",
    "businessRuleTask": "Decides by a table",
    "task": "Step",
    "callActivity": "Runs another process",
    "subProcess": "Group of steps",
    "adHocSubProcess": "Steps in any order",
    "transaction": "Steps that are undone together",
    "exclusiveGateway": "One way is taken",
    "inclusiveGateway": "Every way that holds is taken",
    "parallelGateway": "All ways are taken",
    "eventBasedGateway": "What happens first decides",
    "complexGateway": "Joins by a rule",
    "startEvent": "Start",
    "endEvent": "End",
    "boundaryEvent": "Happens meanwhile",
    "intermediateCatchEvent": "Waits",
    "intermediateThrowEvent": "Tells",
}
_STEPS: Mapping[str, str] = {
    "liaison": "the office's liaison",
    "director": "the field office director",
    "headquarters": "the Headquarters liaison",
}
_PLACES: Mapping[str, str] = {"office": "the case's office", "review_unit": "the review unit"}
#: ``office + ".officer"`` and ``"HQ.hq_reviewer"`` in an expression of candidate groups.
_JOINED = re.compile(r'(\w+)\s*\+\s*"\.(\w+)"')
_FIXED = re.compile(r'"([A-Z][A-Z-]*)\.(\w+)"|^([A-Z][A-Z-]*)\.(\w+)$')


@dataclass(frozen=True)
class Words:
    """One element.

    Attributes:
        properties: label and text, in reading order.
        calls: process id that it runs, when that is fixed.
    """

    element: str
    name: str
    type: str
    properties: tuple[tuple[str, str], ...]
    calls: str | None


def describe(model: Model, element: str, manifest: Mapping[str, Any]) -> Words | None:
    """Say what an element is; ``None`` when the model has none of this id (a flow, the process itself).

    Args:
        model: the model.
        element: id.
        manifest: JSON of the definition: its forms and policies give the titles.
    """
    node = model.nodes.get(element)
    if node is None:
        return None
    found: list[tuple[str, str]] = []
    extensions = node.extensions
    if extensions.candidate_groups is not None:
        found.append(("Who", who(_text(extensions.candidate_groups))))
    if extensions.assignee is not None:
        found.append(("Given to", _text(extensions.assignee)))
    if isinstance(extensions.form, str):
        found.append(("Form", manifest["forms"].get(extensions.form, {}).get("title") or extensions.form))
    if extensions.task_type is not None:
        found.append(("Done by", _text(extensions.task_type)))
    if node.called:
        found.append(("Runs", node.called))
    if extensions.decision is not None:
        found.append(("Decision table", _text(extensions.decision)))
    found += _clock(node, manifest)
    found += [("Happens", _event(event)) for event in node.events if _event(event)]
    found += [
        ("Meanwhile", model.nodes[boundary].name or boundary)
        for boundary in node.boundary
        if boundary in model.nodes
    ]
    found += _ways(model, node)
    if node.documentation:
        found.append(("Why", node.documentation.strip()))
    return Words(element, node.name or element, TYPES.get(node.type, node.type), tuple(found), node.called)


def who(groups: str) -> str:
    """Whom a task is offered to: ``=office + ".officer"`` is "officer of the case's office"."""
    found = [f"{_role(role)} of {_PLACES.get(place, place)}" for place, role in _JOINED.findall(groups)]
    for match in _FIXED.finditer(groups.strip()):
        unit, role = match.group(1) or match.group(3), match.group(2) or match.group(4)
        found.append(f"{_role(role)} at Headquarters" if unit == "HQ" else f"{_role(role)} of {unit}")
    return ", then ".join(dict.fromkeys(found)) or groups


def _role(role: str) -> str:
    return role.removeprefix("hq_").replace("_", " ")


def _clock(node: Node, manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The clock, its limit, when it warns, and to whom it goes if nobody acts."""
    found = []
    for name, label in (("policy", "Clock"), ("start", "Starts the clock"), ("stop", "Stops the clock")):
        setting = node.extensions.sla(name)
        if setting is None:
            continue
        id = _text(setting)
        if id not in manifest["policies"]:
            found.append((label, id))
            continue
        policy = read_policy(manifest["policies"][id])
        found.append((label, f"{policy.title}: {duration_words(policy.target)}"))
        if name != "stop":
            found += _then(policy)
    return found


def _then(policy: Policy) -> list[tuple[str, str]]:
    if policy.holder == "person":
        return [("Held by", "the person: open until it ends, never late")]
    steps = []
    for level in policy.levels:
        when = f"at {level.percent} %" if level.percent else f"{_after(level.after_breach)} after it is late"
        steps += [f"{when}: {_STEPS[step]}" for step in policy.steps(level.name)]
    late = [f"when late: {_STEPS[step]}" for step in policy.steps("breached")]
    before = [step for step in steps if "after it is late" not in step]
    after = [step for step in steps if "after it is late" in step]
    said = "; ".join([*before, *late, *after])
    return [("Then escalate to", said)] if said else []


def _after(time: timedelta | None) -> str:
    return duration_words(time) if time is not None else ""


def duration_words(time: timedelta) -> str:
    """A limit as people say it: hours up to 48, then days."""
    hours = time.total_seconds() / 3600
    count, unit = (hours, "hour") if hours <= 48 else (hours / 24, "day")
    return f"{count:g} {unit}" if count == 1 else f"{count:g} {unit}s"


def _event(event: Any) -> str:
    if event.kind == "timer":
        return f"timer: {_text(event.value)}" if event.value is not None else "timer"
    if event.name is not None:
        return f"{event.kind}: {_text(event.name)}"
    if event.condition is not None:
        return f"condition: {_text(event.condition)}"
    return f"{event.kind}: {event.code}" if event.code else event.kind


def _ways(model: Model, node: Node) -> list[tuple[str, str]]:
    """Where it goes on, and when, for a gateway with several ways."""
    flows = [model.flows[id] for id in node.outgoing if id in model.flows]
    if len(flows) < 2:
        return []
    found = []
    for flow in flows:
        target = model.nodes[flow.target].name or flow.target
        if flow.id == node.default:
            found.append(("Otherwise", target))
        elif flow.condition is not None:
            found.append((flow.name or "If", f"{target}, if {_text(flow.condition)}"))
        else:
            found.append((flow.name or "Also", target))
    return found


def _text(setting: Any) -> str:
    """The text of a setting, an expression as it was written."""
    return str(setting) if isinstance(setting, str) else str(getattr(setting, "text", setting))
