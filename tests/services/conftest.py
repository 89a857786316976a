"""A platform in this process with one small deployed process: ``requests.bpmn``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from pdflow.records.crypto import KeyRing
from pdflow.records.documents import FolderDocuments
from pdflow.records.session import Records
from pdflow.records.tables import Command, Task
from pdflow.runtime.definitions import write_manifest
from pdflow.services import definitions, registry, starting, tasks
from pdflow.services.actor import SYSTEM, Actor, Grant
from pdflow.services.commands import Receipt
from pdflow.services.errors import Refused
from pdflow.services.inprocess import InProcessGateway, in_process
from pdflow.services.platform import Platform
from pdflow.services.registry import CommandHandler, JobContext
from pdflow.services.settings import Settings
from pdflow.sla import read_policy

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OFFICER = Actor("officer", frozenset({Grant("officer", "ATL")}))
COLLEAGUE = Actor("colleague", frozenset({Grant("officer", "ATL")}))
SUPERVISOR = Actor("supervisor", frozenset({Grant("supervisor", "ATL")}))
ELSEWHERE = Actor("elsewhere", frozenset({Grant("officer", "DAL"), Grant("supervisor", "DAL")}))
ADMINISTRATOR = Actor("administrator", frozenset({Grant("administrator", "HQ")}))

FORMS: dict[str, Any] = {
    "decide": {
        "type": "object",
        "x-command": "determination.write",
        "required": ["outcome", "analysis"],
        "additionalProperties": False,
        "properties": {
            "outcome": {"enum": ["granted", "denied"], "x-store": "variable"},
            "analysis": {"type": "string", "minLength": 5},
            "by": {"type": "string", "format": "date", "x-store": "variable"},
        },
    },
    "file": {"type": "object", "properties": {}},
}
POLICY = read_policy(
    {
        "id": "decide",
        "title": "Decide",
        "target": "P2D",
        "calendar": "elapsed",
        "holder": "office",
        "levels": [{"name": "half", "percent": 50}],
        "escalation": [],
        "pausable": False,
    }
)


@dataclass(repr=False)
class World:
    """What the test's command and job did, and what they shall do."""

    applied: list[tuple[str, Any, datetime]] = field(default_factory=list)
    told: list[JobContext] = field(default_factory=list)
    fail_apply: int = 0
    fail_job: int = 0


WORLD = World()


class Write(CommandHandler):
    """Writes a note; refuses to deny without the word "because"."""

    def validate(self, session: Session, actor: Actor, task: Task | None, payload: Any) -> dict[str, Any]:
        if payload["outcome"] == "denied" and "because" not in payload["analysis"]:
            raise Refused("Say why.", code="no-reason", places={"/analysis": "Say why."})
        return {"checked": True}

    def apply(self, session: Session, row: Command, at: datetime) -> None:
        if WORLD.fail_apply:
            WORLD.fail_apply -= 1
            raise ConnectionError("the effect failed")
        WORLD.applied.append((row.id, row.payload, at))


def tell(session: Session, context: JobContext) -> dict[str, Any]:
    """Remembers whom it told."""
    if WORLD.fail_job:
        WORLD.fail_job -= 1
        raise Refused("The mail server did not answer.")
    WORLD.told.append(context)
    return {"told": True}


class Clock:
    """Wall time that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


def manifest() -> bytes:
    model = Path(__file__).with_name("requests.bpmn").read_text()
    return write_manifest("request", model, forms=FORMS, policies={"decide": POLICY})


@pytest.fixture
def world() -> Iterator[World]:
    WORLD.__init__()  # type: ignore[misc]
    # These alone: other tests of this process may have registered those of casework.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_commands", {"determination.write": Write()})
        patch.setattr(registry, "_jobs", {"test.tell": tell})
        patch.setattr(registry, "_listeners", {})
        yield WORLD


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def platform(
    records: Records, key_ring: KeyRing, tmp_path: Path, clock: Clock, world: World
) -> Iterator[Platform]:
    made = in_process(
        records, FolderDocuments(tmp_path / "documents", key_ring), Settings(simulation=True), clock
    )
    definitions.install(made, [manifest()])
    yield made


@pytest.fixture
def gateway(platform: Platform) -> InProcessGateway:
    assert isinstance(platform.gateway, InProcessGateway)
    return platform.gateway


def begin(platform: Platform, case: str = "K7Q-4MX", **more: Any) -> Receipt:
    variables = {"case": case, "office": "ATL", "held": False}
    return starting.start(SYSTEM, platform, "request", variables=variables, case=case, unit="ATL", **more)


def only(platform: Platform, model: Any, **where: Any) -> Any:
    """The one row of a table that matches."""
    with platform.reading() as session:
        return session.exec(select(model).filter_by(**where)).one()


def every(platform: Platform, model: Any, **where: Any) -> list[Any]:
    with platform.reading() as session:
        return list(session.exec(select(model).filter_by(**where)))


def claimed(platform: Platform, actor: Actor = OFFICER) -> Task:
    """The open task of the first step, claimed."""
    begin(platform)
    return tasks.claim(actor, platform, only(platform, Task).id)


GRANT = {"outcome": "granted", "analysis": "She cares for two children."}
