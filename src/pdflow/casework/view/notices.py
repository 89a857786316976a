"""The notices of a case with every attempt to serve them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from pdflow.records.tables import Letter, Notice, NoticeAttempt, Recipient


@dataclass(frozen=True)
class NoticeRow:
    """One copy for one recipient.

    Attributes:
        text: the words as they were sent; ``english``: kept beside it where that is another language (S21).
        attempts: instant, channel and result of each attempt, in order.
    """

    id: str
    kind: str
    recipient: str
    language: str
    mode: str
    channel: str
    state: str
    created_at: datetime
    served_at: datetime | None
    text: str | None
    english: str | None
    attempts: tuple[tuple[datetime, str, str], ...]


def notice_rows(session: Session, case: str) -> list[NoticeRow]:
    """All notices, newest first."""
    rows = session.exec(
        select(Notice, Recipient, Letter)
        .join(Recipient, col(Recipient.id) == col(Notice.recipient), isouter=True)
        .join(Letter, col(Letter.id) == col(Notice.letter), isouter=True)
        .where(Notice.case == case)
        .order_by(col(Notice.created_at).desc(), col(Notice.id))
    ).all()
    attempts: dict[str, list[tuple[datetime, str, str]]] = {}
    for attempt in session.exec(
        select(NoticeAttempt)
        .where(col(NoticeAttempt.notice).in_([notice.id for notice, _, _ in rows]))
        .order_by(col(NoticeAttempt.at))
    ):
        attempts.setdefault(attempt.notice, []).append((attempt.at, attempt.channel, attempt.result))
    return [
        NoticeRow(
            id=notice.id,
            kind=notice.kind,
            recipient=(recipient.name or recipient.kind) if recipient else "",
            language=notice.language,
            mode=notice.mode,
            channel=notice.channel,
            state=notice.state,
            created_at=notice.created_at,
            served_at=notice.served_at,
            text=letter.body if letter else None,
            english=letter.english if letter else None,
            attempts=tuple(attempts.get(notice.id, ())),
        )
        for notice, recipient, letter in rows
    ]
