"""Link events come in pairs: throws of a name, and one catch of it in the same scope (BPMN 2.0.2 section 10.5.5)."""

from __future__ import annotations

from collections.abc import Iterator

from pdflow.engine.rules._document import (
    Document,
    kind,
)
from pdflow.engine.rules._rule import Element, LintContext, Report, Rule


def _links(document: Document, name: str) -> list[tuple[Element, str]]:
    found = []
    for event in document.all(name):
        for definition in document.event_definitions(event):
            if kind(definition) == "link":
                found.append((event, (definition.get("name") or event.get("name") or "").strip()))
    return found


def check(document: Document, context: LintContext) -> Iterator[Report]:
    """Links without partner or name, catches that are there twice, flows on the wrong side."""
    throws, catches = _links(document, "intermediateThrowEvent"), _links(document, "intermediateCatchEvent")
    sources = {(document.scope(event), name) for event, name in throws}
    targets: set[tuple[Element | None, str]] = set()
    for event, name in catches:
        place = (document.scope(event), name)
        if not name:
            yield Report(event, "A link event has no name.", "Name the link it belongs to.")
        elif place in targets:
            yield Report(event, f"The link '{name}' has a second target.", "Let each link have one target.")
        elif place not in sources:
            yield Report(
                event, f"No link '{name}' leads here.", "Throw it in the same scope, or remove this event."
            )
        targets.add(place)
        if document.incoming(event):
            yield Report(
                event, "A flow leads into the target of a link.", "Lead it to the node that follows."
            )
    for event, name in throws:
        if not name:
            yield Report(event, "A link event has no name.", "Name the link it belongs to.")
        elif (document.scope(event), name) not in targets:
            yield Report(
                event, f"The link '{name}' has no target in this scope.", "Catch it in the same scope."
            )
        if document.outgoing(event):
            yield Report(
                event, "A flow leaves the source of a link.", "Let the path go on behind the link's target."
            )


RULE = Rule("link-pair", "error", check)
