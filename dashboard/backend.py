"""What the screens work on: one platform per process, and what casework registers with it."""

from functools import cache

import pdflow.casework.effects  # noqa: F401  registers the commands, jobs and listeners of casework
from pdflow.services.platform import Platform, open_documents, open_records
from pdflow.services.settings import Settings
from pdflow.services.temporal.gateway import TemporalGateway


@cache
def platform() -> Platform:
    """Open records, documents and the gateway on first use; they stay open as long as the process."""
    settings = Settings()
    return Platform(
        records=open_records(settings),
        documents=open_documents(settings),
        gateway=TemporalGateway(settings),
        settings=settings,
    )
