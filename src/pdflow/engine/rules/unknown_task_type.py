"""A service task names a type that a worker serves."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    local,
    setting,
)
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule

_WORK = {"serviceTask", "sendTask", "businessRuleTask"}


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Tasks without a type, and types that no worker serves."""
    for task in document.run_nodes:
        own = setting(task, "taskDefinition")
        kind_of_task = "" if own is None else (own.get("type") or "").strip()
        if kind_of_task:
            if (
                context.task_types is not None
                and kind_of_task not in context.task_types
                and kind_of_task[0] != "="
            ):
                yield Report(
                    task, f"No worker serves the task type '{kind_of_task}'.", "Name a registered type."
                )
        elif local(task) in _WORK and not _does_something_else(task):
            yield Report(
                task, f"This {local(task)} has no task type.", "Name one with zeebe:taskDefinition type."
            )


def _does_something_else(task: Element) -> bool:
    return setting(task, "calledDecision") is not None or bool((task.get("messageRef") or "").strip())


RULE = Rule("unknown-task-type", "advice", check, stops=False)
