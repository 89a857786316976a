"""When each worker was last seen alive."""

from datetime import datetime

from sqlmodel import Field

from pdflow.records.tables.base import Table, instant
from pdflow.records.types import ID


class Heartbeat(Table, table=True):
    """One worker process.

    Attributes:
        worker: host name and process id.
        at: wall time of its last sign of life.
    """

    __tablename__ = "heartbeats"

    worker: str = Field(primary_key=True, max_length=2 * ID)
    at: datetime = instant(index=True)
