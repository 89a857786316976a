"""Recorded histories replay, and lead to the recorded state: changed arguments alone would not be noticed."""

import functools
import json
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from pdflow.runtime import DefinitionSource
from pdflow.runtime.messages import StartInstance
from workflows.process_instance import ProcessInstance

HISTORIES = sorted(Path(__file__).with_name("histories").glob("*.json"))


@pytest.mark.parametrize("path", HISTORIES, ids=[path.stem for path in HISTORIES])
async def test_a_recorded_history_replays_to_the_recorded_state(
    path: Path, source: DefinitionSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry: dict[str, Any] = json.loads(path.read_text())
    for manifest in entry["manifests"]:
        source.add(manifest.encode())
    replayed: list[ProcessInstance] = []
    begin = ProcessInstance.__init__

    @functools.wraps(begin)
    def kept(self: ProcessInstance, start: StartInstance) -> None:
        replayed.append(self)
        begin(self, start)

    monkeypatch.setattr(ProcessInstance, "__init__", kept)
    replayer = Replayer(workflows=[ProcessInstance], workflow_runner=UnsandboxedWorkflowRunner())
    history = WorkflowHistory.from_json(entry["workflow"], entry["history"])
    await replayer.replay_workflow(history)
    assert replayed[-1].instance.snapshot() == entry["snapshot"]


def test_the_corpus_is_there() -> None:
    assert len(HISTORIES) >= 6
