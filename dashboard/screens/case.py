"""One case: who has it, what is next, what is late, and the form of my task with what it rests on beside it."""

from datetime import datetime
from html import escape

import streamlit as st

from dashboard.backend import platform
from dashboard.identity import Viewer
from dashboard.screens.case_actions import draw_actions
from dashboard.screens.case_form import draw_task
from dashboard.screens.case_next import draw_flash
from dashboard.screens.case_practice import ask_clock, draw_practice
from dashboard.screens.case_tabs import draw_tabs
from dashboard.theme import chip, day, exact, moment, state_badge, time_badge
from pdflow.casework.view import ClockView, Head, case_clocks, head, open_case
from pdflow.services.errors import NotFound

#: How many clocks the strip shows; the tab has all of them.
STRIP = 6


def draw(me: Viewer) -> None:
    """Draw the case of the URL, or say how to open one."""
    place = platform()
    number = st.query_params.get("case")
    task = st.query_params.get("task")
    if not number and not task:
        st.title("Case")
        st.html('<div class="pd-empty">Open a case from your queue, or find one above by its number.</div>')
        return
    now = place.now()
    draw_flash()
    if not number:
        st.title("Task")
        draw_task(me, str(task), None)
        return
    try:
        with place.reading() as session:
            row = open_case(me.actor, session, number)
            about, clocks = head(me.actor, session, row), case_clocks(session, number)
    except NotFound as missing:
        st.title("Case")
        st.warning(str(missing))
        return
    practice = ask_clock(about)
    if practice is not None:
        now = max(now, practice.now)
    _head(about, clocks, now)
    if practice is not None:
        draw_practice(me, about, practice)
    draw_actions(me, about)
    mine = _my_task(about, task)
    if mine is not None:
        form, side = st.columns([3, 2], gap="large")
        with form:
            draw_task(me, mine, about)
        with side:
            draw_tabs(me, about, clocks, now, beside_form=True)
    else:
        _nothing_for_me(about, now)
        draw_tabs(me, about, clocks, now, beside_form=False)


def _my_task(about: Head, wanted: str | None) -> str | None:
    """The task to show: the one of the URL if it is open and mine to do, else the one I have claimed."""
    doable = [task for task in about.tasks if task.mine]
    for task in doable:
        if task.id == wanted:
            return task.id
    return next((task.id for task in doable if task.holder_id is not None), None)


def _head(about: Head, clocks: list[ClockView], now: datetime) -> None:
    st.title(f"{about.short_name} · {about.case}")
    st.html(f'<p class="pd-first">{escape(_sentence(about, now))}</p>')
    chips = [chip(about.office_name, "info"), chip(f"Language {about.language}")]
    if about.held:
        chips.append(chip(f"‖ Held {about.custody or ''}".strip(), "held"))
    if about.presumption:
        chips.append(chip("Presumption of forbearance", "success"))
    if about.interpreter:
        chips.append(chip("Interpreter needed", "warning"))
    if about.outcome:
        chips.append(chip(about.outcome.replace("_", " "), "info"))
    if about.practice or about.simulated:
        chips.append(chip("Practice case: simulated time", "warning"))
    chips += [
        chip(f"{kind.replace('_', ' ')} {day(at, now)}", "danger", title=f"Source: {source}")
        for kind, at, source in about.dates
    ]
    st.html(f"<div>{''.join(chips)}</div>")
    strip = [_lamp(clock, now, about.zone) for clock in clocks if clock.look != "cancelled"][:STRIP]
    if strip:
        st.html(f'<div class="pd-strip">{"".join(strip)}</div>')


def _sentence(about: Head, now: datetime) -> str:
    """Who has it, since when, what is being done, who else it waits for."""
    if about.closed_at is not None:
        return f"Closed {moment(about.closed_at, now, about.zone)}."
    if not about.tasks:
        return f"Now {about.doing}; nobody has to act."
    first, *others = about.tasks
    who = first.holder or " or ".join(_group(group) for group in first.groups) or "nobody"
    due = f", due {moment(first.due, now, about.zone)}" if first.due else ""
    more = f"; {len(others)} more open" if others else ""
    return f"With {who} since {moment(first.since, now, about.zone)}, {about.doing}: {first.name}{due}{more}."


def _group(group: str) -> str:
    """``HOU.officer`` as words."""
    unit, _, role = group.rpartition(".")
    return f"{role.replace('_', ' ')} of {unit}"


def _lamp(clock: ClockView, now: datetime, zone: str) -> str:
    """One clock; of a stopped one how it ended, of a running one the time left."""
    name = clock.policy.replace("-", " ") + (f" ({clock.subject})" if clock.subject else "")
    if clock.stopped_at is None:
        state = time_badge(clock.look, clock.due, now, zone)
    else:
        state = f'<span title="{escape(exact(clock.stopped_at, zone))}">{state_badge(clock.look)}</span>'
    return f'<span class="pd-lamp"><span class="pd-muted">{escape(name)}</span> {state}</span>'


def _nothing_for_me(about: Head, now: datetime) -> None:
    if about.closed_at is not None or not about.tasks:
        return
    first = about.tasks[0]
    who = first.holder or " or ".join(_group(group) for group in first.groups)
    until = f" until {moment(first.due, now, about.zone)}" if first.due else ""
    st.info(f"Waits for {who}{until}: {first.name}. You may add evidence or read the record.")
