"""A folder of models and what stands beside them: called processes, decisions, forms, SLA policies."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from pdflow import dmn
from pdflow.engine import Model, ModelRefused, load
from pdflow.engine.lint import LintContext
from pdflow.engine.protocol import Decision
from pdflow.runtime.definitions import Definition, DefinitionSource
from pdflow.sla import Policy, read_pack

_PARTS = ("decisions", "forms", "policy")


class ModelFolder(DefinitionSource):
    """The models of a folder; a definition is known by the name of its file.

    ``policy/clocks.json`` holds the SLA policies, ``decisions/*.dmn`` the decisions, ``forms/*.json`` the forms. A folder
    that has none of the three is somebody's own: nothing is known about what exists beside its models.
    """

    def __init__(self, path: Path, decisions: Mapping[str, Any] | None = None) -> None:
        """Look into a folder; nothing is read before it is asked for.

        Args:
            path: the folder.
            decisions: decision id to result (a FEEL value), answered instead of evaluating the decision.
        """
        super().__init__()
        self.path = path
        self._answers = decisions or {}
        self._definitions: dict[str, Definition] = {}

    def get(self, hash: str) -> Definition:
        """The definition of a file name.

        Raises:
            ModelRefused: its model cannot be read.
        """
        if hash not in self._definitions:
            self.use(hash, load((self.path / hash).read_bytes(), name=hash))
        return self._definitions[hash]

    def use(self, name: str, model: Model) -> None:
        """Take a model that has been loaded already for the one of this file name."""
        process = next(iter(model.processes), "")
        self._definitions[name] = Definition(name, process, model, self.decisions, {}, {}, self.policies)

    def resolve(self, process: str) -> str | None:
        """The file that holds a process; ``None`` when none does."""
        for name, definition in self._definitions.items():
            if process in definition.model.processes:
                return name
        for path in sorted(self.path.glob("*.bpmn")):
            if path.name in self._definitions:
                continue
            try:
                found = process in self.get(path.name).model.processes
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
    def decisions(self) -> Mapping[str, Decision]:
        """Decisions by name.

        Raises:
            DmnError: a file holds no decision model.
        """
        found: dict[str, Decision] = {}
        for path in sorted((self.path / "decisions").glob("*.dmn")):
            model = dmn.load(path.read_bytes())
            found |= {name: _evaluated(model, name) for name in model.decisions}
        return found | {name: _answered(answer) for name, answer in self._answers.items()}

    def context(self) -> LintContext:
        """What lint may check names against."""
        if not any((self.path / part).is_dir() for part in _PARTS):
            return LintContext()
        return LintContext(
            forms=frozenset(path.stem for path in (self.path / "forms").glob("*.json")),
            decisions=frozenset(self.decisions),
            policies=frozenset(self.policies),
        )


def _evaluated(model: dmn.Model, name: str) -> Decision:
    return lambda inputs, now: model.evaluate(name, inputs, clock=lambda: now)


def _answered(answer: Any) -> Decision:
    return lambda inputs, now: answer
