"""Signs of life of the workers, so that screens can say when none answers."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, func, select

from pdflow.records.tables import Heartbeat
from pdflow.services.platform import Platform

#: How often a worker gives a sign, in seconds; screens call it silent after three are missing.
EVERY_SECONDS = 5.0
SILENT_AFTER = timedelta(seconds=3 * EVERY_SECONDS)
_FORGET_AFTER = timedelta(days=1)


def beat(platform: Platform) -> None:
    """Say that this process works; called every :data:`EVERY_SECONDS`."""
    now = platform.now()
    with platform.writing() as session:
        session.merge(Heartbeat(worker=f"{socket.gethostname()}:{os.getpid()}"[:160], at=now))
        session.exec(delete(Heartbeat).where(col(Heartbeat.at) < now - _FORGET_AFTER))


def last(session: Session) -> datetime | None:
    """When any worker was last alive; ``None``: none has been for a day."""
    return session.exec(select(func.max(Heartbeat.at))).one()
