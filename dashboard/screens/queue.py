"""My queue: counts that filter, rows in order of urgency, and a preview of the chosen one."""

from datetime import datetime
from html import escape
from typing import get_args

import streamlit as st

from dashboard.backend import platform
from dashboard.identity import Viewer
from dashboard.place import chosen, put
from dashboard.screens.case_next import draw_flash
from dashboard.screens.queue_preview import draw_preview
from dashboard.theme import chip, day, moment, state_badge, time_left
from pdflow.casework.worklist import Filter, Row, Worklist, worklist

#: Rows of one page: what fits on the screen without scrolling.
PAGE = 12

FIGURES: tuple[tuple[Filter, str], ...] = (
    ("late", "Late"),
    ("today", "Due today"),
    ("held", "Held or hard date"),
    ("waiting", "Waiting on others"),
)


def draw(me: Viewer) -> None:
    """Draw the screen."""
    place = platform()
    now = place.now()
    with place.reading() as session:
        found = worklist(me.actor, session, now, me.left)
    draw_flash()
    st.title("My queue")
    _first_glance(found, now)
    show = chosen("show", get_args(Filter), "all")
    _counts(found, show)
    rows = found.filtered(show, now)
    if not rows:
        _nothing(found, show, now, me)
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        selected = _rows(list(rows), now)
    with right:
        draw_preview(me, selected, now, may_start=show != "waiting")


def _first_glance(found: Worklist, now: datetime) -> None:
    """Say the one thing to do in words, and what is new since the last visit."""
    if found.rows:
        top = found.rows[0]
        about = f" – Case {top.case}" if top.case else ""
        held = " – held" if top.held else ""
        due = time_left(top.due, now, top.zone) if top.due else "no due date"
        st.html(
            f'<p class="pd-first">{state_badge(row_state(top, now), due)} – '
            f"<strong>{escape(top.name)}</strong>{about}{held}</p>"
        )
    if found.since and (found.since.new or found.since.bounced):
        said = [f"{found.since.new} new"]
        if found.since.bounced:
            said.append(f"{found.since.bounced} bounced")
        if found.since.held:
            said.append(f"{found.since.held} held")
        st.caption(f"Since you left {found.since.at:%A}: {', '.join(said)}.")


def row_state(row: Row, now: datetime) -> str:
    """The look of a row: late, at risk in its last quarter, on time, or open when nothing says until when."""
    if row.late(now):
        return "late"
    if row.due is None:
        return "open"
    return "at_risk" if now - row.opened_at > (row.due - row.opened_at) * 0.75 else "on_time"


def _counts(found: Worklist, show: Filter) -> None:
    columns = st.columns(len(FIGURES) + 1)
    for column, (name, words) in zip(columns, (("all", "All for me"), *FIGURES), strict=True):
        label = f"**{found.counts[name]}**  \n{words}"
        pressed = column.button(
            label, key=f"count-{name}", width="stretch", type="primary" if name == show else "secondary"
        )
        if pressed:
            put(show=None if name == "all" else name, page=None, task=None)
            st.rerun()


def _rows(rows: list[Row], now: datetime) -> Row:
    """Draw one page of rows as buttons that select; return the selected one."""
    pages = -(-len(rows) // PAGE)
    wanted = st.query_params.get("page", "1")
    page = min(int(wanted) if wanted.isdigit() and int(wanted) else 1, pages)
    shown = rows[(page - 1) * PAGE : page * PAGE]
    selected = next((row for row in rows if row.task == st.query_params.get("task")), shown[0])
    with st.container(key="rows", gap=None):
        for row in shown:
            _row(row, now, selected=row.task == selected.task)
    if pages > 1:
        turned = st.pagination(pages, default=page, key="queue-page")
        if turned != page:
            put(page=str(turned), task=None)
            st.rerun()
    return selected


def _row(row: Row, now: datetime, *, selected: bool) -> None:
    due = time_left(row.due, now, row.zone) if row.due else "no due date"
    with st.container(border=True, key=f"row-{'on-' if selected else ''}{row.task}".replace(":", "-")):
        text, press = st.columns([7, 1], vertical_alignment="center")
        chips = "".join(chip(each, "held" if each == "Held" else "neutral") for each in row.chips)
        if row.hard_date:
            chips += chip(f"Hard date {day(row.hard_date, now)}", "danger")
        about = f"Case {row.case} · {row.short_name}" if row.case else row.step
        holder = f" · {row.holder}" if row.holder else ""
        text.html(
            f"{state_badge(row_state(row, now), due)} <strong>{escape(row.name)}</strong><br>"
            f'<span class="pd-muted">{escape(f"{about} · {row.step}{holder}")}</span> {chips}'
        )
        if press.button(
            "Show", key=f"show-{row.task}", disabled=selected, width="stretch", help=f"Show {row.name}"
        ):
            put(task=row.task)
            st.rerun()


def _nothing(found: Worklist, show: Filter, now: datetime, me: Viewer) -> None:
    """An empty queue says what to do next."""
    if show != "all":
        st.html('<div class="pd-empty">Nothing here. Choose another figure above.</div>')
        return
    upcoming = f" Next due: {moment(found.next_due, now, me.zone)}." if found.next_due else ""
    st.html(
        f'<div class="pd-empty">Nothing waits for you. {found.counts["waiting"]} tasks of your office wait for '
        f"others.{upcoming}</div>"
    )
    if found.counts["waiting"] and st.button("See what waits for others"):
        put(show="waiting")
        st.rerun()
