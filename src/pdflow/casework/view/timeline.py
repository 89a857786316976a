"""The timeline of a case: what happened, newest first, with what the machine did by itself folded away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from pdflow.records.tables import FactRow, Instance, User

#: Kinds of facts that people read; the others are the engine's own steps.
SHOWN = (
    "started",
    "task_opened",
    "task_closed",
    "clock_level",
    "clock_stopped",
    "escalated",
    "incident_raised",
    "incident_cleared",
    "message_taken",
    "anchored",
    "ended",
)
#: Of those, what the machine did by itself: folded unless asked for.
FOLDED = frozenset({"task_opened", "clock_level", "clock_stopped", "anchored"})


@dataclass(frozen=True)
class Entry:
    """One line of the timeline.

    Attributes:
        number, instance: the fact it comes from.
        who: name of the person who caused it; ``None``: the engine.
        folded: whether it is a step of the machine.
    """

    at: datetime
    kind: str
    sentence: str
    who: str | None
    element: str | None
    instance: str
    number: int
    folded: bool


def timeline(session: Session, case: str, *, limit: int = 300) -> list[Entry]:
    """The newest entries of all instances of a case."""
    rows = session.exec(
        select(FactRow, User.name)
        .join(Instance, col(Instance.id) == col(FactRow.instance))
        .join(User, col(User.id) == col(FactRow.actor), isouter=True)
        .where(Instance.case == case, col(FactRow.kind).in_(SHOWN))
        .order_by(col(FactRow.at).desc(), col(FactRow.instance), col(FactRow.number).desc())
        .limit(limit)
    ).all()
    names = _task_names(session, [fact for fact, _ in rows])
    return [
        Entry(
            at=fact.at,
            kind=fact.kind,
            sentence=sentence(fact.kind, fact.data, names.get((fact.instance, fact.token), fact.element)),
            who=name,
            element=fact.element,
            instance=fact.instance,
            number=fact.number,
            folded=fact.kind in FOLDED,
        )
        for fact, name in rows
    ]


def sentence(kind: str, data: Mapping[str, Any], task: str | None) -> str:
    """Say a fact in a sentence without personal data."""
    clock = str(data.get("policy", "")).replace("-", " ")
    outcome = str(data.get("outcome", ""))
    sentences = {
        "started": "The process began.",
        "task_opened": f"Task opened: {task}.",
        "task_closed": f"Done: {task}." if outcome == "completed" else f"No longer needed: {task}.",
        "clock_level": f"Clock “{clock}” reached {data.get('level')}.",
        "clock_stopped": f"Clock “{clock}” ended: {outcome.replace('_', ' ')}.",
        "escalated": f"Clock “{clock}” escalated to {data.get('step')}.",
        "incident_raised": f"Stopped for a fault ({data.get('code')}): {data.get('message')}",
        "incident_cleared": "The fault was resolved.",
        "message_taken": f"Heard: {str(data.get('message', '')).removeprefix('pd.').replace('-', ' ')}.",
        "anchored": "The simulated past ends here; from now on this case lives in real time.",
        "ended": "The process ended.",
    }
    return sentences[kind]


def _task_names(session: Session, facts: list[FactRow]) -> dict[tuple[str, str | None], str]:
    """The name of a task stands in the fact that opened it."""
    instances = {fact.instance for fact in facts if fact.kind in ("task_closed", "task_opened")}
    if not instances:
        return {}
    opened = session.exec(
        select(FactRow).where(col(FactRow.instance).in_(instances), FactRow.kind == "task_opened")
    )
    return {(fact.instance, fact.token): fact.data.get("name") or fact.element or "" for fact in opened}
