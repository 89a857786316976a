"""The live version, view only: the diagram with counts, an element in our words, and who uses the process."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.backend import platform
from dashboard.components.diagram import Count, diagram
from dashboard.identity import Viewer
from dashboard.place import put
from dashboard.screens.models_element import draw_element, draw_elements
from dashboard.screens.models_tests import draw_tests
from dashboard.theme import moment
from pdflow.services import definitions, drafts, model_board, permissions
from pdflow.services.errors import ServiceError
from pdflow.services.model_board import Places, ProcessRow, Standing

HEIGHT = 380


def draw_live(me: Viewer, rows: Sequence[ProcessRow], chosen: ProcessRow, standing: Places) -> None:
    """Draw the live version of a process."""
    if chosen.live is None:
        st.html('<div class="pd-empty">No version is live. A proposed one can be published.</div>')
        _proposals(chosen)
        return
    with platform().reading() as session:
        content = definitions.manifest(session, chosen.live.hash)
    manifest = json.loads(content)
    counts = standing.elements.get(chosen.live.hash, {})
    _actions(me, chosen)
    draw_viewer(manifest, counts, key=f"live-{chosen.id}")
    findings, changes, tests, users = st.tabs(["Findings", "Changes against live", "Tests", "Who uses it"])
    with findings:
        _findings(content)
    with changes:
        st.html(
            '<div class="pd-empty">This is the live version. A draft or a proposal shows its changes here.</div>'
        )
    with tests:
        draw_tests(chosen.id, content, key=f"live-{chosen.id}")
    with users:
        _users(rows, chosen, me)


def draw_viewer(manifest: Mapping[str, Any], counts: Mapping[str, Standing], *, key: str) -> None:
    """The diagram with its counts, the chosen element beside it, and the same elements as a list."""
    model = model_board.read_model(manifest["bpmn"])
    selected = st.query_params.get("element")
    if selected not in model.nodes:
        selected = None
    canvas, side = st.columns([5, 3], gap="medium")
    with canvas:
        clicked = diagram(
            manifest["bpmn"],
            key=f"models-{key}",
            counts={id: Count(found.waiting, found.late) for id, found in counts.items()},
            selected=selected,
            height=HEIGHT,
        )
    if clicked is not None and clicked != selected:
        put(element=clicked)
        st.rerun()
    with side:
        draw_element(model, manifest, counts, selected)
    with st.expander("Elements as a list"):
        listed = draw_elements(model, manifest, counts, selected, key=f"elements-{key}")
    if listed is not None:
        put(element=listed)
        st.rerun()


def _actions(me: Viewer, chosen: ProcessRow) -> None:
    """A copy to edit, and what waits: drafts of mine, proposals for a second person."""
    columns = st.columns(3)
    if permissions.allowed(me.actor, "draft.edit", None):
        mine = [draft for draft in chosen.drafts if draft.author == me.actor.user]
        if columns[0].button("Edit a copy", type="secondary" if mine else "primary", width="stretch"):
            _copy(me, chosen.id)
        for draft in mine[:1]:
            said = moment(draft.changed_at, platform().now(), me.zone)
            if columns[1].button(f"Go on with my draft of {said}", type="primary", width="stretch"):
                put(draft=draft.id, element=None)
                st.rerun()
    with columns[2]:
        _proposals(chosen)


def _copy(me: Viewer, process: str) -> None:
    try:
        draft = drafts.create(me.actor, platform(), process)
    except ServiceError as refusal:
        st.warning(str(refusal))
        return
    put(draft=draft.id, process=process, element=None, version=None)
    st.rerun()


def _proposals(chosen: ProcessRow) -> None:
    for row in chosen.proposed[:1]:
        if st.button(f"Version {row.version} of {row.author} waits for a second person", width="stretch"):
            put(version=str(row.version), element=None)
            st.rerun()


def _findings(content: bytes) -> None:
    with platform().reading() as session:
        found = definitions.check(session, content)
    if not found:
        st.markdown("✓ Nothing is wrong with the live version.")
    for finding in found:
        st.markdown(f"{finding.severity.capitalize()} in line {finding.line}: {finding.message}")


def _users(rows: Sequence[ProcessRow], chosen: ProcessRow, me: Viewer) -> None:
    """Versions with their cases, and the processes around it; a called process opens its model."""
    names = {row.id: row.name for row in rows}
    with platform().reading() as session:
        usage = model_board.usage(session, chosen.id)
    said = "".join(
        f"\n| {row.version} | {row.state}{' (live)' if row is chosen.live else ''} | {row.author} | "
        f"{row.published_by or '–'} | {row.open} |"
        for row in chosen.versions
    )
    st.markdown(f"| Version | State | Written by | Published by | Open cases |\n|---|---|---|---|---:|{said}")
    for words, ids in (("Called by", usage.called_by), ("Runs", usage.calls)):
        if not ids:
            continue
        st.markdown(f"**{words}**")
        for id in ids:
            if st.button(names.get(id, id), key=f"use-{words}-{id}", type="tertiary"):
                put(process=id, element=None, version=None, draft=None)
                st.rerun()
