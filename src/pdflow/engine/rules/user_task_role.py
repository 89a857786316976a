"""A user task says whose it is: a role, a unit's group, or a person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    local,
    setting,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """User tasks that nobody is named for, and groups that end with a role nobody has."""
    for task in document.run_nodes:
        if local(task) != "userTask":
            continue
        own = setting(task, "assignmentDefinition")
        names = ("candidateGroups", "assignee", "candidateUsers")
        if own is None or not any((own.get(name) or "").strip() for name in names):
            yield Report(
                task,
                "Nobody is named for this user task.",
                'Set candidateGroups, such as =office + ".officer".',
            )
            continue
        if context.roles is None:
            continue
        for role in _ROLE.findall(own.get("candidateGroups") or ""):
            if role not in context.roles:
                yield Report(task, f"Nobody has the role '{role}'.", "Name a role of the role table.")


_ROLE = re.compile(r"\.([a-z_]+)(?=\"|,|\s|$)")
RULE = Rule("user-task-role", "advice", check, stops=False)
