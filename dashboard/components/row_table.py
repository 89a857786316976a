"""A table with real rows: each begins with a button, so that keyboard and screen reader can choose it.

`st.dataframe` is drawn on a canvas, where a screen reader sees little and a click selects a cell; a grid of Streamlit
elements would be hundreds of them. This is one element, a plain HTML table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import streamlit as st


@dataclass(frozen=True)
class Column:
    """A column.

    Attributes:
        number: right-aligned, in equal widths.
        one_line: never broken, such as a case number.
    """

    title: str
    number: bool = False
    one_line: bool = False


@dataclass(frozen=True)
class Cell:
    """What stands in one place of the table.

    Attributes:
        text: what is read; a shape and a word carry the state, never the colour alone.
        tone: `late`, `at-risk`, `on-time`, `met`, `open`, `held` or `neutral`: the colour of a state.
        detail: a second, muted line.
        tooltip: the exact instant or the definition.
    """

    text: str
    tone: str | None = None
    detail: str | None = None
    tooltip: str | None = None


@dataclass(frozen=True)
class TableRow:
    """One row.

    Attributes:
        id: what `row_table` returns when the row is chosen.
        cells: one a column; the first is the text of the button.
        heading: of the group of rows that begins here.
        says: what the button does, for a screen reader: "Open case K7Q-4MX"; the visible text must be part of it.
    """

    id: str
    cells: tuple[Cell, ...]
    heading: str | None = None
    says: str | None = None


_component = st.components.v2.component(
    "pdflow_row_table",
    html="""
<div class="pd-rows" tabindex="0"><table class="pd-table pd-table--rows"></table></div>
""",
    js="""
const part = (name, text, className) => {
  const made = document.createElement(name);
  if (text != null) made.textContent = text;
  if (className) made.className = className;
  return made;
};

function head(columns) {
  const row = part("tr");
  for (const column of columns) {
    const cell = part("th", column.title, column.number ? "pd-number" : "");
    cell.scope = "col";
    row.append(cell);
  }
  const made = part("thead");
  made.append(row);
  return made;
}

function group(heading, width) {
  const row = part("tr", null, "pd-group");
  const cell = part("th", heading);
  cell.colSpan = width;
  cell.scope = "colgroup";
  row.append(cell);
  return row;
}

function filled(name, cell, column) {
  const made = part(name, null, column.number ? "pd-number" : column.one_line ? "pd-one-line" : "");
  const text = part("span", cell.text, cell.tone ? `pd-state pd-state--${cell.tone}` : "");
  made.append(text);
  if (cell.detail) made.append(part("br"), part("span", cell.detail, "pd-muted"));
  if (cell.tooltip) made.title = cell.tooltip;
  return made;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const { columns, rows, selected, caption, height } = data;
  const box = parentElement.querySelector(".pd-rows");
  const focused = document.activeElement?.closest?.("[data-row]");
  const again = focused && box.contains(focused) ? focused.dataset.row : null;
  box.style.maxHeight = height ? `${height}px` : "none";
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", caption);
  const body = part("tbody");
  for (const row of rows) {
    if (row.heading) body.append(group(row.heading, columns.length));
    const line = part("tr", null, row.id === selected ? "pd-selected" : "");
    const name = part("th", null, columns[0].one_line ? "pd-one-line" : "");
    name.scope = "row";
    const press = part("button", row.cells[0].text, "pd-link");
    press.type = "button";
    press.dataset.row = row.id;
    if (row.says) press.setAttribute("aria-label", row.says);
    if (row.id === selected) press.setAttribute("aria-current", "true");
    press.onclick = () => setTriggerValue("chosen", row.id);
    name.append(press);
    if (row.cells[0].detail) name.append(part("br"), part("span", row.cells[0].detail, "pd-muted"));
    if (row.cells[0].tooltip) name.title = row.cells[0].tooltip;
    line.append(name, ...row.cells.slice(1).map((cell, index) => filled("td", cell, columns[index + 1])));
    body.append(line);
  }
  const table = box.querySelector("table");
  table.replaceChildren(part("caption", caption), head(columns), body);
  if (again) table.querySelector(`[data-row="${CSS.escape(again)}"]`)?.focus({ preventScroll: true });
}
""",
    isolate_styles=False,
)


def row_table(
    columns: Sequence[Column],
    rows: Sequence[TableRow],
    *,
    key: str,
    caption: str,
    selected: str | None = None,
    height: int | None = None,
) -> str | None:
    """Draw a table and return the id of the row that was chosen since the last run, else None.

    Args:
        columns: in order.
        rows: in order; as many cells as columns.
        key: Streamlit key, unique on the page.
        caption: says what the table holds.
        selected: id of the row that is chosen now.
        height: in CSS pixels; the rows scroll below it. None: as high as it is.
    """
    result = _component(
        key=key,
        data={
            "columns": [asdict(column) for column in columns],
            "rows": [asdict(row) for row in rows],
            "selected": selected,
            "caption": caption,
            "height": height,
        },
        on_chosen_change=_rerun,
    )
    chosen = result.chosen
    return chosen if isinstance(chosen, str) else None


def _rerun() -> None:
    """Declare the event to Streamlit: without a callback its value would be missing until the first choice."""
