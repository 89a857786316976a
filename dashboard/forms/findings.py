"""What still keeps a form from being completed, as sentences that name the field in the words of the form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from dashboard.forms.resolve import Schema, resolve


@dataclass(frozen=True)
class Finding:
    """One thing to mend.

    Attributes:
        path: keys and indexes from the form's root; the field's anchor derives from it.
        sentence: what is missing or wrong, and what is expected.
    """

    path: tuple[str | int, ...]
    sentence: str


def findings(schema: Schema, value: Mapping[str, Any]) -> list[Finding]:
    """Validate a value against the form's schema; the order is that of the fields on the page."""
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    found = [
        finding for error in validator.iter_errors(dict(value)) for finding in _explain(schema, value, error)
    ]
    order = {field.name: place for place, field in enumerate(resolve(schema, value))}
    unique = {(finding.path, finding.sentence): finding for finding in found}
    return sorted(
        unique.values(), key=lambda f: (order.get(str(f.path[0]) if f.path else "", 999), str(f.path))
    )


def _explain(schema: Schema, value: Mapping[str, Any], error: ValidationError) -> list[Finding]:
    path = tuple(error.absolute_path)
    limit: Any = error.validator_value
    if error.validator == "required":
        given: Any = error.instance
        return [
            Finding((*path, name), f"{_label(schema, value, (*path, name))} is needed.")
            for name in limit
            if name not in given
        ]
    label = _label(schema, value, path)
    sentences = {
        "minLength": f"{label} needs at least {limit} characters.",
        "maxLength": f"{label} may have at most {limit} characters.",
        "minItems": f"{label} needs at least {limit}.",
        "maxItems": f"{label} may have at most {limit}.",
        "minimum": f"{label} must be {limit} or more.",
        "maximum": f"{label} must be {limit} or less.",
        "enum": f"{label}: choose one of the answers offered.",
        "oneOf": f"{label}: choose one of the answers offered.",
        "const": f"{label} must be confirmed.",
        "format": f"{label} must be a {limit}.",
        "type": f"{label} is not of the expected kind ({limit}).",
        "pattern": f"{label} does not have the expected form.",
    }
    return [Finding(path, sentences.get(str(error.validator), f"{label} is not as expected."))]


def _label(schema: Schema, value: Any, path: tuple[str | int, ...]) -> str:
    """The title of the field at a path; an item of a list is named by its place."""
    words: list[str] = []
    here: Schema = schema
    for key in path:
        if isinstance(key, int):
            here = here.get("items", {})
            value = value[key] if isinstance(value, list) and key < len(value) else {}
            title = value.get("x-title") if isinstance(value, Mapping) else None
            words.append(str(title or f"no. {key + 1}"))
            continue
        fields = {field.name: field for field in resolve(here, value if isinstance(value, Mapping) else {})}
        if key not in fields:
            words.append(str(key))
            break
        here = fields[key].schema
        value = value.get(key) if isinstance(value, Mapping) else None
        words.append(fields[key].label)
    return ", ".join(words) or "The form"
