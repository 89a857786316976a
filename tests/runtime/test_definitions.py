import json

import pytest

from pdflow.engine.findings import ModelRefused
from pdflow.runtime import (
    DefinitionMissing,
    DefinitionSource,
    ManifestRefused,
    manifest_hash,
    read_manifest,
    write_manifest,
)
from pdflow.sla import Policy, PolicyRefused
from tests.runtime.bench import bpmn, flows

XML = bpmn('<startEvent id="s"/><endEvent id="e"/>' + flows("s", "e"))
DMN = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="http://example.org">
<inputData id="i" name="age"/>
<decision id="young" name="Young person"><variable name="Young person"/>
<informationRequirement><requiredInput href="#i"/></informationRequirement>
<literalExpression><text>age &lt; 21</text></literalExpression></decision></definitions>"""


def test_the_same_parts_give_the_same_bytes(policies: dict[str, Policy]) -> None:
    one = write_manifest("p", XML, forms={"a": {"x": 1, "y": "é"}, "b": {}}, policies=policies)
    two = write_manifest(
        "p", XML, forms={"b": {}, "a": {"x": 1, "y": "é"}}, policies=dict(reversed(policies.items()))
    )
    assert one == two
    assert json.loads(one)["format"] == 1


def test_a_manifest_is_read_back_whole(policies: dict[str, Policy]) -> None:
    manifest = write_manifest(
        "p", XML, decisions={"young": DMN}, forms={"f": {"type": "object"}}, policies=policies
    )
    definition = read_manifest(manifest)
    assert (definition.hash, definition.process) == (manifest_hash(manifest), "p")
    assert definition.policies == policies
    assert definition.forms == {"f": {"type": "object"}}
    assert list(definition.model.processes) == ["p"]


def test_a_decision_is_found_by_its_id(policies: dict[str, Policy]) -> None:
    from tests.runtime.bench import BEGIN

    source = DefinitionSource()
    definition = source.add(write_manifest("p", XML, decisions={"young": DMN}))
    young = source.decision(definition.hash, "young")
    assert young is not None
    assert (young({"age": 20}, BEGIN), young({"age": 21}, BEGIN)) == (True, False)
    assert source.decision(definition.hash, "old") is None


@pytest.mark.parametrize(
    ("change", "error"),
    [
        pytest.param({"format": 2}, ManifestRefused, id="format"),
        pytest.param({"extra": 1}, ManifestRefused, id="unknown-key"),
        pytest.param({"process": "q"}, ManifestRefused, id="process-not-in-model"),
        pytest.param({"bpmn": "<a/>"}, ModelRefused, id="not-bpmn"),
        pytest.param({"policies": {"a": {"id": "a"}}}, PolicyRefused, id="policy"),
    ],
)
def test_a_manifest_that_is_not_one_is_refused(change: dict[str, object], error: type[Exception]) -> None:
    data = {**json.loads(write_manifest("p", XML)), **change}
    with pytest.raises(error):
        read_manifest(json.dumps(data).encode())


def test_a_source_reads_what_it_misses_once_and_trusts_only_the_hash() -> None:
    manifest = write_manifest("p", XML)
    asked: list[str] = []

    def read(hash: str) -> bytes | None:
        asked.append(hash)
        return manifest

    source = DefinitionSource(read)
    right = manifest_hash(manifest)
    assert source.get(right) is source.get(right)
    with pytest.raises(DefinitionMissing):
        source.get("0" * 64)
    assert asked == [right, "0" * 64]


def test_fields_of_a_form_stay_in_the_order_in_which_they_are_asked() -> None:
    form = {"properties": {"removal_date": {}, "dates_source": {}, "held": {}}, "required": ["held"]}

    definition = read_manifest(write_manifest("p", XML, forms={"form": form}))

    assert list(definition.forms["form"]["properties"]) == ["removal_date", "dates_source", "held"]
