"""A folder of models and what stands beside them: called processes, decisions, forms, SLA policies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from pdflow import dmn
from pdflow.engine import Model, load
from pdflow.engine.findings import ModelRefused
from pdflow.engine.lint import LintContext
from pdflow.engine.protocol import Decision
from pdflow.sla import Policy, read_pack

_PARTS = ("decisions", "forms", "policy")


class ModelFolder:
    """The models of a folder; a definition is the name of its file.

    ``policy/clocks.json`` holds the SLA policies, ``decisions/*.dmn`` the decisions, ``forms/*.json`` the forms. A folder
    that has none of the three is somebody's own: nothing is known about what exists beside its models.
    """

    def __init__(self, path: Path, decisions: Mapping[str, Any] | None = None) -> None:
        """Look into a folder; nothing is read before it is asked for.

        Args:
            path: the folder.
            decisions: decision id -> result, answered instead of evaluating the decision.
        """
        self.path = path
        self._answers = dict(decisions or {})
        self._models: dict[str, Model] = {}

    def add(self, name: str, model: Model) -> None:
        """Use a model that has been loaded already."""
        self._models[name] = model

    def model(self, definition: str) -> Model:
        """The model of a file.

        Raises:
            ModelRefused: it cannot be read.
        """
        if definition not in self._models:
            self._models[definition] = load((self.path / definition).read_bytes(), name=definition)
        return self._models[definition]

    def decision(self, definition: str, decision: str) -> Decision | None:
        """The decision of an id: the given answer, else the one of ``decisions/``."""
        if decision in self._answers:
            answer = self._answers[decision]
            return lambda inputs, now: answer
        return self._decisions.get(decision)

    def resolve(self, process: str) -> str | None:
        """The file that holds a process; ``None`` when none does."""
        for name, model in self._models.items():
            if process in model.processes:
                return name
        for path in sorted(self.path.glob("*.bpmn")):
            if path.name in self._models:
                continue
            try:
                found = process in self.model(path.name).processes
            except ModelRefused:
                continue
            if found:
                return path.name
        return None

    @cached_property
    def policies(self) -> Mapping[str, Policy]:
        """SLA policies by id.

        Raises:
            PolicyRefused: the pack is not one.
        """
        pack = self.path / "policy" / "clocks.json"
        return read_pack(pack.read_bytes()).policies if pack.is_file() else {}

    @cached_property
    def _decisions(self) -> Mapping[str, Decision]:
        """Every decision of ``decisions/`` by its id."""
        found: dict[str, Decision] = {}
        for path in sorted((self.path / "decisions").glob("*.dmn")):
            model = dmn.load(path.read_bytes())
            for name in model.decisions:
                found[name] = _decision(model, name)
        return found

    def context(self) -> LintContext:
        """What lint may check names against."""
        if not any((self.path / part).is_dir() for part in _PARTS):
            return LintContext()
        return LintContext(
            forms=frozenset(path.stem for path in (self.path / "forms").glob("*.json")),
            policies=frozenset(self.policies),
        )


def _decision(model: dmn.Model, name: str) -> Decision:
    def decide(inputs: Mapping[str, Any], now: datetime) -> Any:
        return model.evaluate(name, inputs, clock=lambda: now)

    return decide
