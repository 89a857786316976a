"""``pdflow up``: server, worker and dashboard under one supervisor."""

from __future__ import annotations

import secrets
import signal
import threading
from datetime import UTC, datetime
from typing import Annotated

import typer

import pdflow.casework.effects  # noqa: F401  registers what the models may name; deployment checks it
from pdflow.casework import deployment
from pdflow.cli.refusals import sentences
from pdflow.services import users
from pdflow.services.actor import SYSTEM, Grant
from pdflow.services.platform import Platform, open_documents, open_records, prepare
from pdflow.services.settings import Settings
from pdflow.services.sign_in import hash_password
from pdflow.services.supervisor import PORT, Supervisor
from pdflow.services.temporal.gateway import TemporalGateway

LOGIN = "admin"


def command(
    port: Annotated[int, typer.Option(help="Port of the dashboard on this computer.")] = PORT,
) -> None:
    """Start server, worker and dashboard and keep them running until Ctrl-C."""
    settings = Settings()
    with sentences("up"):
        prepare(settings, today=datetime.now(UTC).date())
        password = make_ready(settings)
        if password is not None:
            _say(f"First start. Sign in as {LOGIN} with the password {password} (shown this once).")
        _say("Starting server, worker and dashboard ...")
        with Supervisor(settings, port=port, say=_say) as supervisor:
            _say(f"pdflow runs: {supervisor.address}")
            _say(f"What it keeps is in {supervisor.settings.state}. Ctrl-C ends it.")
            supervisor.watch(ended_by_signal())
            _say("Ending ...")


def make_ready(settings: Settings) -> str | None:
    """Deploy the models of this release; on the very first start make the administrator.

    Returns:
        The administrator's password; ``None``: there are users already.
    """
    gateway = TemporalGateway(settings)
    platform = Platform(open_records(settings), open_documents(settings), gateway, settings)
    try:
        deployment.deploy(platform)
        with platform.reading() as session:
            if users.by_login(session, LOGIN) is not None:
                return None
        password = secrets.token_urlsafe(15)
        users.create(
            SYSTEM,
            platform,
            login=LOGIN,
            name="Administrator",
            grants=[Grant("administrator", "HQ")],
            password=hash_password(password),
        )
        return password
    finally:
        gateway.close()
        platform.records.dispose()


def ended_by_signal() -> threading.Event:
    """An event that Ctrl-C and SIGTERM set."""
    until = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: until.set())
    return until


def _say(sentence: str) -> None:
    typer.echo(sentence)
