"""The models that ship: their own tests as data, straight and with save and restore after every event; lint; forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pdflow.casework import deployment, effects, packs
from pdflow.cli import test_model
from pdflow.engine import Execution, load
from pdflow.engine.lint import LintContext, lint
from pdflow.runtime.model_tests import read_model_tests
from pdflow.services import registry
from pdflow.services.permissions import BY_COMMAND, ROLES
from pdflow.sla import read_pack

assert effects

MODELS = deployment.models()
FORMS = sorted((packs.BPMN / "forms").glob("*.json"))
CASES = [
    pytest.param(model, case, id=f"{model.stem}: {case.name}")
    for model in MODELS
    for case in read_model_tests(json.loads((packs.BPMN / "tests" / f"{model.stem}.json").read_bytes()))
]


def by_name(paths: list[Path]) -> dict[str, Any]:
    return {"argvalues": paths, "ids": [path.stem for path in paths]}


@pytest.mark.parametrize(("model", "case"), CASES)
def test_a_case_of_a_model_goes_as_its_data_say(model, case):
    assert test_model.run_case(model, case) == []


@pytest.mark.parametrize(("model", "case"), CASES)
def test_it_goes_the_same_when_saved_and_restored_after_every_event(model, case, monkeypatch):
    plain = Execution.handle

    def handle(execution, event, now):
        step = plain(execution, event, now)
        state = execution._s
        snapshot = json.loads(json.dumps(execution.snapshot()))
        restored = Execution.restore(state.library, snapshot, functions=state.functions, watch=state.watch)
        execution._s = restored._s
        return step

    monkeypatch.setattr(Execution, "handle", handle)
    assert test_model.run_case(model, case) == []


@pytest.mark.parametrize("model", **by_name(MODELS))
def test_a_model_has_no_error_and_names_only_what_is_there(model):
    context = LintContext(
        forms=frozenset(path.stem for path in FORMS),
        decisions=frozenset(path.stem for path in (packs.BPMN / "decisions").glob("*.dmn")),
        processes=frozenset(path.stem for path in MODELS),
        policies=frozenset(read_pack((packs.BPMN / "policy" / "clocks.json").read_bytes()).policies),
        task_types=registry.job_types(),
        roles=ROLES,
    )
    found = lint(model.read_bytes(), name=model.name, context=context)
    assert [one for one in found if one.severity == "error"] == []
    assert {one.rule for one in found} <= {"wait-without-deadline"}


@pytest.mark.parametrize("model", **by_name(MODELS))
def test_every_element_and_flow_of_a_model_is_drawn(model):
    text = model.read_text()
    loaded = load(model.read_bytes(), name=model.name)
    missing = [
        name for name in loaded.nodes if f'bpmnElement="{name}"' not in text and name not in loaded.processes
    ]
    assert missing == []


@pytest.mark.parametrize("model", **by_name(MODELS))
def test_every_element_of_a_model_is_entered_by_its_tests(model, monkeypatch):
    entered: set[str] = set()

    def note(expect, driver):
        entered.update(driver.books.entered())
        return []

    monkeypatch.setattr(test_model, "differences", note)
    for case in read_model_tests(json.loads((packs.BPMN / "tests" / f"{model.stem}.json").read_bytes())):
        test_model.run_case(model, case)
    loaded = load(model.read_bytes(), name=model.name)
    assert sorted(set(loaded.nodes) - set(loaded.processes) - entered) == []


@pytest.mark.parametrize("path", **by_name(FORMS))
def test_a_form_is_a_schema_whose_command_is_registered_and_has_its_roles(path):
    schema = json.loads(path.read_bytes())
    Draft202012Validator.check_schema(schema)
    assert schema["x-command"] in BY_COMMAND
    assert schema["x-command"] in registry.command_names() | {"evidence.submit"}


@pytest.mark.parametrize("path", **by_name(FORMS))
def test_a_form_keeps_free_text_out_of_the_process(path):
    assert _text_variables(json.loads(path.read_bytes())) == []


def _text_variables(schema: Any, name: str = "") -> list[str]:
    """Fields stored as variables that could hold anything but a code, number, date or boolean."""
    if isinstance(schema, list):
        return [found for part in schema for found in _text_variables(part, name)]
    if not isinstance(schema, dict):
        return []
    closed = "oneOf" in schema or "enum" in schema or "format" in schema or schema.get("type") == "boolean"
    own = [name] if schema.get("x-store") == "variable" and not closed else []
    return own + [found for key, part in schema.items() for found in _text_variables(part, key)]
