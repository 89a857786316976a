"""Deployment rules for forms: what a form may ask, and where its answers may go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from pdflow.engine.findings import Finding, Severity
from pdflow.services import registry
from pdflow.services.forms import command_of, fields

#: Case items over which an array of a form may go (``x-items``).
ITEMS = ("evidence", "factors", "groups", "domains")
#: Keywords that make a text a code: a closed list, or a format that is no prose.
_CLOSED = ("enum", "const", "oneOf", "anyOf")
_FORMATS = ("date", "date-time", "time", "duration", "uuid")


def check(name: str, schema: Any) -> list[Finding]:
    """Findings of one form.

    Args:
        name: form id.
        schema: JSON Schema 2020-12 with ``x-items``, ``x-command``, ``x-store``.
    """
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return [_finding(name, "form-schema", "error", f"This is no JSON Schema: {error.message[:200]}.")]
    if not isinstance(schema, Mapping):
        return [_finding(name, "form-schema", "error", "Expected an object that describes the form.")]
    return list(_check(name, schema))


def _check(name: str, schema: Mapping[str, Any]) -> Iterator[Finding]:
    for place in _references(schema):
        message = f"It refers to '{place[:80]}' outside of itself; a form is complete."
        yield _finding(name, "form-reference", "error", message)
    command = command_of(schema)
    if command is not None and registry.find_command(command) is None:
        yield _finding(name, "form-command", "advice", f"No registered command is named '{command}'.")
    for field, described in fields(schema):
        items = described.get("x-items")
        if items is not None and items not in ITEMS:
            expected = f"Expected one of {', '.join(ITEMS)}."
            yield _finding(name, "form-items", "error", f"Field '{field}' goes over '{items}'.", expected)
        store = described.get("x-store", "record")
        if store not in ("record", "variable"):
            yield _finding(name, "form-store", "error", f"Field '{field}' is stored in '{store}'.")
        elif store == "variable" and not _is_code(described):
            message = f"Field '{field}' would put free text into the process, where everybody can read it."
            expected = "Store it with the record, or make it a closed list, a number, a date or a yes-no."
            yield _finding(name, "form-free-text", "error", message, expected)


def _is_code(field: Mapping[str, Any]) -> bool:
    if any(keyword in field for keyword in _CLOSED) or field.get("format") in _FORMATS:
        return True
    kinds = field.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds or []
    return bool(kinds) and set(kinds) <= {"boolean", "integer", "number", "null"}


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        target = schema.get("$ref")
        if isinstance(target, str) and not target.startswith("#"):
            yield target
        for part in schema.values():
            yield from _references(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _references(part)


def _finding(name: str, rule: str, severity: Severity, message: str, expected: str = "") -> Finding:
    return Finding(f"{name}.json", 0, "", rule, severity, message, expected)
