"""What is live, how many people stand where, and which versions and drafts wait for somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, and_, case, func, or_
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from pdflow.engine import Model, load
from pdflow.records.tables import Case, Clock, Definition, Draft, FactRow, Instance, Task, User, table_of
from pdflow.services import definitions, drafts
from pdflow.services.tasks import OPEN


@dataclass(frozen=True)
class VersionRow:
    """One version of a process.

    Attributes:
        author, published_by: names.
        open: running cases that have a token in this version.
    """

    hash: str
    version: int
    state: str
    author_id: str
    author: str
    proposed_at: datetime
    published_by: str | None
    open: int


@dataclass(frozen=True)
class ProcessRow:
    """One process in plain words.

    Attributes:
        name: of the process in the live model.
        live: the version that new cases start with; ``None``: none is published.
        versions: all, the newest first.
        drafts: that somebody works on.
        open: running cases with a token in any version of it.
    """

    id: str
    name: str
    live: VersionRow | None
    versions: tuple[VersionRow, ...]
    drafts: tuple[Draft, ...]
    open: int

    @property
    def proposed(self) -> tuple[VersionRow, ...]:
        """Versions that wait for a second person."""
        return tuple(version for version in self.versions if version.state == "proposed")

    @property
    def staying(self) -> tuple[VersionRow, ...]:
        """Earlier versions on which cases still run."""
        return tuple(v for v in self.versions if v.open and v is not self.live and v.state == "published")


@dataclass(frozen=True)
class Standing:
    """How many cases stand at an element now, and how many of these are late there."""

    waiting: int
    late: int


@dataclass(frozen=True)
class Places:
    """Where the running cases stand, practice cases left out.

    Attributes:
        elements: definition hash -> element id -> cases.
        by_definition: definition hash -> cases with a token in it.
        by_process: process id -> cases with a token in any version of it.
    """

    elements: dict[str, dict[str, Standing]]
    by_definition: dict[str, int]
    by_process: dict[str, int]


@dataclass(frozen=True)
class Usage:
    """Who uses a process.

    Attributes:
        called_by, calls: process ids, live versions.
    """

    called_by: tuple[str, ...]
    calls: tuple[str, ...]


def places(session: Session, now: datetime) -> Places:
    """Count the cases at every element; this reads all facts of the running cases, so a page keeps it for a while."""
    late = _late(session, now)
    elements: dict[str, dict[str, Standing]] = defaultdict(dict)
    by_definition: dict[str, set[str]] = defaultdict(set)
    by_process: dict[str, set[str]] = defaultdict(set)
    process = dict(session.exec(select(Definition.hash, Definition.process)).all())
    for (definition, element), instances in _tokens(session).items():
        count = sum((instance, element) in late for instance in instances)
        elements[definition][element] = Standing(len(instances), count)
        by_definition[definition] |= instances
        by_process[process.get(definition, "")] |= instances
    return Places(
        dict(elements),
        {hash: len(found) for hash, found in by_definition.items()},
        {id: len(found) for id, found in by_process.items()},
    )


def processes(session: Session, standing: Places) -> tuple[ProcessRow, ...]:
    """Every process with its versions and drafts, the one with most open cases first."""
    names = dict(session.exec(select(User.id, User.name)).all())
    versions: dict[str, list[VersionRow]] = defaultdict(list)
    for row in _without_bytes(session):
        versions[row.process].append(_version(row, names, standing.by_definition.get(row.hash, 0)))
    working = drafts.editing(session)
    found = [
        _process(session, id, rows, [draft for draft in working if draft.process == id], standing)
        for id, rows in versions.items()
    ]
    return tuple(sorted(found, key=lambda row: (-row.open, row.name)))


def usage(session: Session, process: str) -> Usage:
    """Which live processes call this one, and which it calls."""
    processes = session.exec(select(Definition.process).distinct().order_by(Definition.process)).all()
    calls = {
        id: read_model(definitions.part(session, hash, "bpmn")).calls()
        for id, hash in definitions.resolve(session, processes).items()
    }
    return Usage(
        called_by=tuple(sorted(id for id, called in calls.items() if process in called)),
        calls=tuple(sorted(calls.get(process, ()))),
    )


@lru_cache(maxsize=64)
def read_model(xml: str) -> Model:
    """The parsed model, kept: the same text is always the same model.

    Raises:
        ModelRefused: it cannot be read.
    """
    return load(xml.encode())


def _process(
    session: Session, id: str, rows: Iterable[VersionRow], working: list[Draft], standing: Places
) -> ProcessRow:
    versions = tuple(rows)
    live = next((version for version in versions if version.state == "published"), None)
    xml = definitions.part(session, (live or versions[0]).hash, "bpmn")
    return ProcessRow(
        id=id,
        name=read_model(xml).processes[id].name or id,
        live=live,
        versions=versions,
        drafts=tuple(working),
        open=standing.by_process.get(id, 0),
    )


def _without_bytes(session: Session) -> list[Row[Any]]:
    """Every definition, without its manifest."""
    table = table_of(Definition)
    columns = (column for column in table.c if column.name != "manifest")
    statement = core_select(*columns).order_by(table.c.process, table.c.version.desc())
    return list(session.connection().execute(statement))


def _version(row: Row[Any], names: dict[str, str], open: int) -> VersionRow:
    return VersionRow(
        hash=row.hash,
        version=row.version,
        state=row.state,
        author_id=row.author,
        author=names.get(row.author, row.author),
        proposed_at=row.proposed_at,
        published_by=names.get(row.published_by, row.published_by) if row.published_by else None,
        open=open,
    )


def _tokens(session: Session) -> dict[tuple[str, str], set[str]]:
    """Definition and element -> running instances that have entered it more often than left it."""
    balance = func.sum(case((col(FactRow.kind) == "entered", 1), else_=-1))
    statement = (
        select(FactRow.definition, FactRow.element, FactRow.instance)
        .join(Instance, col(Instance.id) == col(FactRow.instance))
        .join(Case, col(Case.id) == col(Instance.case), isouter=True)
        .where(
            Instance.state == "running",
            or_(
                col(Instance.simulated).is_(False),
                and_(col(Case.id).is_not(None), col(Case.practice).is_(False)),
            ),
            col(FactRow.kind).in_(("entered", "completed", "terminated")),
            col(FactRow.definition).is_not(None),
            col(FactRow.element).is_not(None),
        )
        .group_by(col(FactRow.definition), col(FactRow.element), col(FactRow.instance))
        .having(balance > 0)
    )
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for definition, element, instance in session.exec(statement):
        found[str(definition), str(element)].add(instance)
    return found


def _late(session: Session, now: datetime) -> set[tuple[str, str]]:
    """Instance and element where an office is late: by its open task, or by the clock of the element."""
    tasks = session.exec(
        select(Task.instance, Task.element).where(col(Task.state).in_(OPEN), col(Task.due) < now)
    ).all()
    clocks = session.exec(
        select(Clock.instance, Clock.element).where(
            col(Clock.stopped_at).is_(None), col(Clock.due) < now, Clock.holder == "office"
        )
    ).all()
    return {(instance, element) for instance, element in (*tasks, *clocks) if element}
