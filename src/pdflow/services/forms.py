"""Forms: JSON Schema 2020-12 with ``x-items``, ``x-command`` and ``x-store``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from referencing import Registry

from pdflow.services.errors import InvalidForm

#: What the form of a task may hold, as JSON; more is a document.
MAX_CHARACTERS = 400_000
#: Places named in one refusal at most.
MAX_PLACES = 50

#: Names a registered command of a task whose form names none.
DEFAULT_COMMAND = "complete"


def check(schema: Mapping[str, Any], payload: Any) -> None:
    """Refuse input that does not fit the form.

    Raises:
        InvalidForm: with a sentence for each place (JSON pointer).
    """
    if size(payload) > MAX_CHARACTERS:
        raise too_long()
    # The empty registry: a form never fetches a schema from somewhere else.
    validator = Draft202012Validator(schema, registry=Registry(), format_checker=FormatChecker())
    places: dict[str, str] = {}
    for error in validator.iter_errors(payload):
        places.setdefault(*_place(error))
        if len(places) == MAX_PLACES:
            break
    if places:
        raise InvalidForm(f"{len(places)} of the answers need another look.", places=places)


def size(value: Any) -> int:
    """Characters of a JSON value, roughly; bounds what is checked and stored."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(len(str(key)) + size(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return sum(size(item) + 1 for item in value)
    return 1


def too_long() -> InvalidForm:
    """The refusal of input above :data:`MAX_CHARACTERS`."""
    return InvalidForm(f"Expected at most {MAX_CHARACTERS:,} characters; add longer texts as documents.")


def command_of(schema: Mapping[str, Any]) -> str | None:
    """The registered command that completes a task with this form; ``None``: it only completes."""
    name = schema.get("x-command", DEFAULT_COMMAND)
    return None if name == DEFAULT_COMMAND else str(name)


def variables(schema: Mapping[str, Any], payload: Any) -> dict[str, Any]:
    """The fields that become process variables (``x-store: variable``): codes, numbers, dates, booleans."""
    if not isinstance(payload, Mapping):
        return {}
    found: dict[str, Any] = {}
    for name, field in fields(schema):
        if field.get("x-store") == "variable" and name in payload:
            found[name] = _typed(payload[name], field.get("format"))
    return found


def fields(schema: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Properties at the top of a schema and of its alternatives."""
    if not isinstance(schema, Mapping):
        return
    for name, field in (schema.get("properties") or {}).items():
        if isinstance(field, Mapping):
            yield name, field
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in schema.get(keyword) or ():
            yield from fields(part)
    for keyword in ("then", "else"):
        yield from fields(schema.get(keyword))


def _typed(value: Any, format: str | None) -> Any:
    if format == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    if format == "date-time" and isinstance(value, str):
        return datetime.fromisoformat(value)
    return value


def _place(error: ValidationError) -> tuple[str, str]:
    """Where, and a sentence that repeats nothing of what was typed."""
    path = "".join(f"/{part}" for part in error.absolute_path)
    if error.validator == "required" and isinstance(error.instance, Mapping):
        missing = error.message.split("'")[1] if "'" in error.message else ""
        return f"{path}/{missing}", "This needs an answer."
    sentence = _SENTENCES.get(str(error.validator), "This does not fit what the form expects here ({}).")
    limit = error.validator_value if isinstance(error.validator_value, int | str) else error.validator
    return path or "/", sentence.format(limit)


_SENTENCES = {
    "minLength": "Expected at least {} characters.",
    "maxLength": "Expected at most {} characters.",
    "minItems": "Expected at least {} entries.",
    "maxItems": "Expected at most {} entries.",
    "minimum": "Expected at least {}.",
    "maximum": "Expected at most {}.",
    "enum": "Expected one of the answers offered.",
    "const": "Expected the answer offered.",
    "oneOf": "Expected one of the answers offered.",
    "format": "Expected a {}.",
    "type": "Expected another kind of answer ({}).",
    "additionalProperties": "There is a field here that the form does not have.",
    "uniqueItems": "Every entry may be there only once.",
}
