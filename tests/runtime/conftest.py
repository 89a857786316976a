from pathlib import Path

import pytest

from pdflow.sla import Policy, read_pack
from tests.runtime.bench import Bench

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def policies() -> dict[str, Policy]:
    return read_pack((ROOT / "bpmn/policy/clocks.json").read_bytes()).policies


@pytest.fixture(params=[False, True], ids=["straight", "restored"])
def bench(request: pytest.FixtureRequest, policies: dict[str, Policy]) -> Bench:
    """Every case runs straight and again with a restore from JSON before each command."""
    return Bench(policies, request.param)
