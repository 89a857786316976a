"""Models: what is live, how many people stand where, and whether my draft can be published."""

from html import escape

import streamlit as st

from dashboard.backend import platform
from dashboard.identity import Viewer
from dashboard.place import put
from dashboard.screens.models_draft import draw_draft
from dashboard.screens.models_list import draw_processes
from dashboard.screens.models_live import draw_live
from dashboard.screens.models_proposals import draw_proposal
from pdflow.services import drafts, model_board
from pdflow.services.errors import NotFound
from pdflow.services.model_board import Places, ProcessRow

#: Seconds for which the counts on the diagrams are kept; they read the facts of all running cases.
COUNTS_KEPT = 20


def draw(me: Viewer) -> None:
    """Draw the process, version or draft of the URL; by default the live version of the first process."""
    place = platform()
    standing = _places(place.settings.database_url)
    with place.reading() as session:
        rows = model_board.processes(session, standing)
        try:
            draft = drafts.get(session, st.query_params["draft"]) if "draft" in st.query_params else None
        except NotFound:
            draft = None
    st.title("Models")
    if not rows:
        st.html(
            '<div class="pd-empty">No model is deployed yet. Deploy one with <code>pdflow deploy</code>.</div>'
        )
        return
    wanted = draft.process if draft else st.query_params.get("process")
    chosen = next((row for row in rows if row.id == wanted), rows[0])
    st.html(f'<p class="pd-first">{escape(sentence(chosen, mine=_mine(chosen, me)))}</p>')
    left, work = st.columns([1, 4], gap="medium")
    with left:
        picked = draw_processes(rows, chosen)
    if picked is not None:
        put(process=picked, draft=None, version=None, element=None)
        st.rerun()
    with work:
        version = st.query_params.get("version")
        proposal = next((row for row in chosen.proposed if str(row.version) == version), None)
        if draft is not None and draft.state == "editing" and draft.author == me.actor.user:
            draw_draft(me, draft, chosen)
        elif proposal is not None:
            draw_proposal(me, chosen, proposal, standing)
        else:
            draw_live(me, rows, chosen, standing)


def sentence(row: ProcessRow, *, mine: int) -> str:
    """What is live, how many are open, and what waits."""
    if row.live is None:
        return f"{row.name}: no version is live."
    said = [f"{row.name}: version {row.live.version} is live, {row.open} open cases"]
    said += [f"{version.open} stay on version {version.version}" for version in row.staying]
    if row.proposed:
        said.append(f"version {row.proposed[0].version} waits for a second person")
    if mine:
        said.append("1 draft is yours" if mine == 1 else f"{mine} drafts are yours")
    return "; ".join(said) + "."


def _mine(row: ProcessRow, me: Viewer) -> int:
    return sum(draft.author == me.actor.user for draft in row.drafts)


@st.cache_data(ttl=COUNTS_KEPT, show_spinner=False, max_entries=4)
def _places(database: str) -> Places:
    """Where cases stand in a database; the argument is the key under which the counts are kept."""
    place = platform()
    with place.reading() as session:
        return model_board.places(session, place.now())
