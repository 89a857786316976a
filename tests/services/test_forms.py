"""Forms: what is refused at deployment, and what becomes a variable."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pdflow.services import form_rules, forms
from pdflow.services.errors import InvalidForm


def form(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


VARIABLE = {"x-store": "variable"}


@pytest.mark.parametrize(
    ("schema", "rules"),
    [
        (form(outcome={"enum": ["a"], **VARIABLE}), []),
        (form(days={"type": "integer", **VARIABLE}, on={"type": ["boolean", "null"], **VARIABLE}), []),
        (form(at={"type": "string", "format": "date", **VARIABLE}), []),
        (form(why={"type": "string"}, items={"type": "array", "x-items": "evidence"}), []),
        (form(why={"type": "string", **VARIABLE}), ["form-free-text"]),
        (form(why=VARIABLE), ["form-free-text"]),
        ({"allOf": [{"then": form(why={"type": "string", **VARIABLE})}]}, ["form-free-text"]),
        (form(why={"type": "string", "x-store": "cloud"}), ["form-store"]),
        (form(rows={"type": "array", "x-items": "people"}), ["form-items"]),
        (form(a={"$ref": "http://example.org/schema.json"}), ["form-reference"]),
        (form(a={"$ref": "#/$defs/a"}) | {"$defs": {"a": {"type": "string"}}}, []),
        ({"x-command": "no.such-command"}, ["form-command"]),
        ({"type": "nothing"}, ["form-schema"]),
        ([], ["form-schema"]),
        (True, ["form-schema"]),
    ],
)
def test_a_form_that_would_leak_or_cannot_work_is_found_at_deployment(schema: Any, rules: list[str]) -> None:
    assert [finding.rule for finding in form_rules.check("f", schema)] == rules


@pytest.mark.parametrize("path", sorted(Path("bpmn/forms").glob("*.json")), ids=lambda path: path.stem)
def test_every_form_of_the_product_keeps_the_rules(path: Path) -> None:
    errors = [
        one for one in form_rules.check(path.stem, json.loads(path.read_text())) if one.severity == "error"
    ]
    assert errors == []


def test_only_fields_stored_as_variables_leave_the_record_and_dates_become_dates() -> None:
    schema = form(
        outcome={"enum": ["a"], **VARIABLE},
        by={"type": "string", "format": "date", **VARIABLE},
        analysis={"type": "string"},
    )
    schema["allOf"] = [{"then": form(given={"enum": ["x"], **VARIABLE})}]
    payload = {"outcome": "a", "by": "2026-12-01", "analysis": "private", "given": "x"}
    assert forms.variables(schema, payload) == {"outcome": "a", "by": date(2026, 12, 1), "given": "x"}
    assert forms.variables(schema, {}) == forms.variables(schema, None) == {}


def test_a_form_never_fetches_a_schema_from_somewhere_else() -> None:
    with pytest.raises(Exception, match=r"example\.org"):
        forms.check(form(a={"$ref": "http://example.org/schema.json"}), {"a": 1})


def test_a_refusal_names_places_and_repeats_nothing_that_was_typed() -> None:
    schema = form(rows={"type": "array", "items": form(why={"type": "string", "maxLength": 3})})
    with pytest.raises(InvalidForm) as refused:
        forms.check(schema, {"rows": [{"why": "ok"}, {"why": "Ximena"}]})
    assert refused.value.places == {"/rows/1/why": "Expected at most 3 characters."}
    assert "Ximena" not in str(refused.value)
