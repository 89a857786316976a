"""What a demo came to, in counts and in lengths of simulated time: equal for equal seeds, however it was played."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from pdflow.records.tables import Appeal, Case, Clock, Determination, Incident, Inquiry, Notice, Task
from pdflow.services.platform import Platform


def summary(platform: Platform, anchor: datetime) -> dict[str, Any]:
    """Count everything up to the demo's "now". Practice cases are left out.

    Args:
        platform: whose records are counted.
        anchor: the demo's "now"; what happened since is not counted.
    """
    with platform.reading() as session:
        return {
            "cases": session.exec(_cases(func.count())).one(),
            "cases_by_state": _counts(
                session.exec(_cases(Case.state, func.count()).group_by(col(Case.state)))
            ),
            "cases_by_office": _counts(
                session.exec(_cases(Case.office, func.count()).group_by(col(Case.office)))
            ),
            "outcomes": _counts(session.exec(_cases(Case.outcome, func.count()).group_by(col(Case.outcome)))),
            "clocks": _clocks(session, anchor),
            "notices": _counts(
                session.exec(
                    select(Notice.kind + "/" + Notice.state, func.count())
                    .join(Case, col(Case.id) == col(Notice.case))
                    .where(col(Case.practice).is_(False), col(Notice.created_at) <= anchor)
                    .group_by(Notice.kind, Notice.state)
                )
            ),
            "appeals": _counts(
                session.exec(
                    select(Appeal.level + "/" + func.coalesce(Appeal.result, "open"), func.count())
                    .join(Case, col(Case.id) == col(Appeal.case))
                    .where(col(Case.practice).is_(False))
                    .group_by(col(Appeal.level), col(Appeal.result))
                )
            ),
            "inquiries": session.exec(select(func.count()).select_from(Inquiry)).one(),
            "tasks_open": _counts(
                session.exec(
                    select(Task.element, func.count())
                    .join(Case, col(Case.id) == col(Task.case), isouter=True)
                    .where(
                        col(Task.closed_at).is_(None),
                        func.coalesce(Case.practice, False).is_(False),
                    )
                    .group_by(Task.element)
                )
            ),
            "incidents": session.exec(
                select(func.count()).select_from(Incident).where(col(Incident.cleared_at).is_(None))
            ).one(),
            "signature_to_service_hours": _quantiles(_service_times(session)),
        }


def _cases(*columns: Any) -> Any:
    return select(*columns).select_from(Case).where(col(Case.practice).is_(False))


def _counts(rows: Iterable[tuple[Any, int]]) -> dict[str, int]:
    return {str(name) if name is not None else "open": count for name, count in sorted(rows, key=str)}


def _clocks(session: Session, anchor: datetime) -> dict[str, dict[str, int]]:
    """Policy -> how its clocks stand; a running clock that is past due counts as breached."""
    rows = session.exec(
        select(Clock.policy, Clock.state, func.count())
        .join(Case, col(Case.id) == col(Clock.case), isouter=True)
        .where(func.coalesce(Case.practice, False).is_(False))
        .group_by(Clock.policy, Clock.state)
    )
    found: dict[str, dict[str, int]] = {}
    for policy, state, count in sorted(rows):
        found.setdefault(policy, {})[state] = count
    return found


def _service_times(session: Session) -> list[timedelta]:
    rows = session.exec(
        select(Notice.served_at, Determination.signed_at)
        .join(Determination, col(Determination.id) == col(Notice.determination))
        .where(col(Notice.served_at).is_not(None), col(Determination.signed_at).is_not(None))
    )
    return sorted(served - signed for served, signed in rows if served and signed)


def _quantiles(times: list[timedelta]) -> dict[str, float | None]:
    """Median and 90th percentile in hours, by the nearest rank."""
    if not times:
        return {"median": None, "p90": None}
    pick = {"median": 0.5, "p90": 0.9}
    return {
        name: round(times[min(len(times) - 1, int(share * len(times)))].total_seconds() / 3600, 2)
        for name, share in pick.items()
    }
