"""What every service function works on: records, documents, the gateway and the settings of one process."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlmodel import Session

from pdflow.records import migrations, seed
from pdflow.records.crypto import KeyRing
from pdflow.records.documents import Documents, FolderDocuments
from pdflow.records.errors import KeyMissing
from pdflow.records.session import Records
from pdflow.services.gateway import InstanceGateway
from pdflow.services.settings import Settings


def wall() -> datetime:
    """The present instant in UTC."""
    return datetime.now(UTC)


@dataclass
class Platform:
    """One per process; commands take it after the actor, queries take a session of it.

    Attributes:
        now: wall time; injected in tests.
    """

    records: Records
    documents: Documents
    gateway: InstanceGateway
    settings: Settings = field(default_factory=Settings)
    now: Callable[[], datetime] = wall

    def reading(self) -> AbstractContextManager[Session]:
        """A session for queries: one consistent view, nothing is kept of what it changes."""
        return self.records.reading()

    def writing(self) -> AbstractContextManager[Session]:
        """A session for one transaction."""
        return self.records.writing()


def prepare(settings: Settings, *, today: date) -> None:
    """Make or upgrade what the state folder holds: the key file on the very first start, the schema, the seed data.

    Args:
        settings: where the state is.
        today: day on which the example liaison contacts count as verified.

    Raises:
        KeyMissing: there are records but no key file; a new key would make them unreadable for ever.
    """
    settings.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not settings.key_file.exists():
        if migrations.has_tables(settings.database_url):
            raise KeyMissing(
                f"The key file {settings.key_file.name} is missing although there are records. "
                "Put it back from its backup: a new key could read none of them."
            )
        KeyRing.fresh().save(settings.key_file)
    migrations.upgrade(settings.database_url)
    records = open_records(settings)
    with records.writing() as session:
        seed.plant(session, verified=today)
    records.dispose()


def open_records(settings: Settings) -> Records:
    """The records of an installation that :func:`prepare` has made ready."""
    return Records(settings.database_url, KeyRing.open(settings.key_file))


def open_documents(settings: Settings) -> FolderDocuments:
    """The documents store in the state folder."""
    return FolderDocuments(settings.state / "documents", KeyRing.open(settings.key_file))
