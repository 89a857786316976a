"""``zeebe:`` extension elements to :class:`~pdflow.engine.model.Extensions` and multi-instance settings."""

from __future__ import annotations

from typing import Any

from pdflow.engine.model import Extensions
from pdflow.engine.reader.source import BPMN, ZEEBE, Element, Source, local

_NOT_EXECUTED = {
    "executionListeners": "Execution listeners are not executed.",
    "taskListeners": "Task listeners are not executed.",
    "linkedResources": "Linked resources are not executed.",
    "agentDefinition": "Agents are not executed.",
    "jobPriorityDefinition": "Job priorities are not executed.",
    "conditionalFilter": "Conditional filters are not executed: conditions look at all variables.",
}


def extension(element: Element, name: str) -> Element | None:
    """The ``zeebe:`` extension element of that name."""
    holder = element.find(BPMN + "extensionElements")
    return holder.find(ZEEBE + name) if holder is not None else None


def read(source: Source, element: Element) -> Extensions:
    """Read the extension elements of a node; what would silently not happen is refused."""
    holder = element.find(BPMN + "extensionElements")
    if holder is None:
        return Extensions()
    found: dict[str, Any] = {}
    for entry in holder:
        if not isinstance(entry.tag, str) or not entry.tag.startswith(ZEEBE):
            continue
        name = local(entry)
        if name in _NOT_EXECUTED and len(entry) + len(entry.attrib):
            source.refuse(entry, "extension-not-executed", _NOT_EXECUTED[name], f"Remove zeebe:{name}.")
        reader = _READERS.get(name)
        if reader is not None:
            found.update(reader(source, entry))
    return Extensions(**found)


def _io(source: Source, entry: Element) -> dict[str, Any]:
    result: dict[str, list[Any]] = {"inputs": [], "outputs": []}
    for mapping in entry:
        kind = local(mapping) + "s"
        target = (mapping.get("target") or "").strip()
        expr = source.feel(mapping, mapping.get("source"))
        if kind in result and target and expr is not None:
            result[kind].append((expr, target))
            if target.count(".") > 8:
                source.refuse(mapping, "mapping-target", "The target of a mapping has more than nine parts.")
        elif kind in result and not target:
            source.refuse(
                mapping, "mapping-target", "An input or output mapping has no target.", "Name a variable."
            )
    return {kind: tuple(mappings) for kind, mappings in result.items()}


def _task(source: Source, entry: Element) -> dict[str, Any]:
    return {
        "task_type": source.setting(entry, entry.get("type")),
        "retries": source.setting(entry, entry.get("retries")),
    }


def _headers(source: Source, entry: Element) -> dict[str, Any]:
    return {"headers": {h.get("key", ""): h.get("value", "") for h in entry.iterchildren(ZEEBE + "header")}}


def _properties(source: Source, entry: Element) -> dict[str, Any]:
    values = {
        prop.get("name", ""): source.setting(prop, prop.get("value"))
        for prop in entry.iterchildren(ZEEBE + "property")
    }
    return {"properties": {name: value for name, value in values.items() if name and value is not None}}


def _form(source: Source, entry: Element) -> dict[str, Any]:
    form = entry.get("formId") or entry.get("externalReference") or entry.get("formKey")
    return {"form": source.setting(entry, form)}


def _assignment(source: Source, entry: Element) -> dict[str, Any]:
    return {
        "assignee": source.setting(entry, entry.get("assignee")),
        "candidate_groups": source.setting(entry, entry.get("candidateGroups")),
        "candidate_users": source.setting(entry, entry.get("candidateUsers")),
    }


def _schedule(source: Source, entry: Element) -> dict[str, Any]:
    return {
        "due": source.setting(entry, entry.get("dueDate")),
        "follow_up": source.setting(entry, entry.get("followUpDate")),
    }


def _called(source: Source, entry: Element) -> dict[str, Any]:
    process = entry.get("processId")
    if process is None and entry.get("processIdExpression"):
        process = "=" + entry.get("processIdExpression", "").removeprefix("=")
    if entry.get("bindingType") == "versionTag":
        source.refuse(
            entry, "binding", "Calls by version tag are not executed.", "Bind 'latest' or 'deployment'."
        )
    return {
        "called_process": source.setting(entry, process),
        "called_binding": entry.get("bindingType", "latest"),
        "propagate_parent": entry.get("propagateAllParentVariables", "true") == "true",
        "propagate_child": entry.get("propagateAllChildVariables", "true") == "true",
    }


def _ad_hoc(source: Source, entry: Element) -> dict[str, Any]:
    if entry.get("outputCollection") or entry.get("outputElement"):
        source.refuse(
            entry, "ad-hoc-output", "The output collection of an ad-hoc subprocess is not executed."
        )
    return {"active_elements": source.feel(entry, entry.get("activeElementsCollection"))}


def _decision(source: Source, entry: Element) -> dict[str, Any]:
    return {"decision": source.setting(entry, entry.get("decisionId")), "result": entry.get("resultVariable")}


def _script(source: Source, entry: Element) -> dict[str, Any]:
    return {"script": source.feel(entry, entry.get("expression")), "result": entry.get("resultVariable")}


_READERS = {
    "ioMapping": _io,
    "taskDefinition": _task,
    "taskHeaders": _headers,
    "properties": _properties,
    "formDefinition": _form,
    "assignmentDefinition": _assignment,
    "taskSchedule": _schedule,
    "priorityDefinition": lambda source, entry: {"priority": source.setting(entry, entry.get("priority"))},
    "calledElement": _called,
    "calledDecision": _decision,
    "script": _script,
    "adHoc": _ad_hoc,
}
