"""The tabs of a case; each reads only what it shows."""

from datetime import datetime
from html import escape

import streamlit as st

from dashboard.backend import platform
from dashboard.identity import Viewer
from dashboard.screens.case_diagram import draw_diagram
from dashboard.theme import exact, moment, state_badge, time_badge
from pdflow.casework.evidence import open_item
from pdflow.casework.view import (
    ClockView,
    EvidenceRow,
    Head,
    evidence_rows,
    notice_rows,
    open_case,
    people,
    timeline,
)

#: Names of the events of a clock, in words.
CLOCK_EVENTS = {
    "started": "started",
    "level": "reached",
    "stopped": "stopped",
    "changed": "moved",
    "escalated": "escalated to",
}


def draw_tabs(me: Viewer, about: Head, clocks: list[ClockView], now: datetime, *, beside_form: bool) -> None:
    """Draw the tabs; beside a form the evidence comes first, else the timeline."""
    names = ["Timeline", "Evidence", "People and channels", "Notices", "Clocks", "Diagram", "Record"]
    if beside_form:
        names = ["Evidence", "Timeline", *names[2:]]
    tabs = dict(zip(names, st.tabs(names), strict=True))
    with tabs["Timeline"]:
        _timeline(about, now)
    with tabs["Evidence"]:
        _evidence(me, about, now)
    with tabs["People and channels"]:
        _people(me, about)
    with tabs["Notices"]:
        _notices(about, now)
    with tabs["Clocks"]:
        _clocks(clocks, now, about.zone)
    with tabs["Diagram"]:
        draw_diagram(about)
    with tabs["Record"]:
        _record(about)


def _timeline(about: Head, now: datetime) -> None:
    machine = st.toggle("Show what the machine did by itself", key=f"machine-{about.case}")
    with platform().reading() as session:
        entries = timeline(session, about.case)
    shown = [entry for entry in entries if machine or not entry.folded]
    if not shown:
        st.html('<div class="pd-empty">Nothing has happened yet.</div>')
    for entry in shown:
        who = f" <strong>{escape(entry.who)}</strong>" if entry.who else ""
        st.html(
            f'<p class="pd-entry"><span class="pd-muted" title="{escape(exact(entry.at, about.zone))}">'
            f"{moment(entry.at, now, about.zone)}</span> {escape(entry.sentence)}{who}</p>"
        )


def _evidence(me: Viewer, about: Head, now: datetime) -> None:
    place = platform()
    with place.reading() as session:
        open_case(me.actor, session, about.case)
        rows = evidence_rows(me.actor, session, about.case)
    if not rows:
        st.html('<div class="pd-empty">Nothing has been sent yet.</div>')
    for row in rows:
        with st.container(border=True):
            disposition = (row.disposition or "not weighed yet").replace("_", " ")
            st.html(
                f"<strong>{escape(row.title)}</strong><br>"
                f'<span class="pd-muted">from {escape(row.submitter.replace("_", " "))}, '
                f"{moment(row.received_at, now, about.zone)}, receipt {row.receipt} · {disposition}</span>"
                + (f"<br>{escape(row.reason)}" if row.reason else "")
            )
            if row.document and st.button("View", key=f"view-{row.id}", help=f"View {row.title}"):
                _document(me, row)


@st.dialog("Document", width="large")
def _document(me: Viewer, row: EvidenceRow) -> None:
    """Show a file; that it was opened, and by whom, is written down (S31)."""
    content = open_item(me.actor, platform(), row.id, level=_level(me))
    kind = row.media_type or "application/octet-stream"
    if kind.startswith("image/"):
        st.image(content, caption=row.title)
    elif kind.startswith("text/"):
        st.text(content.decode("utf-8", errors="replace"))
    else:
        st.info("This kind of file is kept and receipted, but not shown here. Download it to look at it.")
    st.download_button("Download", content, file_name=f"evidence-{row.receipt}", mime=kind)


def _level(me: Viewer) -> str:
    """At which level of decision the viewer opens a file."""
    if me.actor.has("hq_reviewer"):
        return "hq"
    return "review" if me.actor.has("reviewer") else "office"


def _people(me: Viewer, about: Head) -> None:
    with platform().reading() as session:
        found = people(session, open_case(me.actor, session, about.case))
    for person in found:
        with st.container(border=True):
            if person.caution:
                st.warning(f"Do not: {person.caution}")
            st.html(
                f'<span class="pd-muted">{escape(person.role.replace("_", " "))}</span><br>'
                f"<strong>{escape(person.name)}</strong><br>{escape(person.reach)}<br>"
                f'<span class="pd-muted">{escape(" · ".join(person.details))}</span>'
            )


def _notices(about: Head, now: datetime) -> None:
    with platform().reading() as session:
        rows = notice_rows(session, about.case)
    if not rows:
        st.html('<div class="pd-empty">No letter or notice has been made yet.</div>')
    for row in rows:
        served = f"served {moment(row.served_at, now, about.zone)}" if row.served_at else row.state
        title = f"{row.kind.replace('_', ' ').capitalize()} to {row.recipient}: {served}"
        with st.expander(title):
            st.caption(f"In {row.language}, {row.mode.replace('_', ' ')}, by {row.channel}")
            for at, channel, result in row.attempts:
                st.html(
                    f'<p class="pd-muted">{moment(at, now, about.zone)}: {escape(channel)}, '
                    f"{escape(result.replace('_', ' '))}</p>"
                )
            if row.text:
                st.text(row.text)
            if row.english and row.english != row.text:
                st.caption("English text, kept beside it")
                st.text(row.english)


def _clocks(clocks: list[ClockView], now: datetime, zone: str) -> None:
    if not clocks:
        st.html('<div class="pd-empty">No clock has started yet.</div>')
    for clock in clocks:
        name = clock.policy.replace("-", " ").capitalize() + (f" ({clock.subject})" if clock.subject else "")
        running = clock.stopped_at is None
        state = time_badge(clock.look, clock.due, now, zone) if running else state_badge(clock.look)
        with st.container(border=True):
            holder = "the person" if clock.holder == "person" else clock.unit or "the office"
            st.html(f'<strong>{escape(name)}</strong> {state} <span class="pd-muted">held by {holder}</span>')
            if running and clock.next_level:
                level, at = clock.next_level
                st.caption(f"Next: {level} {moment(at, now, zone)}")
            said = [
                f"{moment(event.at, now, zone)}: {CLOCK_EVENTS[event.kind]} "
                f"{event.level or event.data.get('step') or event.data.get('outcome', '')}".strip()
                for event in clock.events
            ]
            st.html("".join(f'<p class="pd-muted">{escape(line)}</p>' for line in said))


def _record(about: Head) -> None:
    st.html(
        '<table class="pd-table"><caption>What the records hold of this case</caption>'
        + "".join(
            f'<tr><th scope="row">{name}</th><td>{escape(str(value))}</td></tr>'
            for name, value in (
                ("Case", about.case),
                ("Process", about.process or "none"),
                ("Instance", about.instance or "none"),
                ("Definition", (about.definition or "none")[:16]),
                ("Channel", about.channel.replace("_", " ")),
                ("Office", f"{about.office_name} ({about.office})"),
                ("Review unit", about.review_unit or "not set"),
                ("Received", exact(about.received_at, about.zone)),
                ("Signed", exact(about.signed_at, about.zone) if about.signed_at else "not signed"),
            )
        )
        + "</table>"
    )
