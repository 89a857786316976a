"""The sentence and the four figures of the SLA screen, each with its number of duties and the period before."""

from html import escape
from typing import Literal, get_args

import streamlit as st

from dashboard.backend import platform
from dashboard.identity import Viewer
from dashboard.theme import exact, moment, span
from pdflow.casework.sla_cases import Spread, signing
from pdflow.services.sla_board import PERIOD, Board, Tally

#: The lists that a figure opens.
Show = Literal["late", "soon", "missed", "notices", "windows"]
SHOWS: tuple[Show, ...] = get_args(Show)
#: The clock of the 48 hours between signature and service.
NOTICE = "notify"

_DEFINITIONS = """
- **Late now**: open and past due. A duty is in time up to its due instant.
- **Due in 24 h**: open, and due within the next 24 hours.
- **On time**: of the duties *due* in the last 30 days, those stopped by their due instant. Open and late counts as late;
  a duty does not leave the figure by being done late or by a transfer. Under 10 duties: counts only, no share.
- **Notices within 48 h**: the same for the clock of each recipient from the signature to service.
- **Half, nine in ten**: share of the allowed time by which so many of the duties that started in the last 30 days are
  done; duties that still run count as running, not as done.
- **Accountable** is the unit that had to act at the due instant; *where the case began* is the unit that took it in.
- Clocks that a person holds (time to appeal, time to send evidence) are never late and never counted. Practice cases are
  left out.
"""


def sentence(board: Board) -> str:
    """Where people are waiting past due now, and for what, in one sentence."""
    total, names = board.tally(), {row.code: row.name for row in board.rows}
    soon = f"{total.soon} more {'falls' if total.soon == 1 else 'fall'} due in 24 h."
    worst = board.worst
    if worst is None:
        return f"No duty is late now; {soon.replace(' more', '')}"
    units = sum(row.tally.late > 0 for row in board.rows)
    policy, unit, count = worst
    duties = "1 duty" if total.late == 1 else f"{total.late} duties"
    places = "1 unit" if units == 1 else f"{units} units"
    kind = "notice" if policy == NOTICE else policy.replace("-", " ")
    return f"{duties} late now in {places}; worst: {kind}, {names.get(unit, unit)}, {count}; {soon}"


def share_words(tally: Tally) -> str:
    """Share on time, or counts where the duties are too few to say."""
    if tally.due == 0:
        return "none due"
    if tally.share is None:
        return f"{tally.on_time} of {tally.due}"
    return f"{tally.share * 100:.0f} % of {tally.due}"


def draw_figures(me: Viewer, board: Board, unit: str | None, show: Show) -> Show | None:
    """Draw the figures as buttons that open their cases; return the one pressed."""
    now, before = board.tally(unit), board.tally_before(unit)
    notices, notices_before = board.tally(unit, NOTICE), board.tally_before(unit, NOTICE)
    day = moment(board.scope.since, board.scope.at, me.zone)
    figures: tuple[tuple[Show, str, str, str], ...] = (
        ("late", f"■ {now.late}", "Late now", f"{before.late} on {day}"),
        ("soon", f"▲ {now.soon}", "Due in 24 h", f"{before.soon} on {day}"),
        ("missed", share_words(now), "On time, 30 days", f"{share_words(before)} in the 30 days before"),
        (
            "notices",
            share_words(notices),
            "Notices within 48 h",
            f"{share_words(notices_before)} in the 30 days before",
        ),
    )
    pressed = None
    for column, (name, value, words, earlier) in zip(st.columns(len(figures)), figures, strict=True):
        label = f"**{value}** · {words}  \n{earlier}"
        kind: Literal["primary", "secondary"] = "primary" if name == show else "secondary"
        if column.button(label, key=f"figure-{name}", width="stretch", type=kind):
            pressed = name
    _beside_notice(me, board, unit)
    return pressed


def _beside_notice(me: Viewer, board: Board, unit: str | None) -> None:
    """Times to signature stand beside the notice figure: a signature can wait until 48 hours are easy to keep."""
    with platform().reading() as session:
        times = signing(session, board.scope, unit)
    at = board.scope.at
    said, made = st.columns([6, 1], vertical_alignment="center")
    said.html(
        f'<p class="pd-muted">Approval to signature: {escape(_spread(times.approval))} · last evidence to signature: '
        f'{escape(_spread(times.evidence))} · <span title="{escape(exact(at, me.zone))}">computed '
        f"{escape(moment(at, at, me.zone))}</span></p>"
    )
    with made.popover("Definitions", width="stretch"):
        st.markdown(_DEFINITIONS)


def _spread(spread: Spread) -> str:
    """Percentiles with their n; what still waits for the signature is in them as running."""
    counted = f"{spread.measured} in {PERIOD.days} days, {spread.running} unsigned"
    if spread.median is None:
        return counted
    nine = f", 9 in 10 within {span(spread.p90)}" if spread.p90 else ""
    return f"half within {span(spread.median)}{nine} ({counted})"
