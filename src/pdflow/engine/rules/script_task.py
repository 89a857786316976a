"""A script task runs a FEEL expression; a script in another language is for a worker, not for the engine."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    local,
    setting,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Script tasks with neither a ``zeebe:script`` nor a task type."""
    for task in document.run_nodes:
        if local(task) != "scriptTask" or setting(task, "taskDefinition") is not None:
            continue
        if setting(task, "script") is None:
            language = (task.get("scriptFormat") or "").strip()
            what = f"a script in {language}, which is not executed" if language else "no script"
            yield Report(task, f"This script task has {what}.", "Write it in FEEL with zeebe:script.")


RULE = Rule("script-task", "advice", check, stops=False)
