"""One transaction for everything that a step did: facts, rows, domain effects, audit records, messages.

Projections of an instance run one at a time in fact order. Instants come from the step; ``recorded_at`` is wall time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import exists, select
from sqlmodel import Session

from pdflow.records.tables import (
    Clock,
    FactRow,
    Incident,
    Instance,
    Message,
    Subscription,
    Table,
    Task,
    table_of,
)
from pdflow.runtime.messages import Batch, Fact
from pdflow.services.errors import ProjectionGap
from pdflow.services.projection.effects import Effects
from pdflow.services.projection.fold import fold
from pdflow.services.projection.place import Place, instant, place_of
from pdflow.services.projection.store import Row, Rows
from pdflow.services.projection.undo import give_back, recorded, undo

#: Tables that the projection itself writes.
_WRITTEN = (Clock, Incident, Instance, Message, Subscription, Task)


#: Facts that change a row of a table which an earlier fact has opened.
_TOUCHING: Mapping[type[Table], frozenset[str]] = {
    Task: frozenset({"task_closed", "task_changed", "anchored"}),
    Clock: frozenset({"clock_level", "clock_stopped", "clock_changed", "escalated", "anchored"}),
    Incident: frozenset({"incident_cleared"}),
    Subscription: frozenset({"unsubscribed"}),
}
_OPEN = {
    Task: table_of(Task).c.closed_by_fact.is_(None),
    Clock: table_of(Clock).c.closed_by_fact.is_(None),
    Incident: table_of(Incident).c.closed_by_fact.is_(None)
    & table_of(Incident).c.opened_by_fact.is_not(None),
    Subscription: table_of(Subscription).c.ended_by_fact.is_(None),
}


@dataclass(frozen=True)
class Projected:
    """What a projection came to.

    Attributes:
        last_fact: number of the last fact that the records hold of the (last) instance.
        messages: messages wait that somebody now awaits; the caller has them delivered.
    """

    last_fact: int
    messages: bool


def project(session: Session, batch: Batch) -> Projected:
    """Write one batch; see :func:`project_many`."""
    return project_many(session, [batch])


def project_many(session: Session, batches: Iterable[Batch]) -> Projected:
    """Write batches, of one or many instances, in the given order.

    A batch that is already written, fact for fact, changes nothing. One whose first fact number is written with other
    facts undoes everything of its instance from that number on and writes anew. Rows of all batches are written
    before the first effect and the first listener, which then run in fact order.

    Args:
        session: a writing session; the caller commits.
        batches: batches of one instance follow each other in fact order.

    Raises:
        ProjectionGap: facts are missing before a batch.
        ServiceError: a registered command is unknown here (``effect-unknown``); deploy the release that has it.
    """
    session.flush()
    rows = Rows(session.connection())
    effects = Effects(session)
    places: dict[str, Place] = {}
    theirs: dict[str, Row] = {}
    now = datetime.now(UTC)
    last = 0
    todo = list(batches)
    known = {batch.instance for batch in todo if batch.first > 1 or not batch.facts}
    _load(rows, places, [batch for batch in todo if batch.instance in known])
    for batch in todo:
        last = batch.facts[-1].number if batch.facts else batch.first - 1
        place = places.get(batch.instance)
        if place is None and batch.facts:
            place = _begin(rows, places, batch)
        if place is None:
            raise ProjectionGap(
                f"Expected the first facts of instance {batch.instance} before an empty batch."
            )
        if batch.facts:
            reached = place.row["last_fact"]
            if batch.first > reached + 1:
                raise ProjectionGap(
                    f"Expected fact {reached + 1} of instance {batch.instance}, got {batch.first}: facts are missing. "
                    "`pdflow verify` compares the records with the workflow."
                )
            if batch.first <= reached:
                rows.flush()
                if _same(recorded(rows.connection, batch.instance, batch.first), batch.facts):
                    continue
                theirs |= undo(rows, batch.instance, batch.first)
                stands = recorded(rows.connection, batch.instance, batch.first, before=True)
                effects.again(batch.instance, batch.first, stands)
                rows = _afresh(rows, places, todo)
                place = places.get(batch.instance) or _begin(rows, places, batch)
        _write(rows, place, batch, now)
        effects.add(batch.instance, batch.facts)
        give_back(rows, theirs)
    rows.flush()
    _forget(session)
    effects.run(now)
    matching = any(batch.messages or any(f.kind == "subscribed" for f in batch.facts) for batch in todo)
    return Projected(last, matching and _awaited(session))


def _forget(session: Session) -> None:
    """Rows of these tables were changed below the session: whoever looks at one of its objects reads it anew."""
    for known in session.identity_map.values():
        if isinstance(known, _WRITTEN):
            session.expire(known)


def _begin(rows: Rows, places: dict[str, Place], batch: Batch) -> Place:
    """The first facts of an instance make its row, unless they are repeated."""
    _load(rows, places, [batch])
    if batch.instance in places:
        return places[batch.instance]
    first = batch.facts[0]
    if first.number != 1:
        raise ProjectionGap(f"Expected fact 1 of instance {batch.instance} first, got {first.number}.")
    row: Row = {
        "id": batch.instance,
        "process": batch.process,
        "definition": first.definition,
        "case": batch.case,
        "unit": batch.unit,
        "origin_unit": batch.unit,
        "state": "running",
        "simulated": batch.simulated,
        "started_by": first.actor,
        "started_at": instant(first.at),
        "ended_at": None,
        "ended_by_fact": None,
        "due": None,
        "last_fact": 0,
        "held": False,
        "hard_date": None,
        "variables": {},
    }
    rows.add(Instance, row)
    places[batch.instance] = place_of(row)
    return places[batch.instance]


def _load(rows: Rows, places: dict[str, Place], batches: Sequence[Batch], *, all: bool = False) -> None:
    """Read, and lock, the instances and what is open of them as far as these facts (or ``all``) can touch it."""
    wanted = [name for name in dict.fromkeys(batch.instance for batch in batches) if name not in places]
    for row in rows.load(Instance, "id", wanted):
        places[row["id"]] = place_of(row)
    known = [name for name in wanted if name in places]
    kinds = {fact.kind for batch in batches for fact in batch.facts}
    if known and "task_opened" in kinds:
        rows.load(Task, "id", _opened(batches, places))
    for model, touching in _TOUCHING.items():
        if not known or not (all or kinds & touching):
            continue
        for row in rows.load(model, "instance", known, _OPEN[model]):
            place = places[row["instance"]]
            if model is Incident:
                place.incidents[row["token"]] = row
            elif model is Subscription:
                place.subscriptions[row["token"]] = row


def _opened(batches: Sequence[Batch], places: dict[str, Place]) -> list[str]:
    """Ids of the tasks that these facts open in instances that are known: one of them may have been there before."""
    return [
        places[batch.instance].task(fact.token)
        for batch in batches
        if batch.instance in places
        for fact in batch.facts
        if fact.kind == "task_opened"
    ]


def _afresh(rows: Rows, places: dict[str, Place], todo: Sequence[Batch]) -> Rows:
    """Load again after an undo: rows in memory may be of what never happened."""
    fresh = Rows(rows.connection)
    known = set(places)
    places.clear()
    _load(fresh, places, [batch for batch in todo if batch.instance in known], all=True)
    return fresh


def _write(rows: Rows, place: Place, batch: Batch, now: datetime) -> None:
    place.case, place.unit = batch.case, batch.unit
    facts: list[Row] = []
    for fact in batch.facts:
        at = datetime.fromisoformat(fact.at)
        facts.append(_fact_row(batch.instance, fact, at, now))
        fold(rows, place, fact, at)
    rows.append(FactRow, facts)
    last = batch.facts[-1].number if batch.facts else place.row["last_fact"]
    rows.change(Instance, place.row, last_fact=last, due=instant(batch.due), unit=batch.unit)
    if batch.messages:
        _post(rows, batch)


def _post(rows: Rows, batch: Batch) -> None:
    """Keep the messages that the instance has thrown; one that is known by its id stays as it is."""
    table = table_of(Message)
    ids = [message.id for message in batch.messages]
    known = set(rows.connection.execute(select(table.c.id).where(table.c.id.in_(ids))).scalars())
    new = [
        {
            "id": message.id,
            "name": message.name,
            "key": message.key,
            "variables": message.variables,
            "signal": message.signal,
            "simulated": batch.simulated,
            "source": batch.instance,
            "at": instant(message.at),
            "expires_at": None,
            "state": "buffered",
        }
        for message in batch.messages
        if message.id not in known
    ]
    rows.append(Message, new)


def _fact_row(instance: str, fact: Fact, at: datetime, now: datetime) -> Row:
    return {
        "instance": instance,
        "number": fact.number,
        "kind": fact.kind,
        "at": at,
        "recorded_at": now,
        "element": fact.element,
        "token": fact.token,
        "scope": fact.scope,
        "item": fact.item,
        "definition": fact.definition,
        "actor": fact.actor,
        "command": fact.command,
        "data": fact.data,
    }


def _same(written: list[Fact], facts: list[Fact]) -> bool:
    return len(written) == len(facts) and all(
        _essence(one) == _essence(other) for one, other in zip(written, facts, strict=True)
    )


def _essence(fact: Fact) -> tuple[Any, ...]:
    return (
        fact.number,
        fact.kind,
        datetime.fromisoformat(fact.at),
        fact.element,
        fact.token,
        fact.command,
        fact.data,
    )


def _awaited(session: Session) -> bool:
    """Whether a buffered message could be delivered now."""
    messages, subscriptions = table_of(Message), table_of(Subscription)
    waiting = select(messages.c.number).where(
        messages.c.state == "buffered",
        messages.c.signal
        | exists().where(
            subscriptions.c.message == messages.c.name,
            subscriptions.c.key.is_not_distinct_from(messages.c.key),
            subscriptions.c.ended_by_fact.is_(None),
        ),
    )
    return session.connection().execute(waiting.limit(1)).first() is not None
