"""Instants on the wire: ISO 8601 in UTC with a final Z."""

from __future__ import annotations

from datetime import UTC, datetime


def write(instant: datetime) -> str:
    """The text of an aware instant."""
    text = instant.isoformat() if instant.tzinfo is UTC else instant.astimezone(UTC).isoformat()
    return text[: -len("+00:00")] + "Z"


def read(text: str) -> datetime:
    """The instant of a text with an offset.

    Raises:
        ValueError: it is no ISO 8601 date and time, or has no offset.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("expected an instant with its offset from UTC, such as 2026-11-24T09:00:00Z")
    return instant.astimezone(UTC)


def read_maybe(text: str | None) -> datetime | None:
    """:func:`read`, where there may be none."""
    return None if text is None else read(text)
