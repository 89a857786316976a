"""After a completion: whom the case now waits for, and the next task of the viewer's queue."""

import streamlit as st

from dashboard.backend import platform
from dashboard.identity import CHOSEN, Viewer
from pdflow.casework.view import head, open_case
from pdflow.casework.worklist import worklist
from pdflow.services import users

#: Session key of the message that the next page shows.
FLASH = "flash"
#: Session key of the demo user whom the case now waits for.
CONTINUE_AS = "continue_as"


def next_task(me: Viewer, but: str) -> dict[str, str] | None:
    """URL entries of the first task of the queue that is not the one just done; `None`: nothing waits."""
    place = platform()
    with place.reading() as session:
        rows = worklist(me.actor, session, place.now()).rows
    following = next((row for row in rows if row.task != but), None)
    if following is None:
        return None
    return {"task": following.task, **({"case": following.case} if following.case else {})}


def say_who_is_next(me: Viewer, case: str | None, *, written: bool) -> None:
    """Keep a sentence for the next page: "Now waits for Ana Ruiz, supervisor of HOU"."""
    if not written:
        st.session_state[FLASH] = "Accepted. It is being written; the case moves on by itself."
        return
    if case is None:
        st.session_state[FLASH] = "Done."
        return
    place = platform()
    with place.reading() as session:
        waits = head(me.actor, session, open_case(me.actor, session, case)).tasks
        if not waits:
            st.session_state[FLASH] = f"Done. Case {case} goes on by itself."
            return
        groups = waits[0].groups
        someone = next(iter(users.colleagues(session, groups[0])), None) if groups else None
        role = groups[0].rpartition(".")[2].replace("_", " ") if groups else ""
    whom = waits[0].holder or " or ".join(groups)
    st.session_state[FLASH] = f"Done. Case {case} now waits for {whom}: {waits[0].name}."
    if someone and someone.id != me.actor.user and place.settings.sign_in == "demo":
        st.session_state[FLASH] = f"Done. Case {case} now waits for {someone.name}, {role}."
        st.session_state[CONTINUE_AS] = (someone.id, someone.name, case)


def draw_flash() -> None:
    """Show the kept sentence once; in the demo with a button to continue as the person it names."""
    sentence = st.session_state.pop(FLASH, None)
    if sentence:
        st.success(sentence)
    waiting = st.session_state.get(CONTINUE_AS)
    if waiting is None:
        return
    user, name, case = waiting
    st.button(f"Continue as {name}", on_click=_continue_as, args=(user, case), key="continue-as")


def _continue_as(user: str, case: str) -> None:
    st.session_state[CHOSEN] = user
    st.session_state.pop(CONTINUE_AS, None)
    st.query_params["case"] = case
