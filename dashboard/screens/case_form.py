"""The form of a task: kept while one types, what is left as links, and one button that completes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

import streamlit as st

from dashboard.backend import platform
from dashboard.components.autosave import autosave
from dashboard.forms import Finding, Item, draw, findings, opening_value
from dashboard.forms.drawing import anchor
from dashboard.identity import Viewer
from dashboard.place import go, put
from dashboard.screens.case_next import next_task, say_who_is_next
from dashboard.theme import exact, moment, time_left
from pdflow.casework import items
from pdflow.casework.view import Head
from pdflow.services import tasks
from pdflow.services.errors import ServiceError


@st.fragment
def draw_task(me: Viewer, task_id: str, about: Head | None) -> None:
    """Draw a task that the viewer may do: a button to start it, or its form."""
    place = platform()
    with place.reading() as session:
        task = tasks.get(me.actor, session, task_id)
        schema = tasks.form(session, task)
        rows = {
            kind: [Item(item.id, item.title, item.detail, item.document) for item in of_kind]
            for kind, of_kind in items.for_task(session, task).items()
        }
        draft = tasks.draft(me.actor, session, task_id)
    zone = about.zone if about else me.zone
    st.subheader(task.name)
    if task.due:
        st.html(
            f'<p class="pd-muted" title="{escape(exact(task.due, zone))}">'
            f"{time_left(task.due, place.now(), zone)}</p>"
        )
    if task.state == "open":
        _offer(me, task_id)
        return
    if task.state != "claimed":
        st.info("This task is being completed. The page shows the next one as soon as it is written.")
        return
    if schema.get("description"):
        st.caption(schema["description"])
    _form(me, task_id, schema, rows, draft, about)


def _offer(me: Viewer, task_id: str) -> None:
    if st.button("Start", type="primary", key=f"start-{task_id}"):
        try:
            tasks.claim(me.actor, platform(), task_id)
        except ServiceError as refusal:
            st.warning(str(refusal))
            return
        st.rerun()


def _form(
    me: Viewer,
    task_id: str,
    schema: Mapping[str, Any],
    rows: Mapping[str, Sequence[Item]],
    draft: Any,
    about: Head | None,
) -> None:
    opened = st.session_state.setdefault(f"opened-{task_id}", opening_value(schema, draft, rows))
    tried = bool(st.session_state.get(f"tried-{task_id}"))
    marked = set()
    if tried:
        marked = {anchor(f.path) for f in findings(schema, st.session_state.get(f"value-{task_id}", opened))}
    value = draw(schema, opened, key=f"task-{task_id}", items=rows, marked=marked)
    st.session_state[f"value-{task_id}"] = value
    _keep(me, task_id, value)
    autosave(f"autosave-{task_id}")
    left = findings(schema, value)
    if tried and left:
        _what_is_left(left)
    complete, later = st.columns([2, 1])
    pressed = complete.button(
        "Complete and next",
        type="primary",
        key=f"complete-{task_id}",
        width="stretch",
        on_click=st.session_state.__setitem__,
        args=(f"tried-{task_id}", True),
    )
    if pressed and not left:
        _complete(me, task_id, value, about)
    if later.button("Give back", key=f"release-{task_id}", width="stretch", help="Your draft is kept."):
        tasks.release(me.actor, platform(), task_id)
        put(task=None)
        st.rerun()


def _keep(me: Viewer, task_id: str, value: Mapping[str, Any]) -> None:
    """Keep what changed since it was last kept, on the server."""
    kept = st.session_state.get(f"kept-{task_id}")
    if kept is None:
        st.session_state[f"kept-{task_id}"] = value
    elif kept != value:
        st.session_state[f"kept-at-{task_id}"] = tasks.save_draft(me.actor, platform(), task_id, value)
        st.session_state[f"kept-{task_id}"] = value
    at: datetime | None = st.session_state.get(f"kept-at-{task_id}")
    if at is not None:
        st.html(f'<p class="pd-muted" role="status">Draft kept {moment(at, at, me.zone)}.</p>')


def _what_is_left(left: Sequence[Finding]) -> None:
    links = "".join(f'<li><a href="#{anchor(f.path)}">{escape(f.sentence)}</a></li>' for f in left)
    things = "1 answer is" if len(left) == 1 else f"{len(left)} answers are"
    st.html(f'<div class="pd-banner pd-banner--danger" role="alert">{things} left:<ul>{links}</ul></div>')


def _complete(me: Viewer, task_id: str, value: Mapping[str, Any], about: Head | None) -> None:
    """Complete, say who is next, and open the next task of the queue."""
    following = next_task(me, but=task_id)
    try:
        receipt = tasks.complete(me.actor, platform(), task_id, dict(value))
    except ServiceError as refusal:
        # The text stays: only the sentence is added.
        st.error(str(refusal))
        return
    for name in ("opened", "tried", "value", "kept", "kept-at"):
        st.session_state.pop(f"{name}-{task_id}", None)
    say_who_is_next(me, about.case if about else None, written=receipt.status == "done")
    if following is None:
        go("queue")
    else:
        go("case", **following)
