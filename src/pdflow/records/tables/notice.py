"""Notices: the full documentation on its way to one recipient, and every attempt to serve it (S20 to S23)."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, maybe_instant, secret
from pdflow.records.types import ID


class Notice(Table, table=True):
    """One copy for one recipient.

    Attributes:
        key: ``<instance>:<token>`` of the service task that made it, so that a repeat makes no second one.
        kind: ``acknowledgement``, ``evidence_advice``, ``determination``, ``appeal_result``, ``pause`` ...
        state: ``preparing``, ``ready``, ``sent``, ``served``, ``failed`` or ``superseded``.
        served_at: instant of the workflow step that recorded service; ``stated_served_at``: what the server said,
            kept as explanation only.
        verifier: who verified the language version (S21).
        message_id: stable Message-ID of the e-mail, so that a repeat is recognisable.
    """

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("key", "recipient"),)

    id: str = Field(primary_key=True, max_length=ID)
    key: str = Field(max_length=2 * ID)
    case: str = Field(max_length=16, foreign_key="cases.id", index=True)
    determination: str | None = Field(default=None, max_length=ID, foreign_key="determinations.id")
    letter: str | None = Field(default=None, max_length=ID, foreign_key="letters.id")
    recipient: str = Field(max_length=ID, foreign_key="recipients.id", index=True)
    kind: str = Field(max_length=24)
    language: str = Field(max_length=16)
    mode: str = Field(default="text", max_length=16)
    channel: str = Field(max_length=12)
    state: str = Field(max_length=12, index=True)
    created_at: datetime = instant()
    served_at: datetime | None = maybe_instant()
    stated_served_at: datetime | None = maybe_instant()
    verifier: str | None = Field(default=None, max_length=ID)
    attempts: int = 0
    message_id: str | None = Field(default=None, max_length=200)
    clock: str | None = Field(default=None, max_length=2 * ID)
    late_explanation: str | None = secret("notices.late_explanation")


class NoticeAttempt(Table, table=True):
    """One attempt: handed over, delivered to the portal, e-mail accepted, mail posted, bounced, refused ..."""

    __tablename__ = "notice_attempts"

    id: str = Field(primary_key=True, max_length=ID)
    notice: str = Field(max_length=ID, foreign_key="notices.id", index=True)
    channel: str = Field(max_length=12)
    result: str = Field(max_length=24)
    at: datetime = instant()
    by: str | None = Field(default=None, max_length=ID)
    detail: str | None = secret("notice_attempts.detail")


class Letter(Table, table=True):
    """A rendered letter, byte for byte as it was sent.

    Attributes:
        template: id in the pinned manifest; ``definition``: its hash.
        hash: SHA-256 of the text; ``english_hash``: of the English text kept beside it.
        body, english: the words as they were sent, and the English text where that is not it (S21).
    """

    __tablename__ = "letters"

    id: str = Field(primary_key=True, max_length=ID)
    case: str = Field(max_length=16, foreign_key="cases.id", index=True)
    template: str = Field(max_length=60)
    definition: str | None = Field(default=None, max_length=64)
    language: str = Field(max_length=16)
    media_type: str = Field(default="text/html", max_length=40)
    hash: str = Field(max_length=64)
    english_hash: str | None = Field(default=None, max_length=64)
    body: str | None = secret("letters.body")
    english: str | None = secret("letters.english")
    made_at: datetime = instant()


class Translation(Table, table=True):
    """Words in one language that a named person has checked; nothing is issued in a language without them (S21).

    Attributes:
        kind: ``letter`` (``subject`` is its template), ``reasons`` or ``notice`` (``subject`` is the determination).
        checked_by: who checked every word, as they are named; ``made_by``: user who recorded it.
    """

    __tablename__ = "translations"

    id: str = Field(primary_key=True, max_length=ID)
    case: str = Field(max_length=16, foreign_key="cases.id", index=True)
    kind: str = Field(max_length=12)
    subject: str = Field(max_length=ID)
    language: str = Field(max_length=16)
    text: str | None = secret("translations.text")
    checked_by: str | None = secret("translations.checked_by")
    made_by: str = Field(max_length=ID)
    made_at: datetime = instant()
