"""A file to deploy holds a process (BPMN 2.0.2 section 10.2)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """A file without any process."""
    if not document.processes:
        yield Report(
            document.root, "The file contains no process.", "Draw a process, or deploy another file."
        )


RULE = Rule("no-process", "error", check)
