"""Process instances, as the projection of their facts shows them."""

from datetime import datetime
from typing import Any

from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, json_object, maybe_instant
from pdflow.records.types import ID


class Instance(Table, table=True):
    """One process instance; its id is a ULID, its workflow id ``<process>/<id>``.

    Attributes:
        case: case id that several instances may share (reopened, re-requested).
        unit: accountable unit now; ``origin_unit``: when it began.
        state: ``running``, ``completed`` or ``terminated``.
        last_fact: number of the last fact written here.
        due: the instance's next due time.
        held, hard_date: somebody is in custody; the earliest date that cannot be moved (removal, hearing, release).
            New tasks inherit both.
        variables: of the process scope, at the start and again at the end.
    """

    __tablename__ = "instances"

    id: str = Field(primary_key=True, max_length=ID)
    process: str = Field(max_length=ID, index=True)
    definition: str | None = Field(default=None, max_length=64, index=True)
    case: str | None = Field(default=None, max_length=16, index=True)
    unit: str | None = Field(default=None, max_length=16, index=True)
    origin_unit: str | None = Field(default=None, max_length=16)
    state: str = Field(default="running", max_length=16, index=True)
    simulated: bool = False
    started_by: str | None = Field(default=None, max_length=ID)
    started_at: datetime = instant()
    ended_at: datetime | None = maybe_instant()
    ended_by_fact: int | None = None
    due: datetime | None = maybe_instant()
    last_fact: int = 0
    held: bool = False
    hard_date: datetime | None = maybe_instant()
    variables: dict[str, Any] = json_object()
