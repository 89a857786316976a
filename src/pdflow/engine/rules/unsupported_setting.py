"""Settings of the zeebe dialect that the engine does not execute are refused by name."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    ZEEBE,
    Document,
    child,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule

_NOT_EXECUTED = {
    "executionListeners": "Execution listeners are not executed.",
    "taskListeners": "Task listeners are not executed.",
    "linkedResources": "Linked resources are not executed.",
    "agentDefinition": "Agents are not executed.",
    "jobPriorityDefinition": "Job priorities are not executed.",
    "conditionalFilter": "Conditional filters are not executed: conditions look at all variables.",
}


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Listeners, job priorities, filters, calls by version tag, output collections of ad-hoc subprocesses."""
    for node in (*document.executed, *document.run_nodes):
        extensions = child(node, "extensionElements")
        for one in () if extensions is None else extensions:
            name = one.tag.removeprefix(f"{{{ZEEBE}}}") if isinstance(one.tag, str) else ""
            if name in _NOT_EXECUTED and (len(one) or one.attrib):
                yield Report(node, _NOT_EXECUTED[name], f"Remove zeebe:{name}.")
            elif name == "calledElement" and one.get("bindingType") == "versionTag":
                yield Report(
                    node, "It calls by version tag, which is not executed.", "Bind 'latest' or 'deployment'."
                )
            elif name == "adHoc" and (one.get("outputCollection") or one.get("outputElement")):
                yield Report(
                    node,
                    "The output collection of an ad-hoc subprocess is not executed.",
                    "Collect with output mappings of its activities.",
                )


RULE = Rule("unsupported-setting", "error", check)
