"""The models that ship with a release, as manifests: each with its forms, decisions, letters and clock policies."""

from __future__ import annotations

from pathlib import Path

from pdflow.casework import letters, packs
from pdflow.engine import load
from pdflow.runtime.definitions import write_manifest
from pdflow.services import definitions
from pdflow.services.definitions import Version
from pdflow.services.platform import Platform
from pdflow.sla import read_pack

#: Processes whose instances send letters; what they call uses the letters that the instance pins.
_LETTERS = ("pd-request", "letter", "notice")


def models() -> list[Path]:
    """The models of the checkout, by name."""
    return sorted(packs.BPMN.glob("*.bpmn"))


def manifest(path: Path) -> bytes:
    """The manifest of one model of the checkout.

    Args:
        path: a BPMN file with one process, whose forms and decisions are in the folders beside it.

    Raises:
        ModelRefused: it cannot be read.
    """
    xml = path.read_bytes()
    model = load(xml, name=path.name)
    (process,) = model.processes
    return write_manifest(
        process,
        xml.decode(),
        decisions={name: _decision(name) for name in sorted(model.decisions())},
        forms={name: packs.form(name) for name in sorted(model.forms())},
        letters=letters.manifest_part() if process in _LETTERS else {},
        policies=read_pack((packs.BPMN / "policy" / "clocks.json").read_bytes()).policies,
    )


def manifests() -> list[bytes]:
    """Manifests of every model of the checkout."""
    return [manifest(path) for path in models()]


def deploy(platform: Platform) -> list[Version]:
    """Publish the models of this release; versions that are there already stay as they are."""
    return definitions.install(platform, manifests())


def _decision(name: str) -> str:
    return (packs.BPMN / "decisions" / f"{name}.dmn").read_text(encoding="utf-8")
