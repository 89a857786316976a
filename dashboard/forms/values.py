"""Values of a form: what it opens with, and the rows of a list over the case's items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.forms.resolve import Schema

#: Key that ties a row of an `x-items` list to the case's item.
ITEM_KEY = "item"


@dataclass(frozen=True)
class Item:
    """One item of the case that a form has a row for: a piece of evidence, a factor, a group claim, a domain.

    Attributes:
        id: stored in the row as `item`.
        title: heading of the row.
        detail: a line below it; may be empty.
        document: id of a stored document shown beside the row; `None`: none.
    """

    id: str
    title: str
    detail: str = ""
    document: str | None = None


def opening_value(
    schema: Schema, draft: Mapping[str, Any] | None, items: Mapping[str, Sequence[Item]]
) -> dict[str, Any]:
    """Return the draft, or the schema's defaults; each `x-items` list gets one row per item, in the items' order.

    A row of a draft whose item is no longer there is dropped; a new item gets an empty row.
    """
    value: dict[str, Any] = {
        name: sub["default"] for name, sub in schema.get("properties", {}).items() if "default" in sub
    }
    value.update(draft or {})
    for name, sub in schema.get("properties", {}).items():
        kind = sub.get("x-items")
        if kind is None:
            continue
        rows = {row.get(ITEM_KEY): row for row in value.get(name, []) if isinstance(row, Mapping)}
        value[name] = [{**rows.get(item.id, {}), ITEM_KEY: item.id} for item in items.get(kind, ())]
    return value
