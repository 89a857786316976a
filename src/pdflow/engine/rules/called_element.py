"""A call activity names a process that is there (BPMN 2.0.2 section 10.3.6)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    children,
    local,
    setting,
)
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule


def _called(activity: Element) -> str:
    own = setting(activity, "calledElement")
    called = "" if own is None else (own.get("processId") or "").strip()
    return called or (activity.get("calledElement") or "").strip()


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Call activities that call nothing, or a process nobody knows."""
    local_processes = {one.get("id"): one for one in document.processes}
    for activity in document.run_nodes:
        if local(activity) != "callActivity":
            continue
        called = _called(activity)
        name = called.rpartition(":")[2]
        there = document.element(name)
        if not called:
            yield Report(
                activity,
                "A call activity calls nothing.",
                "Name a process with zeebe:calledElement processId.",
            )
        elif called.startswith("="):
            continue
        elif name in local_processes:
            starts = children(local_processes[name], "startEvent")
            if starts and all(document.kinds(one) for one in starts):
                yield Report(
                    activity,
                    f"The called process '{name}' has no none start event.",
                    "Give it one; a call does not bring the event that the others wait for.",
                )
        elif there is not None and not local(there).startswith("global"):
            yield Report(activity, f"It calls '{name}', which is a {local(there)}.", "Name a process.")
        elif (
            there is None
            and context.processes is not None
            and called not in context.processes
            and name not in context.processes
        ):
            yield Report(
                activity, f"It calls '{called}', which is not deployed.", "Deploy that process first."
            )


RULE = Rule("called-element", "error", check)
