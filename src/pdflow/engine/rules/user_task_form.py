"""A user task has a form, and the form is there."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    local,
    setting,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """User tasks without a form, or with a form nobody knows."""
    for task in document.run_nodes:
        if local(task) != "userTask":
            continue
        own = setting(task, "formDefinition")
        form = "" if own is None else (own.get("formId") or own.get("formKey") or "").strip()
        if not form:
            yield Report(task, "This user task has no form.", "Name one with zeebe:formDefinition formId.")
        elif context.forms is not None and not form.startswith("=") and form not in context.forms:
            yield Report(task, f"The form '{form}' does not exist.", "Add the form, or name another.")


RULE = Rule("user-task-form", "advice", check, stops=False)
