"""Practice cases: simulated for good, so that people can learn what clocks and escalations do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from pdflow.records.tables import Case, Instance
from pdflow.services import commands
from pdflow.services.actor import Actor
from pdflow.services.errors import NotFound, Refused
from pdflow.services.platform import Platform


@dataclass(frozen=True)
class PracticeClock:
    """Where the clock of a practice case stands, and what comes next."""

    now: datetime
    due: datetime | None


def clock(platform: Platform, instance: str) -> PracticeClock:
    """Ask the instance itself; the records only know its last step.

    Raises:
        NotFound: no such instance.
        InstanceUnavailable: it does not answer now.
    """
    with platform.reading() as session:
        process = session.exec(select(Instance.process).where(Instance.id == instance)).first()
    status = platform.gateway.status(process, instance) if process else None
    if status is None:
        raise NotFound("There is no such practice case.")
    return PracticeClock(
        datetime.fromisoformat(status.now), datetime.fromisoformat(status.due) if status.due else None
    )


def advance(actor: Actor, platform: Platform, instance: str, span: timedelta | None) -> datetime:
    """Move the clock of a practice case and of its inquiries, through everything that is due on the way.

    Args:
        actor: anybody who may open the case; the move is in its record.
        platform: of this process.
        instance: of the practice case.
        span: how far; ``None``: to the next due time.

    Returns:
        Where the clock stands then.

    Raises:
        Refused: ``not-practice``: nobody moves the clock of a real case; ``nothing-due``.
    """
    with platform.reading() as session:
        row = session.get(Instance, instance)
        case = session.get(Case, row.case) if row and row.case else None
        if case is None or not case.practice:
            raise Refused("Only the clock of a practice case can be moved.", code="not-practice")
        together = session.exec(
            select(Instance.id)
            .where(Instance.case == case.id, Instance.state == "running", col(Instance.simulated))
            .order_by(col(Instance.started_at))
        ).all()
    stands = clock(platform, instance)
    if span is None and stands.due is None:
        raise Refused("Nothing is due in this case.", code="nothing-due")
    goal = stands.now + span if span is not None else stands.due
    assert goal is not None
    for each in together:
        commands.submit(actor, platform, instance=each, name="advance", at=goal)
    return goal
