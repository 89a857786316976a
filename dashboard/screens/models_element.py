"""One element in our words (who, form, clock, then escalate to), and all elements as a list for the keyboard."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from dashboard.components.row_table import Cell, Column, TableRow, row_table
from dashboard.place import put
from pdflow.engine import Model
from pdflow.services.model_board import Standing
from pdflow.services.model_words import Words, describe

COLUMNS = (
    Column("Element"),
    Column("What it is"),
    Column("Here now", number=True),
    Column("Who, form, clock"),
)
#: Properties that the list says; the panel says all.
_SHORT = ("Who", "Form", "Clock", "Runs", "Happens")


def draw_element(
    model: Model, manifest: Mapping[str, Any], counts: Mapping[str, Standing], element: str | None
) -> None:
    """Draw the properties of the chosen element."""
    words = describe(model, element, manifest) if element else None
    if words is None:
        st.html(
            '<div class="pd-empty">Choose an element in the diagram or in the list below it: who does it, with which '
            "form, by which clock, and to whom it goes if nobody acts.</div>"
        )
        return
    st.subheader(words.name)
    rows = [("What", words.type), ("Here now", standing_words(counts.get(words.element))), *words.properties]
    st.html(
        '<table class="pd-table"><tbody>'
        + "".join(f'<tr><th scope="row">{escape(k)}</th><td>{escape(v)}</td></tr>' for k, v in rows)
        + "</tbody></table>"
    )
    if words.calls and st.button("Open the process that it runs", key=f"call-{words.element}"):
        put(process=words.calls, element=None, draft=None, version=None)
        st.rerun()


def standing_words(standing: Standing | None) -> str:
    """How many cases stand at an element, and how many of them are late."""
    if standing is None or not standing.waiting:
        return "no case"
    late = f", ■ {standing.late} late" if standing.late else ""
    cases = "1 case" if standing.waiting == 1 else f"{standing.waiting} cases"
    return f"{cases}{late}"


def draw_elements(
    model: Model,
    manifest: Mapping[str, Any],
    counts: Mapping[str, Standing],
    selected: str | None,
    *,
    key: str,
) -> str | None:
    """Draw the list; return the element chosen since the last run."""
    found = [describe(model, id, manifest) for id in model.nodes]
    return row_table(
        COLUMNS,
        [_row(words, counts.get(words.element)) for words in found if words is not None],
        key=key,
        caption="Elements of the model, in its order",
        selected=selected,
        height=420,
    )


def _row(words: Words, standing: Standing | None) -> TableRow:
    short = "; ".join(text for label, text in words.properties if label in _SHORT)
    return TableRow(
        id=words.element,
        cells=(
            Cell(words.name, tooltip=words.element),
            Cell(words.type),
            Cell(
                standing_words(standing) if standing else "",
                tone="late" if standing and standing.late else None,
            ),
            Cell(short),
        ),
    )
