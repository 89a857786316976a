"""The script that Streamlit runs for every page: who looks, what they may see, the header, the screen."""

from importlib import import_module
from pathlib import Path

import streamlit as st

from dashboard.header import draw_header
from dashboard.identity import Viewer, viewer
from dashboard.theme import PAGE_CSS

#: Roles that see a screen; an empty set: everybody who is signed in. The services check again what each may do.
STAFF = frozenset(
    {"officer", "supervisor", "director", "liaison", "reviewer", "hq_reviewer", "hq_liaison", "administrator"}
)
SLA_READERS = STAFF | {"oversight", "auditor"}
DESIGNERS = frozenset({"designer", "publisher", "administrator", "oversight"})


def _screen(name: str, me: Viewer, title: str, *, default: bool = False) -> st.Page:
    """A page whose module is imported when somebody opens it: the queue does not wait for the editor."""

    def page() -> None:
        import_module(f"dashboard.screens.{name}").draw(me)

    page.__name__ = name
    return st.Page(page, title=title, url_path=name, default=default)


def _screens(me: Viewer) -> dict[str, st.Page]:
    """The pages of the navigation for this viewer by name; the first one is where they land."""
    pages: dict[str, st.Page] = {}
    roles = {grant.role for grant in me.actor.grants}
    if roles & STAFF:
        pages["queue"] = _screen("queue", me, "My queue", default=True)
    if roles & SLA_READERS:
        pages["sla"] = _screen("sla", me, "SLA by field office", default=not pages)
    if roles & (STAFF | {"oversight", "auditor"}):
        pages["new"] = _screen("new", me, "New")
        pages["case"] = _screen("case", me, "Case")
    if roles & DESIGNERS:
        pages["models"] = _screen("models", me, "Models", default=not pages)
    if "administrator" in roles:
        pages["users"] = _screen("users", me, "Users")
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
st.session_state["pages"] = _pages
_page = st.navigation(list(_pages.values()), position="top")
draw_header(_me)
_page.run()
