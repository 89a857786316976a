"""Appeals: outside the field office, and at Headquarters (S28 to S32)."""

from datetime import datetime

from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, json_list, maybe_instant, secret
from pdflow.records.types import ID


class Appeal(Table, table=True):
    """An appeal against a determination.

    Attributes:
        level: ``review`` or ``hq``.
        unit: reviewing unit; never the deciding one.
        late: filed after the window; ``good_cause`` says whether it was taken all the same.
        result: ``affirmed``, ``modified``, ``reversed`` or ``sent_back``.
    """

    __tablename__ = "appeals"

    id: str = Field(primary_key=True, max_length=ID)
    case: str = Field(max_length=16, foreign_key="cases.id", index=True)
    determination: str = Field(max_length=ID, foreign_key="determinations.id")
    level: str = Field(max_length=8)
    unit: str = Field(max_length=16, foreign_key="units.code", index=True)
    intake: str = Field(default="web", max_length=12)
    filed_by: str = Field(max_length=ID)
    filed_at: datetime = instant()
    grounds: list[str] = json_list()
    statement: str | None = secret("appeals.statement")
    late: bool = False
    good_cause: str | None = secret("appeals.good_cause")
    reviewer: str | None = Field(default=None, max_length=ID)
    result: str | None = Field(default=None, max_length=12)
    reasons: str | None = secret("appeals.reasons")
    decided_at: datetime | None = maybe_instant()
