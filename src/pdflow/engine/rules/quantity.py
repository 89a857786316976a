"""Start and completion quantities other than one are not executed (BPMN 2.0.2 table 10.3)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Activities with another quantity than one."""
    for node in document.run_nodes:
        for attribute in ("startQuantity", "completionQuantity"):
            if node.get(attribute, "1").strip() != "1":
                yield Report(
                    node,
                    f"Its {attribute} is {node.get(attribute)}, which is not executed.",
                    "Use 1; collect tokens with a parallel gateway, make several with a multi-instance activity.",
                )


RULE = Rule("quantity", "error", check)
