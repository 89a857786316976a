"""A receive task names the message that it waits for (BPMN 2.0.2 section 10.3.3.4)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    local,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Receive tasks without a message, and messages without a name."""
    for task in document.run_nodes:
        if local(task) != "receiveTask":
            continue
        if not (task.get("messageRef") or "").strip():
            yield Report(
                task,
                "A receive task names no message, so it waits for one with its own name.",
                "Name a message with messageRef.",
            )
            continue
        message = document.referred(task, "messageRef")
        if message is not None and not (message.get("name") or "").strip():
            yield Report(task, f"Its message '{message.get('id')}' has no name.", "Give the message a name.")


RULE = Rule("message-task", "advice", check, stops=False)
