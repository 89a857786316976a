"""Where a case stands on its diagrams: live, done and late elements of each process that it has entered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlmodel import Session, col, select

from pdflow.engine import Model, load
from pdflow.records.tables import Clock, FactRow
from pdflow.services import definitions


@dataclass(frozen=True)
class DiagramView:
    """One diagram of a case.

    Attributes:
        title: name of the process, in words.
        xml: BPMN as deployed with the definition that the case runs on.
        active, done, late: element ids.
        names: element id to name, for the list beside the diagram.
    """

    definition: str
    title: str
    xml: str
    active: tuple[str, ...]
    done: tuple[str, ...]
    late: tuple[str, ...]
    names: dict[str, str]


def diagrams(session: Session, instance: str) -> list[DiagramView]:
    """The diagrams that an instance has entered, the outermost first."""
    facts = session.exec(
        select(FactRow)
        .where(FactRow.instance == instance, col(FactRow.kind).in_(("entered", "completed", "terminated")))
        .order_by(col(FactRow.number))
    ).all()
    late = set(
        session.exec(
            select(Clock.element).where(
                Clock.instance == instance, Clock.state == "breached", col(Clock.stopped_at).is_(None)
            )
        )
    )
    live: dict[str, dict[str, set[str]]] = {}
    done: dict[str, set[str]] = {}
    for fact in facts:
        if fact.definition is None or fact.element is None or fact.token is None:
            continue
        tokens = live.setdefault(fact.definition, {}).setdefault(fact.element, set())
        if fact.kind == "entered":
            tokens.add(fact.token)
        else:
            tokens.discard(fact.token)
            if fact.kind == "completed":
                done.setdefault(fact.definition, set()).add(fact.element)
    found = []
    for definition, elements in live.items():
        xml = definitions.part(session, definition, "bpmn")
        model = _model(xml)
        active = {element for element, tokens in elements.items() if tokens}
        found.append(
            DiagramView(
                definition=definition,
                title=_title(model),
                xml=xml,
                active=tuple(sorted(active)),
                done=tuple(sorted(done.get(definition, set()) - active)),
                late=tuple(sorted(active & late)),
                names={element: _name(model, element) for element in elements},
            )
        )
    return found


@lru_cache(maxsize=64)
def _model(xml: str) -> Model:
    """A definition never changes, so its model is read once."""
    return load(xml.encode())


def _title(model: Model) -> str:
    """The name of the first process that runs; a diagram may show others as pools."""
    process = next(
        (p for p in model.processes.values() if p.executable), next(iter(model.processes.values()))
    )
    return process.name or process.id


def _name(model: Model, element: str) -> str:
    node = model.nodes.get(element)
    return (node.name or element) if node else element
