"""SLA settings name a policy that exists and stand where time can pass."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    ACTIVITIES,
    Document,
    local,
    properties,
)
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule

_SETTINGS = ("sla:policy", "sla:start", "sla:stop")
_KNOWN = {*_SETTINGS, "sla:subject", "sla:unit"}
_MEASURED = ACTIVITIES | {"intermediateCatchEvent"}


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Unknown policies, unknown settings, and clocks on what takes no time."""
    for node in (*document.executed, *document.run_nodes):
        found = properties(node)
        for name in sorted(found):
            if name.startswith("sla:") and name not in _KNOWN:
                yield Report(
                    node, f"There is no setting '{name}'.", f"Use one of: {', '.join(sorted(_KNOWN))}."
                )
        for name in _SETTINGS:
            yield from _policies(node, name, found.get(name, ""), context)
        if found.get("sla:policy") and local(node) not in _MEASURED | {"process"}:
            yield Report(
                node,
                f"A {local(node)} takes no time, so 'sla:policy' measures nothing.",
                "Put it on an activity, a wait or the process; use sla:start and sla:stop on events.",
            )
        if not any(found.get(name) for name in _SETTINGS) and {"sla:subject", "sla:unit"} & set(found):
            yield Report(
                node, "An SLA subject or unit stands without a policy.", "Set sla:policy or sla:start too."
            )


def _policies(node: Element, name: str, value: str, context: LintContext) -> Iterator[Report]:
    if context.policies is None or value.startswith("="):
        return
    for policy in filter(None, (part.strip() for part in value.split(","))):
        if policy not in context.policies:
            yield Report(
                node, f"The policy '{policy}' of '{name}' does not exist.", "Name a policy of the pack."
            )


RULE = Rule("sla-policy", "advice", check, stops=False)
