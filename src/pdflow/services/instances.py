"""Process instances as screens show them: history, where they stand, how many stand where."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from pdflow.records.tables import FactRow, Instance
from pdflow.services.errors import NotFound

_ENTERS = "entered"
_LEAVES = ("completed", "terminated")


@dataclass(frozen=True)
class Standing:
    """An element at which an instance stands.

    Attributes:
        definition: hash of the model that has the element (a called process has its own).
        item: index of a multi-instance item, 0-based.
    """

    definition: str | None
    element: str
    token: str
    since: datetime
    item: int | None


def get(session: Session, instance: str) -> Instance:
    """An instance; who may see it is decided by the caller.

    Raises:
        NotFound: there is none.
    """
    row = session.get(Instance, instance)
    if row is None:
        raise NotFound("There is no such process instance.")
    return row


def of_case(session: Session, case: str) -> list[Instance]:
    """Instances of a case, oldest first: one at a time, another when it is reopened."""
    statement = select(Instance).where(Instance.case == case)
    return list(session.exec(statement.order_by(col(Instance.started_at), col(Instance.id))))


def history(
    session: Session, instance: str, *, after: int = 0, kinds: Sequence[str] | None = None, limit: int = 1000
) -> list[FactRow]:
    """Facts of an instance in order, from after a number on."""
    statement = select(FactRow).where(FactRow.instance == instance, col(FactRow.number) > after)
    if kinds is not None:
        statement = statement.where(col(FactRow.kind).in_(list(kinds)))
    return list(session.exec(statement.order_by(col(FactRow.number)).limit(limit)))


def standing(session: Session, instance: str) -> list[Standing]:
    """Elements that were entered and not left, in the order in which they were entered."""
    return _standing(session, [instance]).get(instance, [])


def counts(session: Session, definitions: Sequence[str], *, simulated: bool = False) -> Counter[str]:
    """How many running instances stand at each element of a model (any of these versions of it)."""
    running = session.exec(
        select(Instance.id).where(Instance.state == "running", Instance.simulated == simulated)
    ).all()
    found: Counter[str] = Counter()
    wanted = set(definitions)
    for places in _standing(session, running).values():
        found.update({place.element for place in places if place.definition in wanted})
    return found


def open_by_version(session: Session, process: str) -> dict[str, int]:
    """Definition hash -> how many running instances were started with it."""
    statement = select(Instance.definition).where(Instance.process == process, Instance.state == "running")
    return dict(Counter(hash for hash in session.exec(statement) if hash is not None))


def _standing(session: Session, instances: Sequence[str]) -> dict[str, list[Standing]]:
    found: dict[str, dict[str, Standing]] = defaultdict(dict)
    columns = (FactRow.instance, FactRow.kind, FactRow.token, FactRow.definition, FactRow.element)
    for start in range(0, len(instances), 500):
        statement = (
            select(*columns, FactRow.at, FactRow.item)  # type: ignore[call-overload]
            .where(
                col(FactRow.instance).in_(instances[start : start + 500]),
                col(FactRow.kind).in_((_ENTERS, *_LEAVES)),
            )
            .order_by(col(FactRow.instance), col(FactRow.number))
        )
        for instance, kind, token, definition, element, at, item in session.exec(statement):
            if kind == _ENTERS:
                found[instance][token] = Standing(definition, element or "", token, at, item)
            else:
                found[instance].pop(token, None)
    return {instance: list(places.values()) for instance, places in found.items()}
