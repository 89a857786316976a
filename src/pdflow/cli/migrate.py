"""``pdflow migrate-db``: make or upgrade the database of this installation."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from pdflow.cli.refusals import sentences
from pdflow.services.platform import prepare
from pdflow.services.settings import Settings


def command() -> None:
    """Bring the database to this version, making key file, schema and units where there are none.

    `pdflow up` does the same by itself; run this where worker and dashboard are started by something else.
    """
    settings = Settings()
    with sentences("migrate-db"):
        prepare(settings, today=datetime.now(UTC).date())
    typer.echo("The database is at the version of this release.")
