"""Definitions: manifests read once, found by the hash of their bytes.

A manifest is everything that one process needs to run, as canonical JSON. Content addressing makes a look-up by hash
deterministic, so workflow code may ask a source that a whole process shares.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pdflow import dmn
from pdflow.engine import Model, load
from pdflow.engine.protocol import Decision
from pdflow.runtime.errors import DefinitionMissing, ManifestRefused
from pdflow.sla import Policy, read_policy

FORMAT = 1
_KEYS = {"format", "process", "bpmn", "decisions", "forms", "letters", "policies"}


@dataclass(frozen=True)
class Definition:
    """One deployed process, parsed.

    Attributes:
        hash: SHA-256 of the manifest's bytes, in hexadecimal.
        process: id of the process that the manifest deploys.
        decisions: by decision id.
        forms: JSON Schemas by form id.
        letters: as the manifest gives them.
        policies: by policy id.
    """

    hash: str
    process: str
    model: Model
    decisions: Mapping[str, Decision]
    forms: Mapping[str, Any]
    letters: Mapping[str, Any]
    policies: Mapping[str, Policy]


def write_manifest(
    process: str,
    bpmn: str,
    *,
    decisions: Mapping[str, str] | None = None,
    forms: Mapping[str, Any] | None = None,
    letters: Mapping[str, Any] | None = None,
    policies: Mapping[str, Policy] | None = None,
) -> bytes:
    """The canonical bytes of a manifest: the same parts always give the same bytes.

    Args:
        process: id of the process that is deployed.
        bpmn: XML of the model.
        decisions: decision id to the DMN XML that holds it.
        forms: form id to JSON Schema.
        letters: letter templates, any JSON.
        policies: policy id to policy.
    """
    data = {
        "format": FORMAT,
        "process": process,
        "bpmn": bpmn,
        "decisions": dict(decisions or {}),
        "forms": dict(forms or {}),
        "letters": dict(letters or {}),
        "policies": {name: policy.data() for name, policy in (policies or {}).items()},
    }
    return canonical(data)


def canonical(data: Mapping[str, Any]) -> bytes:
    """The bytes of a manifest's data: names are sorted, but the fields of a form stay in the order in which they are asked."""
    forms = dict(sorted(data["forms"].items()))
    rest = json.loads(json.dumps({**data, "forms": {}}, sort_keys=True))
    return json.dumps({**rest, "forms": forms}, separators=(",", ":"), ensure_ascii=False).encode()


def manifest_hash(manifest: bytes) -> str:
    """SHA-256 of a manifest's bytes, in hexadecimal."""
    return hashlib.sha256(manifest).hexdigest()


def read_manifest(manifest: bytes) -> Definition:
    """Parse a manifest.

    Raises:
        ManifestRefused: not a manifest of this format.
        ModelRefused: its model cannot be read.
        PolicyRefused: one of its policies is outside the schema.
    """
    try:
        data: Any = json.loads(manifest)
    except ValueError as error:
        raise ManifestRefused(f"expected a manifest in JSON, found {error}") from error
    if not isinstance(data, dict) or set(data) != _KEYS or data["format"] != FORMAT:
        raise ManifestRefused(f"expected an object with format {FORMAT} and {', '.join(sorted(_KEYS))}")
    model = load(data["bpmn"].encode(), name=f"{data['process']}.bpmn")
    if data["process"] not in model.processes:
        raise ManifestRefused(f"expected the model to hold process {data['process']!r}")
    policies = {
        name: read_policy(policy, place=f"policies.{name}") for name, policy in data["policies"].items()
    }
    read: dict[str, Any] = {}
    decisions: dict[str, Decision] = {}
    for name, xml in data["decisions"].items():
        if xml not in read:
            read[xml] = dmn.load(xml.encode())
        decisions[name] = _decision(read[xml], name)
    found = manifest_hash(manifest)
    return Definition(found, data["process"], model, decisions, data["forms"], data["letters"], policies)


def _decision(model: Any, name: str) -> Decision:
    def decide(inputs: Mapping[str, Any], now: datetime) -> Any:
        return model.evaluate(name, inputs, clock=lambda: now)

    return decide


class DefinitionSource:
    """Definitions by hash, for a whole process; also the engine's library.

    Args:
        read: gives the bytes of a manifest that is not loaded yet, or ``None``; called once for each hash.
    """

    def __init__(self, read: Callable[[str], bytes | None] | None = None) -> None:
        self._read = read
        self._known: dict[str, Definition] = {}

    def add(self, manifest: bytes) -> Definition:
        """Load a manifest ahead of its use; parsing takes time that a workflow task does not have."""
        found = manifest_hash(manifest)
        if found not in self._known:
            self._known[found] = read_manifest(manifest)
        return self._known[found]

    def get(self, hash: str) -> Definition:
        """The definition of a hash.

        Raises:
            DefinitionMissing: nobody has deployed it here.
        """
        if hash not in self._known:
            manifest = self._read(hash) if self._read is not None else None
            if manifest is None or manifest_hash(manifest) != hash:
                raise DefinitionMissing(
                    f"expected a deployed definition with hash {hash[:12]}; deploy its manifest"
                )
            self.add(manifest)
        return self._known[hash]

    def model(self, definition: str) -> Model:
        """The model of a definition; see :class:`pdflow.engine.protocol.Library`."""
        return self.get(definition).model

    def decision(self, definition: str, decision: str) -> Decision | None:
        """A decision deployed with a definition."""
        return self.get(definition).decisions.get(decision)

    def find_policy(self, definition: str, policy: str) -> Policy | None:
        """A policy of the pack that a definition pins."""
        return self.get(definition).policies.get(policy)
