"""Draws a form's fields as native widgets and returns what stands in them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import Any

import streamlit as st

from dashboard.forms.resolve import Field, Schema, resolve
from dashboard.forms.values import ITEM_KEY, Item

#: Text fields that may hold more than this many characters get an area of several lines.
ONE_LINE = 120
#: Up to this many answers are all shown at once.
FEW = 4


def draw(
    schema: Schema,
    value: Mapping[str, Any],
    *,
    key: str,
    items: Mapping[str, Sequence[Item]],
    marked: set[str],
) -> dict[str, Any]:
    """Draw the fields and return their values; empty fields are absent.

    Args:
        schema: the form's JSON Schema.
        value: what the widgets open with; later the widgets' own state counts.
        key: prefix of every widget key, one per task.
        items: the case's items by kind, for lists with `x-items`.
        marked: anchors (see :func:`anchor`) of fields with a finding, shown as such.
    """
    return _object(schema, value, key, (), items, marked)


def anchor(path: Sequence[str | int]) -> str:
    """The id of a field on the page, the target of the links that say what is left."""
    return "field-" + "-".join(str(part) for part in path)


def _object(
    schema: Schema,
    value: Mapping[str, Any],
    key: str,
    path: tuple[str | int, ...],
    items: Mapping[str, Sequence[Item]],
    marked: set[str],
) -> dict[str, Any]:
    result: dict[str, Any] = {k: v for k, v in value.items() if k == ITEM_KEY}
    drawn: set[str] = set()
    while True:
        # A field that shows only for an answer just given appears below it at once.
        open_fields = [
            f for f in resolve(schema, {**value, **result}) if f.name not in drawn and f.name != ITEM_KEY
        ]
        if not open_fields:
            return {name: v for name, v in result.items() if name in drawn or name == ITEM_KEY}
        field = open_fields[0]
        drawn.add(field.name)
        answer = _field(
            field, value.get(field.name), f"{key}.{field.name}", (*path, field.name), items, marked
        )
        if answer is not None and answer != "" and answer != []:
            result[field.name] = answer


def _field(
    field: Field,
    value: Any,
    key: str,
    path: tuple[str | int, ...],
    items: Mapping[str, Sequence[Item]],
    marked: set[str],
) -> Any:
    schema, kind = field.schema, field.schema.get("type")
    here = anchor(path)
    st.html(f'<span id="{escape(here)}" class="pd-anchor"></span>')
    label = field.label if field.required else f"{field.label} (optional)"
    if here in marked:
        label = f"■ {label}"
    hint = schema.get("description")
    if "const" in schema and kind != "boolean":
        return schema["const"]
    if "x-items" in schema:
        return _rows(schema, value or [], key, path, items, marked, field.label)
    options = _options(schema)
    if options is not None:
        return _choice(label, options, value, key, hint)
    if kind == "array":
        return _several(schema, label, value or [], key, hint)
    if kind == "object":
        with st.container(border=True):
            st.markdown(f"**{field.label}**")
            return _object(schema, value or {}, key, path, items, marked) or None
    return _scalar(schema, kind, label, value, key, hint)


def _rows(
    schema: Schema,
    value: Sequence[Mapping[str, Any]],
    key: str,
    path: tuple[str | int, ...],
    items: Mapping[str, Sequence[Item]],
    marked: set[str],
    label: str,
) -> list[dict[str, Any]]:
    """One bordered row per item of the case, its heading the item's own title."""
    of_case = items.get(schema["x-items"], ())
    st.markdown(f"**{label}** ({len(of_case)})")
    if not of_case:
        st.caption("None on this case.")
    given = {row.get(ITEM_KEY): row for row in value}
    rows = []
    for index, item in enumerate(of_case):
        with st.container(border=True):
            st.markdown(f"{index + 1}. {item.title}")
            if item.detail:
                st.caption(item.detail)
            row = {**given.get(item.id, {}), ITEM_KEY: item.id}
            rows.append(_object(schema["items"], row, f"{key}.{item.id}", (*path, index), items, marked))
    return rows


def _options(schema: Schema) -> dict[Any, str] | None:
    """The closed list of answers as value -> words; `None` when the field is open."""
    if "oneOf" in schema and all("const" in option for option in schema["oneOf"]):
        return {option["const"]: str(option.get("title", option["const"])) for option in schema["oneOf"]}
    if "enum" in schema:
        return {option: str(option).replace("_", " ") for option in schema["enum"]}
    return None


def _choice(label: str, options: dict[Any, str], value: Any, key: str, hint: str | None) -> Any:
    keys = list(options)
    index = keys.index(value) if value in options else None
    if len(keys) <= FEW:
        return st.radio(
            label,
            keys,
            index=index,
            format_func=options.__getitem__,
            key=key,
            help=hint,
            horizontal=len(keys) <= 3,
        )
    return st.selectbox(
        label,
        keys,
        index=index,
        format_func=options.__getitem__,
        key=key,
        help=hint,
        placeholder="Choose an answer",
    )


def _several(schema: Schema, label: str, value: Sequence[Any], key: str, hint: str | None) -> list[Any]:
    options = _options(schema["items"])
    if options is None:
        text = st.text_area(
            label, "\n".join(str(line) for line in value), key=key, help=hint or "One a line."
        )
        return [line.strip() for line in text.splitlines() if line.strip()]
    return st.multiselect(
        label,
        list(options),
        default=[v for v in value if v in options],
        format_func=options.__getitem__,
        key=key,
        help=hint,
        placeholder="Choose all that apply",
    )


def _scalar(schema: Schema, kind: Any, label: str, value: Any, key: str, hint: str | None) -> Any:
    if kind == "boolean":
        return st.checkbox(label, bool(value), key=key, help=hint)
    if kind in ("integer", "number"):
        step = 1 if kind == "integer" else 0.1
        return st.number_input(
            label,
            value=value,
            min_value=schema.get("minimum"),
            max_value=schema.get("maximum"),
            step=step,
            key=key,
            help=hint,
            placeholder="",
        )
    if schema.get("format") == "date":
        picked = st.date_input(
            label,
            date.fromisoformat(value) if value else None,
            min_value=date(1900, 1, 1),
            max_value=date(2100, 12, 31),
            format="YYYY-MM-DD",
            key=key,
            help=hint,
        )
        return picked.isoformat() if isinstance(picked, date) else None
    if schema.get("format") == "date-time":
        moment = st.datetime_input(
            label, datetime.fromisoformat(value) if value else None, key=key, help=hint
        )
        return moment.isoformat() if moment else None
    longest = schema.get("maxLength", ONE_LINE + 1)
    if longest > ONE_LINE:
        return st.text_area(label, value or "", max_chars=schema.get("maxLength"), key=key, help=hint).strip()
    return st.text_input(label, value or "", max_chars=longest, key=key, help=hint).strip()
