"""Who takes part besides the officers, and who gets copies."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, json_list, maybe_instant, secret, secret_json
from pdflow.records.types import ID


class Party(Table, table=True):
    """Counsel, a representative, a friend, a family member: somebody who acts in a case.

    The least possible is kept of third parties: they may lack status themselves (domain facts 0.9).

    Attributes:
        kind: ``applicant``, ``counsel``, ``representative`` or ``third_party``.
        user: when they have an account.
        appearance: a notice of appearance is on file since.
    """

    __tablename__ = "parties"

    id: str = Field(primary_key=True, max_length=ID)
    case: str = Field(max_length=16, foreign_key="cases.id", index=True)
    kind: str = Field(max_length=16)
    user: str | None = Field(default=None, max_length=ID, index=True)
    name: str | None = secret("parties.name")
    contact: Any = secret_json("parties.contact")
    relation: str | None = secret("parties.relation")
    appearance: datetime | None = maybe_instant()
    ended_at: datetime | None = maybe_instant()
    created_at: datetime = instant()


class Recipient(Table, table=True):
    """Somebody to whom the full documentation is served: the person, and each counsel of record (S20).

    Attributes:
        id: short code within the case; also the subject of the recipient's notice clock.
        kind: ``person`` or ``counsel``.
        channel: ``hand``, ``portal``, ``e-mail`` or ``mail``; ``channels``: those that are safe, in order.
        mode: ``text``, ``large_print``, ``oral`` or ``sign`` (S21).
    """

    __tablename__ = "recipients"

    id: str = Field(primary_key=True, max_length=ID)
    case: str = Field(max_length=16, foreign_key="cases.id", index=True)
    party: str | None = Field(default=None, max_length=ID, foreign_key="parties.id")
    kind: str = Field(max_length=12)
    name: str | None = secret("recipients.name")
    address: str | None = secret("recipients.address")
    channel: str = Field(max_length=12)
    channels: list[str] = json_list()
    language: str = Field(max_length=16)
    mode: str = Field(default="text", max_length=16)
    active: bool = True
