"""The preview beside the queue: who, what is asked, why now, what happened last, and the button that starts."""

from datetime import datetime
from html import escape

import streamlit as st

from dashboard.backend import platform
from dashboard.identity import Viewer
from dashboard.place import go
from dashboard.theme import day, exact, moment, span
from pdflow.casework.view import open_case, timeline
from pdflow.casework.worklist import Row
from pdflow.services import tasks
from pdflow.services.errors import Conflict


def draw_preview(me: Viewer, row: Row, now: datetime, *, may_start: bool) -> None:
    """Draw the chosen row."""
    st.subheader(row.name)
    if row.case:
        st.markdown(f"Case **{row.case}** · {row.short_name} · {row.step}")
    if row.due:
        late = now > row.due
        words = f"{span(now - row.due)} late" if late else f"due {moment(row.due, now, row.zone)}"
        st.markdown(f"**Why now:** {words}", help=exact(row.due, row.zone))
    if row.hard_date:
        st.markdown(f"**Cannot be moved:** {day(row.hard_date, now)}")
    if row.holder and not row.mine:
        st.markdown(f"**With:** {row.holder}")
    if may_start:
        _start(me, row)
    elif row.case and st.button("Open the case", key="preview-open"):
        go("case", case=row.case)
    if row.case:
        _last_events(me, row, now)


def _start(me: Viewer, row: Row) -> None:
    words = "Continue" if row.mine else "Start"
    if not st.button(words, type="primary", key="preview-start", shortcut="Ctrl+Enter"):
        return
    try:
        tasks.claim(me.actor, platform(), row.task)
    except Conflict as conflict:
        st.warning(f"{conflict} Choose the next row.")
        return
    go("case", **({"case": row.case} if row.case else {}), task=row.task)


def _last_events(me: Viewer, row: Row, now: datetime) -> None:
    assert row.case is not None
    with platform().reading() as session:
        open_case(me.actor, session, row.case)
        entries = [entry for entry in timeline(session, row.case, limit=40) if not entry.folded][:4]
    if entries:
        st.markdown("**Last**")
        st.html(
            "".join(
                f'<p class="pd-muted">{moment(entry.at, now, row.zone)}: {escape(entry.sentence)}'
                f"{f' {escape(entry.who)}.' if entry.who else ''}</p>"
                for entry in entries
            )
        )
