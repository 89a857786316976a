from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from temporalio.client import Client

from pdflow.runtime import DefinitionSource
from pdflow.services.temporal.server import Server, start_server
from pdflow.sla import Policy, read_pack
from tests.workflows.desk import Desk
from workflows import definitions

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start_server(tmp_path_factory.mktemp("temporal"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def policies() -> dict[str, Policy]:
    return read_pack((ROOT / "bpmn/policy/clocks.json").read_bytes()).policies


@pytest.fixture(scope="session")
def source() -> DefinitionSource:
    shared = DefinitionSource()
    definitions.provide(shared)
    return shared


@pytest.fixture
async def desk(server: Server, source: DefinitionSource, policies: dict[str, Policy]) -> AsyncIterator[Desk]:
    client = await Client.connect(server.address)
    yield Desk(client, source, policies)
