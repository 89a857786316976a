"""Dates that cannot be moved: removal, hearing, release; each with its source."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from sqlmodel import Session, col, select

from pdflow.casework import _rows
from pdflow.records.tables import Command, HardDate


def start_of(day: str) -> datetime:
    """The beginning of a day in UTC."""
    return datetime.combine(date.fromisoformat(day), time(), UTC)


def add(session: Session, row: Command, kind: str, on: str, source: str, at: datetime) -> None:
    """Write a date that cannot be moved, at the start of that day in UTC."""
    _rows.insert(
        session,
        HardDate,
        {
            "id": f"{row.id}.{kind}",
            "case": row.case or row.payload["case"],
            "kind": kind,
            "at": start_of(on),
            "source": source,
            "recorded_by": row.actor,
            "recorded_at": at,
        },
    )


def earliest(session: Session, case: str) -> datetime | None:
    """The nearest date of a case that cannot be moved."""
    found = session.exec(
        select(HardDate.at)
        .where(HardDate.case == case, col(HardDate.cancelled_at).is_(None))
        .order_by(col(HardDate.at))
        .limit(1)
    )
    return found.first()
