"""The script that Streamlit runs for every page: who looks, what they may see, the header, the screen."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st
from dashboard.header import draw_header

from dashboard.identity import Viewer, viewer
from dashboard.screens import case, models, new, queue, sla
from dashboard.theme import PAGE_CSS

#: Roles that see a screen; an empty set: everybody who is signed in. The services check again what each may do.
STAFF = frozenset(
    {"officer", "supervisor", "director", "liaison", "reviewer", "hq_reviewer", "hq_liaison", "administrator"}
)
SLA_READERS = STAFF | {"oversight", "auditor"}
DESIGNERS = frozenset({"designer", "publisher", "administrator", "oversight"})


def _screen(
    draw: Callable[[Viewer], None],
    me: Viewer,
    title: str,
    path: str,
    *,
    default: bool = False,
    hidden: bool = False,
) -> st.Page:
    def page() -> None:
        draw(me)

    page.__name__ = path
    return st.Page(
        page, title=title, url_path=path, default=default, visibility="hidden" if hidden else "visible"
    )


def _screens(me: Viewer) -> list[st.Page]:
    """The pages of the navigation for this viewer; the first one is where they land."""
    pages = []
    roles = {grant.role for grant in me.actor.grants}
    if roles & STAFF:
        pages.append(_screen(queue.draw, me, "My queue", "queue", default=True))
    if roles & SLA_READERS:
        pages.append(_screen(sla.draw, me, "SLA by field office", "sla", default=not pages))
    if roles & (STAFF | {"oversight", "auditor"}):
        pages.append(_screen(new.draw, me, "New", "new"))
        pages.append(_screen(case.draw, me, "Case", "case"))
    if roles & DESIGNERS:
        pages.append(_screen(models.draw, me, "Models", "models", default=not pages))
    return pages


st.set_page_config(
    page_title="pdflow", page_icon=str(Path(__file__).parent / "static" / "icon.png"), layout="wide"
)
st.html(f"<style>{PAGE_CSS}</style>")
_me = viewer()
_pages = _screens(_me)
if not _pages:
    st.title("pdflow")
    st.write("You are signed in, but no role has been given to you yet. Ask your administrator for one.")
    st.stop()
_page = st.navigation(_pages, position="top")
draw_header(_me)
_page.run()
