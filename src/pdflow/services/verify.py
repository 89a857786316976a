"""Compares the records with what each workflow says of itself; a gap is an incident, never filled by guessing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from pdflow.records.ids import ulid
from pdflow.records.tables import Clock, FactRow, Incident, Instance, Task
from pdflow.runtime.messages import Status
from pdflow.services.errors import InstanceUnavailable
from pdflow.services.platform import Platform

#: Code of the incident that a gap opens.
GAP = "records-gap"


@dataclass(frozen=True)
class Gap:
    """One disagreement, in a sentence."""

    instance: str
    process: str
    sentence: str


@dataclass(frozen=True)
class Verified:
    """Result of a comparison.

    Attributes:
        compared: running instances that answered.
        silent: ids of those that did not answer in time.
        gaps: every disagreement.
    """

    compared: int
    silent: list[str]
    gaps: list[Gap]


def verify(platform: Platform, *, report: bool = True) -> Verified:
    """Compare every running instance of the records with its workflow.

    Args:
        platform: of this process.
        report: open an incident for each instance with a gap.
    """
    with platform.reading() as session:
        running = session.exec(
            select(Instance).where(Instance.state == "running").order_by(Instance.id)
        ).all()
    silent: list[str] = []
    gaps: list[Gap] = []
    for row in running:
        try:
            status = platform.gateway.status(row.process, row.id)
        except InstanceUnavailable:
            silent.append(row.id)
            continue
        with platform.reading() as session:
            found = _compare(session, row.id, status)
        gaps += [Gap(row.id, row.process, sentence) for sentence in found]
    if report and gaps:
        _report(platform, gaps)
    return Verified(len(running) - len(silent), silent, gaps)


def _compare(session: Session, instance: str, status: Status | None) -> list[str]:
    row = session.get_one(Instance, instance)
    if row.state != "running":
        return []
    if status is None:
        return ["The records show a running process, but there is no workflow."]
    found = []
    written = status.last_fact - status.unwritten
    if row.last_fact != written:
        found.append(f"The workflow has written {written} facts, the records hold {row.last_fact}.")
    held = len(session.exec(select(FactRow.number).where(FactRow.instance == instance)).all())
    if held != row.last_fact:
        found.append(f"The records say {row.last_fact} facts and hold {held}.")
    if status.unwritten:
        return found
    tasks = set(
        session.exec(select(Task.id).where(Task.instance == instance, col(Task.closed_by_fact).is_(None)))
    )
    clocks = set(
        session.exec(select(Clock.id).where(Clock.instance == instance, col(Clock.closed_by_fact).is_(None)))
    )
    for what, here, there in (
        ("tasks", tasks, set(status.open_tasks)),
        ("clocks", clocks, set(status.open_clocks)),
    ):
        if here != there:
            found.append(
                f"Open {what} differ: {len(here - there)} only in the records, {len(there - here)} only in the workflow."
            )
    return found


def _report(platform: Platform, gaps: list[Gap]) -> None:
    with platform.writing() as session:
        known = set(
            session.exec(
                select(Incident.instance).where(Incident.code == GAP, col(Incident.cleared_at).is_(None))
            )
        )
        for gap in gaps:
            if gap.instance in known:
                continue
            known.add(gap.instance)
            row = session.get_one(Instance, gap.instance)
            session.add(
                Incident(
                    id=ulid(platform.now()),
                    instance=row.id,
                    process=row.process,
                    case=row.case,
                    unit=row.unit,
                    simulated=row.simulated,
                    code=GAP,
                    message=gap.sentence,
                    opened_at=platform.now(),
                )
            )
