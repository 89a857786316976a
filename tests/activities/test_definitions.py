from __future__ import annotations

from datetime import UTC, datetime

import pytest

from activities.definitions import Definitions
from pdflow.records.tables import Definition
from pdflow.runtime.definitions import manifest_hash, write_manifest
from pdflow.runtime.errors import DefinitionMissing
from pdflow.runtime.messages import ResolveCall
from pdflow.services import definitions as service
from pdflow.services.platform import Platform
from tests.runtime.bench import bpmn, flows, user_task
from tests.workflows.families import END, START

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def publish(platform: Platform, version: int, state: str = "published") -> str:
    """Deploys a version of the process ``p``; each has a task of another name."""
    model = bpmn(START + user_task(f"t{version}") + END + flows("s", f"t{version}", "e"))
    manifest = write_manifest("p", model)
    hash = manifest_hash(manifest)
    with platform.writing() as session:
        session.add(
            Definition(
                hash=hash,
                process="p",
                version=version,
                manifest=manifest,
                state=state,
                author="a",
                proposed_at=NOW,
                published_at=NOW if state == "published" else None,
            )
        )
    return hash


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Hashes whose manifests were read from the records."""
    seen: list[str] = []
    inner = service.manifest
    monkeypatch.setattr(service, "manifest", lambda session, hash: seen.append(hash) or inner(session, hash))
    return seen


def test_preloading_reads_each_published_definition_once(platform: Platform, reads: list[str]) -> None:
    first = publish(platform, 1)
    publish(platform, 2, "proposed")
    definitions = Definitions(platform)
    definitions.preload()
    third = publish(platform, 3)
    definitions.preload()
    definitions.preload()

    assert reads == [first, third]
    assert "t1" in definitions.source.get(first).model.nodes
    assert reads == [first, third]


def test_resolving_gives_the_newest_published_version_and_has_it_loaded(
    platform: Platform, reads: list[str]
) -> None:
    publish(platform, 1)
    second = publish(platform, 2)
    publish(platform, 3, "proposed")
    definitions = Definitions(platform)

    resolved = definitions.resolve_definitions(ResolveCall(["p", "nowhere"]))

    assert resolved.definitions == {"p": second}
    assert reads == [second]


def test_a_miss_reads_the_manifest_and_an_unknown_hash_is_missing(platform: Platform) -> None:
    definitions = Definitions(platform)
    first = publish(platform, 1)

    assert definitions.source.get(first).hash == first
    with pytest.raises(DefinitionMissing):
        definitions.source.get("0" * 64)
