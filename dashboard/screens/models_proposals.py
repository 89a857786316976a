"""A proposed version, for a second person: what it changes, and the two answers."""

import json

import streamlit as st

from dashboard.backend import platform
from dashboard.identity import Viewer
from dashboard.place import put
from dashboard.screens.models_changes import draw_changes
from dashboard.screens.models_live import draw_viewer
from dashboard.screens.models_tests import draw_tests
from dashboard.theme import moment
from pdflow.services import definitions, permissions
from pdflow.services.errors import ServiceError
from pdflow.services.model_board import Places, ProcessRow, VersionRow


def draw_proposal(me: Viewer, chosen: ProcessRow, proposal: VersionRow, standing: Places) -> None:
    """Draw a version that waits for publication."""
    now = platform().now()
    with platform().reading() as session:
        content = definitions.manifest(session, proposal.hash)
        live = definitions.part(session, chosen.live.hash, "bpmn") if chosen.live else None
    manifest = json.loads(content)
    st.markdown(
        f"**Version {proposal.version}**, proposed by {proposal.author} "
        f"{moment(proposal.proposed_at, now, me.zone)}. {staying(chosen)}"
    )
    _answers(me, chosen, proposal)
    changes, diagram, tests = st.tabs(["Changes against live", "Diagram", "Tests"])
    with changes:
        if live is not None and chosen.live is not None:
            draw_changes(live, manifest["bpmn"], before=f"version {chosen.live.version}")
        else:
            st.markdown("This would be the first version.")
    with diagram:
        draw_viewer(manifest, standing.elements.get(proposal.hash, {}), key=f"proposal-{proposal.hash[:8]}")
    with tests:
        draw_tests(chosen.id, content, key=f"proposal-{proposal.hash[:8]}")


def staying(chosen: ProcessRow) -> str:
    """What publication leaves as it is: running cases stay on their version."""
    said = [f"{v.open} stay on version {v.version}" for v in chosen.versions if v.open]
    return f"New cases would start with it; {', '.join(said)}." if said else "No case is open."


def _answers(me: Viewer, chosen: ProcessRow, proposal: VersionRow) -> None:
    if proposal.author_id == me.actor.user:
        st.info("A second person with the role publisher decides: who wrote a model may not publish it.")
    elif not permissions.allowed(me.actor, "definition.publish", None):
        st.info("This version waits for a person with the role publisher.")
    else:
        publish, reject, _ = st.columns([2, 2, 3])
        if publish.button("Publish for new cases", type="primary", width="stretch"):
            _answer(me, chosen, proposal, publish=True)
        if reject.button("Turn down", width="stretch"):
            _answer(me, chosen, proposal, publish=False)


def _answer(me: Viewer, chosen: ProcessRow, proposal: VersionRow, *, publish: bool) -> None:
    act = definitions.publish if publish else definitions.reject
    try:
        act(me.actor, platform(), proposal.hash)
    except ServiceError as refusal:
        st.warning(str(refusal))
        return
    put(version=None, process=chosen.id)
    st.rerun()
