"""Which fields a form shows for the values it has now: conditional parts (`if`/`then`/`else`, `allOf`) resolved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """One field as it is shown.

    Attributes:
        path: keys from the form's root, `("factors", "weight")`.
        schema: the JSON Schema of the value.
        required: whether the form cannot be completed without it.
    """

    path: tuple[str, ...]
    schema: Schema
    required: bool

    @property
    def name(self) -> str:
        """The last key of the path."""
        return self.path[-1]

    @property
    def label(self) -> str:
        """The schema's title, or the key said as words."""
        return str(self.schema.get("title") or self.name.replace("_", " ").capitalize())


def resolve(schema: Schema, value: Mapping[str, Any], path: tuple[str, ...] = ()) -> list[Field]:
    """Return the fields of an object schema in the order of the schema, conditional ones after those they hang on."""
    properties, required = _merge(schema, value)
    return [Field((*path, name), sub, name in required) for name, sub in properties.items()]


def _merge(schema: Schema, value: Mapping[str, Any]) -> tuple[dict[str, Schema], set[str]]:
    """Join the properties and required names of a schema with those of each branch that holds for the value."""
    properties: dict[str, Schema] = dict(schema.get("properties", {}))
    required = set(schema.get("required", ()))
    branches: list[Schema] = list(schema.get("allOf", ()))
    if "if" in schema:
        holds = Draft202012Validator(schema["if"]).is_valid(dict(value))
        branches.append(schema.get("then" if holds else "else", {}))
    for branch in branches:
        more, needed = _merge(branch, value)
        for name, sub in more.items():
            properties[name] = {**properties.get(name, {}), **sub}
        required |= needed
    return properties, required
