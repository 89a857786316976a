"""Inputs and outputs of an activity belong to its sets; a subprocess has none (BPMN 2.0.2 section 10.4.1)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    SUBPROCESSES,
    Document,
    children,
    local,
    text,
)
from pdflow.engine.rules._rule import LintContext, Report, Rule


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Specifications of subprocesses, and data inputs and outputs that no set names."""
    for specification in document.all("ioSpecification"):
        holder = specification.getparent()
        if holder is None:
            continue
        if local(holder) in SUBPROCESSES:
            yield Report(
                holder,
                "A subprocess has an input/output specification.",
                "Remove it; it sees what is around it.",
            )
        for kind_of_data, kind_of_set in (("dataInput", "inputSet"), ("dataOutput", "outputSet")):
            sets = children(specification, kind_of_set)
            named = {text(one) for each in sets for one in children(each, f"{kind_of_data}Refs")}
            for one in children(specification, kind_of_data):
                if one.get("id") not in named:
                    yield Report(
                        one,
                        f"No {kind_of_set} names this {kind_of_data}.",
                        f"Name it in an {kind_of_set} beside it.",
                    )


RULE = Rule("io-specification", "error", check, stops=False)
