"""Documents: what is known about a file; its bytes are in the documents store."""

from datetime import datetime

from sqlmodel import Field

from pdflow.records.tables.base import Table, instant, secret
from pdflow.records.types import ID


class Document(Table, table=True):
    """A stored file of a case.

    Attributes:
        hash: SHA-256 of the bytes; the receipt shows it, the documents store is addressed by it.
        name: file name as sent, encrypted; it may tell who somebody is.
        media_type: as found by looking, not as claimed.
        readable: the office can open it; one that it cannot is kept and receipted all the same.
    """

    __tablename__ = "documents"

    id: str = Field(primary_key=True, max_length=ID)
    case: str = Field(max_length=16, foreign_key="cases.id", index=True)
    hash: str = Field(max_length=64, index=True)
    size: int
    name: str | None = secret("documents.name")
    media_type: str = Field(max_length=80)
    readable: bool = True
    protected: bool = False
    stored_at: datetime = instant()
    stored_by: str = Field(max_length=ID)
