"""Records the replay corpus anew: ``python -m tests.workflows.record_histories`` from the root of the checkout.

Each file holds one history, the manifests it needs and the snapshot it leads to. A release that cannot replay the
corpus of the one before would break running cases: then gate the change on the snapshot's version, do not re-record.
"""

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

from temporalio.client import Client

from pdflow.runtime import DefinitionSource, write_manifest
from pdflow.services.temporal.server import start_server
from pdflow.sla import read_pack
from tests.workflows.desk import Desk
from tests.workflows.families import FAMILIES
from tests.workflows.test_families import on_temporal
from workflows import definitions

HISTORIES = Path(__file__).with_name("histories")
RECORDED = (
    "escalation",
    "call-activity",
    "incident-and-retry",
    "multi-instance-clocks",
    "timers",
    "signal-and-throw",
)
ROOT = Path(__file__).resolve().parents[2]


def _impersonal(part: Any) -> Any:
    """Without the names of the machine and of its folders."""
    if isinstance(part, list):
        return [_impersonal(item) for item in part]
    if not isinstance(part, dict):
        return part
    blank = {"identity": "recorder", "stackTrace": "", "binaryChecksum": "", "buildId": ""}
    return {key: blank.get(key, _impersonal(value)) for key, value in part.items()}


async def record(address: str) -> None:
    source = DefinitionSource()
    definitions.provide(source)
    policies = read_pack((ROOT / "bpmn/policy/clocks.json").read_bytes()).policies
    for name in RECORDED:
        family = FAMILIES[name]
        desk = Desk(await Client.connect(address), source, policies)
        case, _ = await on_temporal(desk, family)
        async with desk.worker():
            snapshot = await case.snapshot()
        models = {"p": family.xml, **family.called}
        entry = {
            "workflow": case.handle.id,
            "manifests": [
                write_manifest(process, xml, policies=policies).decode() for process, xml in models.items()
            ],
            "snapshot": snapshot,
            "history": _impersonal(json.loads((await case.handle.fetch_history()).to_json())),
        }
        text = json.dumps(entry, indent=1, ensure_ascii=False)
        (HISTORIES / f"{name}.json").write_text(text + "\n")


if __name__ == "__main__":
    HISTORIES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        server = start_server(Path(folder))
        try:
            asyncio.run(record(server.address))
        finally:
            server.stop()
