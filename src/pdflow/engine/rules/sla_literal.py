"""Where a policy measures, the policy owns the due date: no second number in the model."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    children,
    kind,
    local,
    properties,
    setting,
    text,
    true,
)
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule


def _measured(document: Document, event: Element) -> str:
    """The policy of the activity or scope that this timer watches."""
    if local(event) == "boundaryEvent":
        watched = document.element(event.get("attachedToRef"))
    elif local(event) == "startEvent":
        handler = document.scope(event)
        watched = (
            None if handler is None or not true(handler, "triggeredByEvent") else document.scope(handler)
        )
    else:
        watched = event
    return "" if watched is None else properties(watched).get("sla:policy", "")


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Timers and due dates with a literal time on what a policy measures."""
    for node in document.run_nodes:
        schedule = setting(node, "taskSchedule")
        due = "" if schedule is None else (schedule.get("dueDate") or "").strip()
        policy = properties(node).get("sla:policy")
        if policy and due and "clock(" not in due:
            yield Report(
                node,
                f"Its due date does not come from the policy '{policy}'.",
                f'Write =clock("{policy}").due.',
            )
        for definition in document.event_definitions(node):
            if kind(definition) != "timer":
                continue
            watched = _measured(document, node)
            for one in children(definition, "timeDate", "timeDuration"):
                if watched and text(one) and "clock(" not in text(one):
                    yield Report(
                        node,
                        f"Its time '{text(one)}' stands beside the policy '{watched}'.",
                        f'Use the policy: =clock("{watched}").due, or a signal sla.{watched}.breached.',
                    )


RULE = Rule("sla-literal", "advice", check, stops=False)
