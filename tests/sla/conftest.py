from pathlib import Path

import pytest

from pdflow.sla import Pack, read_pack

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def pack() -> Pack:
    return read_pack((ROOT / "bpmn/policy/clocks.json").read_bytes())
