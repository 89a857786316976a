"""BPMN XML to the executor's model."""

from __future__ import annotations

from pdflow.engine.findings import Finding, ModelRefused
from pdflow.engine.model import Model
from pdflow.engine.reader import checks, guard, spiff
from pdflow.engine.reader.nodes import ModelReader
from pdflow.engine.reader.source import BPMN, Element, Source, line_of

_REFERENCES = (
    "messageRef",
    "signalRef",
    "errorRef",
    "escalationRef",
    "activityRef",
    "attachedToRef",
    "calledElement",
    "default",
    "sourceRef",
    "targetRef",
    "noneBehaviorEventRef",
    "oneBehaviorEventRef",
)


def load(xml: bytes, *, name: str = "model.bpmn") -> Model:
    """Read a BPMN 2.0 file.

    Args:
        xml: the file; at most 5 MB, no DOCTYPE.
        name: what findings call it.

    Raises:
        ModelRefused: when it cannot be read, or holds something that would silently not be executed as it says.
    """
    tree = guard.parse(xml, name)
    root = tree.getroot()
    if root.tag != BPMN + "definitions":
        found = Finding(name, line_of(root), "", "bpmn-root", "error", f"The root element is {root.tag}.")
        raise ModelRefused([found])
    _strip_prefixes(root)
    source = Source(name, root)
    reader = ModelReader(source, spiff.parse_file(tree, name), root)
    checks.check_file(source, root)
    model = reader.read()
    checks.check_model(source, model, reader)
    if source.findings:
        raise ModelRefused(sorted(source.findings, key=lambda finding: (finding.line, finding.rule)))
    return model


def _strip_prefixes(root: Element) -> None:
    """References are qualified names; inside one file only the local part tells."""
    for element in root.iter():
        for attribute in _REFERENCES:
            value = element.get(attribute) if isinstance(element.tag, str) else None
            if value and ":" in value:
                element.set(attribute, value.rpartition(":")[2])
