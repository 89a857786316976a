"""The units as a table and the offices as a map; choosing in one chooses in the other."""

import streamlit as st

from dashboard.components.office_map import OfficeFigure, clicked_office, office_map
from dashboard.components.row_table import Cell, Column, TableRow, row_table
from dashboard.identity import Viewer
from dashboard.screens.sla_figures import share_words
from dashboard.theme import exact, span
from pdflow.services.sla_board import Board, UnitRow

_HEADINGS = {"field_office": "Field offices", "review": "Review units", "hq": "Headquarters"}
#: Height of table and map: their first rows stand on the first screen.
_HEIGHT = 430

COLUMNS = (
    Column("Unit"),
    Column("Late now", number=True),
    Column("Oldest", number=True),
    Column("In 24 h", number=True),
    Column("On time, 30 d", number=True),
    Column("Half", number=True),
    Column("Nine in ten", number=True),
)


def draw_units(me: Viewer, board: Board, unit: str | None) -> str | None:
    """Draw table and map; return the unit chosen since the last run."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chosen = row_table(
            COLUMNS,
            unit_rows(board, me.zone),
            key="sla-units",
            caption="Duties by unit; half and nine in ten: share of the allowed time",
            selected=unit,
            height=_HEIGHT,
        )
    with right:
        on_map = _map(board, unit)
    return chosen or on_map


def unit_rows(board: Board, zone: str) -> list[TableRow]:
    """Rows of the table, with a heading where another type of unit begins."""
    rows = []
    before = None
    for row in board.rows:
        rows.append(_row(row, board, zone, None if row.type == before else _HEADINGS.get(row.type, row.type)))
        before = row.type
    return rows


def _row(row: UnitRow, board: Board, zone: str, heading: str | None) -> TableRow:
    tally, at = row.tally, board.scope.at
    late = Cell(f"■ {tally.late}", tone="late") if tally.late else Cell("0")
    oldest = (
        Cell(span(at - tally.oldest), tooltip=f"due {exact(tally.oldest, zone)}")
        if tally.oldest
        else Cell("")
    )
    return TableRow(
        id=row.code,
        cells=(
            Cell(row.name, tooltip=row.code),
            late,
            oldest,
            Cell(str(tally.soon)),
            Cell(share_words(tally)),
            Cell(_percent(tally.median, tally.started)),
            Cell(_percent(tally.p90, tally.started)),
        ),
        heading=heading,
    )


def _percent(share: float | None, started: int) -> str:
    """Share of the allowed time; a dash under 10, "more" where it is not reached."""
    if share is None:
        return "not reached" if started >= 10 else "–"
    return f"{share * 100:.0f} %"


def _map(board: Board, unit: str | None) -> str | None:
    """The map; its selection belongs to the unit that is chosen, so a choice elsewhere shows here as well."""
    figures = [
        OfficeFigure(row.code, row.name, row.tally.due, row.tally.missed)
        for row in board.rows
        if row.type == "field_office"
    ]
    name = f"sla_map_{(unit or 'all').replace('-', '_')}"
    event = st.altair_chart(
        office_map(figures, key=name, height=_HEIGHT - 20, selected=unit),
        on_select="rerun",
        selection_mode=[name],
        key=name,
        width="stretch",
    )
    clicked = clicked_office(event, name)
    return clicked if clicked != unit else None
