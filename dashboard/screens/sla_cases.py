"""The cases behind the chosen figure: who has each, what used the time, why, and what was done; also as CSV."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import streamlit as st

from dashboard.backend import platform
from dashboard.components.row_table import Cell, Column, TableRow, row_table
from dashboard.identity import Viewer
from dashboard.place import go, put
from dashboard.screens.sla_figures import NOTICE, Show
from dashboard.screens.sla_scope import policy_words
from dashboard.theme import STATES, exact, moment, open_until, span, time_left
from pdflow.casework.sla_cases import LateCase, Listing, list_cases
from pdflow.services.sla_board import Board, Duty, PolicyName

TITLES: Mapping[Show, str] = {
    "late": "Late now",
    "soon": "Due in 24 h",
    "missed": "Due in the last 30 days and not done in time",
    "notices": "Notices due in the last 30 days",
    "windows": "Held by the person: open until, and ended",
}

COLUMNS = (
    Column("Case", one_line=True),
    Column("Duty"),
    Column("State", one_line=True),
    Column("With"),
    Column("Step that used the time"),
    Column("Cause"),
    Column("Last escalation, and what was done"),
)
#: Nobody is late with a clock that a person holds: no step, no cause, no escalation.
WINDOW_COLUMNS = (Column("Case", one_line=True), Column("Clock"), Column("State", one_line=True))
CSV_COLUMNS = (
    "case",
    "clock",
    "unit",
    "state",
    "started",
    "due",
    "stopped",
    "with",
    "since",
    "step",
    "step_hours",
    "cause",
    "escalated_to",
    "escalated_at",
    "done",
)


def duties_of(board: Board, unit: str | None, show: Show) -> list[Duty]:
    """The duties that a figure counts (of the on-time figures: those it counts as missed, and all notices)."""
    at, since = board.scope.at, board.scope.since
    if show == "late":
        return [duty for duty in board.of(unit) if duty.late(at)]
    if show == "soon":
        return [duty for duty in board.of(unit) if duty.soon(at)]
    if show == "missed":
        return [duty for duty in board.of(unit) if duty.fell_due(since, at) and not duty.on_time]
    if show == "notices":
        return [duty for duty in board.of(unit, NOTICE) if duty.fell_due(since, at)]
    return [
        duty for duty in board.windows if unit in (None, duty.unit) and (duty.stopped_at or duty.due) >= since
    ]


def draw_cases(
    me: Viewer, board: Board, names: Mapping[str, PolicyName], unit: str | None, show: Show
) -> None:
    """Draw the list of the chosen figure."""
    at = board.scope.at
    duties = duties_of(board, unit, show)
    with platform().reading() as session:
        listing = list_cases(me.actor, session, duties, at)
    units = {row.code: row.name for row in board.rows}
    where = f", {units[unit]}" if unit else ""
    head, windows, download = st.columns([5, 2, 2], vertical_alignment="bottom")
    head.subheader(f"{TITLES[show]}{where}: {len(duties)}")
    with windows:
        _switch_windows(board, unit, show)
    download.download_button(
        "Download as CSV",
        as_csv(listing.rows, board),
        file_name=f"sla-{show}-{(unit or 'all').lower()}-{at:%Y%m%d-%H%M}Z.csv",
        mime="text/csv",
        width="stretch",
        disabled=not listing.rows,
    )
    if listing.hidden:
        st.caption(
            f"{listing.hidden} more are in offices whose cases you may not open; the figures count them."
        )
    if not listing.rows:
        st.html('<div class="pd-empty">No case here. Choose another figure or unit above.</div>')
        return
    rows = case_rows(listing, board, names, units, me.zone)
    if show == "windows":
        rows = [replace(row, cells=row.cells[: len(WINDOW_COLUMNS)]) for row in rows]
    picked = row_table(
        WINDOW_COLUMNS if show == "windows" else COLUMNS,
        rows,
        key=f"sla-cases-{show}",
        caption=f"{TITLES[show]}{where}, by due time",
        height=520,
    )
    if picked is not None:
        case = next(row.duty.case for row in listing.rows if row.duty.clock == picked)
        if case:
            go("case", case=case)


def _switch_windows(board: Board, unit: str | None, show: Show) -> None:
    """Clocks of people have a list of their own; they are in no figure."""
    if show == "windows":
        if st.button("Back to late now", width="stretch"):
            put(show=None)
            st.rerun()
        return
    at = board.scope.at
    running = sum(duty.stopped_at is None and duty.due >= at for duty in duties_of(board, unit, "windows"))
    if st.button(f"○ Held by the person: {running} open", width="stretch", disabled=not board.windows):
        put(show="windows")
        st.rerun()


def case_rows(
    listing: Listing,
    board: Board,
    names: Mapping[str, PolicyName],
    units: Mapping[str, str],
    zone: str,
) -> list[TableRow]:
    """Rows of the table; clocks of people that are still open come before those that have ended."""
    at = board.scope.at
    rows = sorted(listing.rows, key=lambda row: row.duty.holder == "person" and _ended(row.duty, at))
    return [_row(row, board, names, units, zone) for row in rows]


def _ended(duty: Duty, at: datetime) -> bool:
    return duty.stopped_at is not None or duty.due < at


def _row(
    row: LateCase,
    board: Board,
    names: Mapping[str, PolicyName],
    units: Mapping[str, str],
    zone: str,
) -> TableRow:
    duty, at = row.duty, board.scope.at
    look, words = _state(duty, board, zone)
    tooltip = names[duty.policy].title if duty.policy in names else None
    since = f"since {moment(row.since, at, zone)}" if row.since else None
    escalated = (
        f"{row.escalated[0].capitalize()}, {moment(row.escalated[1], at, zone)}" if row.escalated else "–"
    )
    label = duty.case or "Inquiry"
    return TableRow(
        id=duty.clock,
        cells=(
            Cell(label, detail=units.get(duty.unit, duty.unit)),
            Cell(policy_words(duty.policy), tooltip=tooltip),
            Cell(
                f"{STATES[look].shape} {words}",
                tone=STATES[look].tone,
                tooltip=f"due {exact(duty.due, zone)}",
            ),
            Cell(row.holder or "nobody has to act", detail=since),
            Cell(row.step or "–", detail=span(row.step_time) if row.step else None),
            Cell(row.cause or "not said yet"),
            Cell(escalated, detail=row.action),
        ),
        says=f"Open case {label}, {policy_words(duty.policy)}",
    )


def _state(duty: Duty, board: Board, zone: str) -> tuple[str, str]:
    """Look and words of a duty, or of a window, which is never late."""
    at = board.scope.at
    if duty.holder == "person":
        if _ended(duty, at):
            return "ended", "ended"
        return "open", open_until(duty.due, at, zone)
    if duty.stopped_at is None:
        return ("late" if duty.late(at) else "at_risk"), time_left(duty.due, at, zone)
    if duty.on_time:
        return "met", f"done {moment(duty.stopped_at, at, zone)}"
    return "met_late", f"done {span(duty.stopped_at - duty.due)} late"


def as_csv(rows: Iterable[LateCase], board: Board) -> str:
    """The rows with exact instants in UTC; no name of the person concerned is in it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    for row in rows:
        duty = row.duty
        hours = round(row.step_time.total_seconds() / 3600, 1) if row.step else None
        step, when = row.escalated or (None, None)
        instants = (duty.started_at, duty.due, duty.stopped_at)
        values: tuple[str | float | None, ...] = (
            duty.case,
            duty.policy,
            duty.unit,
            _state(duty, board, "UTC")[0],
            *(instant.isoformat() if instant else None for instant in instants),
            row.holder,
            row.since.isoformat() if row.since else None,
            row.step,
            hours,
            row.cause,
            step,
            when.isoformat() if when else None,
            row.action,
        )
        writer.writerow(["" if value is None else _inert(value) for value in values])
    return text.getvalue()


def _inert(value: str | float) -> str | float:
    """A text that a spreadsheet would run as a formula is kept as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value
