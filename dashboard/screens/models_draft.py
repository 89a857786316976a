"""My draft: the editor, kept at every edit; Check, which becomes Ask to publish when nothing is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard.backend import platform
from dashboard.components.modeler import modeler
from dashboard.components.row_table import Cell, Column, TableRow, row_table
from dashboard.identity import Viewer
from dashboard.place import put
from dashboard.screens.models_changes import draw_changes
from dashboard.screens.models_element import draw_elements
from dashboard.screens.models_tests import draw_results, results
from dashboard.theme import moment
from pdflow.engine.findings import Finding, ModelRefused
from pdflow.services import definitions, drafts, model_board, registry
from pdflow.services.draft_tests import TestResult
from pdflow.services.drafts import Draft
from pdflow.services.errors import Conflict, ServiceError
from pdflow.services.model_board import ProcessRow

HEIGHT = 440
#: A page for each rule, beside the models of the checkout.
RULES = Path(__file__).parents[2] / "docs" / "rules"
COLUMNS = (Column("Element"), Column("Finding"), Column("What is right"), Column("Rule"))


@dataclass
class Desk:
    """What this session holds of a draft.

    Attributes:
        opened: row version that the editor was opened with; a new one opens it again.
        version: row version after the last save from here.
        xml: as last saved.
    """

    opened: int
    version: int
    xml: str


@dataclass(frozen=True)
class Checked:
    """What the server said of one row version."""

    version: int
    findings: tuple[Finding, ...]
    tests: tuple[TestResult, ...] | str

    @property
    def left(self) -> str:
        """What still stands against a proposal; empty: nothing."""
        stops = sum(definitions.stops_deployment(finding) for finding in self.findings)
        said = [] if not stops else ["1 finding stops it" if stops == 1 else f"{stops} findings stop it"]
        if isinstance(self.tests, str):
            said.append(self.tests)
        elif failed := sum(not test.passed for test in self.tests):
            said.append("1 test fails" if failed == 1 else f"{failed} tests fail")
        return "; ".join(said)

    @property
    def clean(self) -> bool:
        """Whether it can be proposed: nothing stops deployment and every test passes."""
        return not self.left


def desk_of(draft: Draft) -> Desk:
    """What this session holds; opened anew when another window has saved since."""
    key = f"desk-{draft.id}"
    desk = st.session_state.get(key)
    if desk is None or desk.version != draft.version:
        desk = st.session_state[key] = Desk(draft.version, draft.version, draft.xml)
    return desk


def check(draft: str) -> Checked:
    """Lint as deployment does, then run the model's tests on what would be deployed."""
    with platform().reading() as session:
        row = drafts.get(session, draft)
        findings = tuple(drafts.check(session, row))
        try:
            content = drafts.manifest(session, row)
        except ModelRefused:
            return Checked(row.version, findings, "The model cannot be read.")
        process, version = row.process, row.version
    found = results(process, content)
    return Checked(version, findings, found if isinstance(found, str) else tuple(found))


@st.fragment
def draw_draft(me: Viewer, draft: Draft, chosen: ProcessRow) -> None:
    """Draw the editor and what belongs to it; a fragment, so that an edit redraws no more than this."""
    desk = desk_of(draft) if draft.version >= _saved(draft) else st.session_state[f"desk-{draft.id}"]
    checked: Checked | None = st.session_state.get(f"checked-{draft.id}")
    if checked is not None and checked.version != desk.version:
        checked = None
    with platform().reading() as session:
        live = definitions.part(session, definitions.latest(session, draft.process), "bpmn")
        policies = definitions.part(session, draft.base, "policies") if draft.base else {}
    bar = st.container()
    state = modeler(
        draft.xml,
        revision=f"{draft.id}:{desk.opened}",
        key=f"modeler-{draft.id}",
        findings=[_for_editor(finding) for finding in (checked.findings if checked else ())],
        focus=st.session_state.get(f"focus-{draft.id}"),
        height=HEIGHT,
        policies=sorted(policies),
        task_types=sorted(registry.job_types()),
    )
    if state.xml is not None and state.xml != desk.xml and not _save(me, draft.id, desk, state.xml):
        return
    for warning in state.warnings:
        st.warning(warning)
    with bar:
        _bar(me, draft, desk, checked if checked and checked.version == desk.version else None)
    findings, changes, tests, elements = st.tabs(["Findings", "Changes against live", "Tests", "Elements"])
    with findings:
        _findings(draft.id, checked)
    with changes:
        draw_changes(
            live, desk.xml, before=f"version {chosen.live.version}" if chosen.live else "the live version"
        )
    with tests:
        if checked is None:
            st.html('<div class="pd-empty">Press Check: it runs the tests on this draft.</div>')
        else:
            draw_results(checked.tests if isinstance(checked.tests, str) else list(checked.tests))
    with elements:
        _elements(draft, desk, policies, state.selected)


def _elements(draft: Draft, desk: Desk, policies: Mapping[str, Any], selected: str | None) -> None:
    """The elements of the draft for the keyboard; choosing one selects it in the editor, with its properties."""
    try:
        model = model_board.read_model(desk.xml)
    except ModelRefused:
        st.html('<div class="pd-empty">The model cannot be read just now; Check says why.</div>')
        return
    with platform().reading() as session:
        forms = definitions.part(session, draft.base, "forms") if draft.base else {}
    parts = {"forms": forms, "policies": policies}
    chosen = draw_elements(model, parts, {}, selected, key=f"draft-elements-{draft.id}")
    if chosen is not None:
        st.session_state[f"focus-{draft.id}"] = chosen
        st.rerun()


def _saved(draft: Draft) -> int:
    """Row version of this session; the fragment's own argument is older after a save."""
    desk = st.session_state.get(f"desk-{draft.id}")
    return desk.version if desk else 0


def _save(me: Viewer, draft: str, desk: Desk, xml: str) -> bool:
    """Keep an edit; `False` when it could not be kept."""
    try:
        desk.version = drafts.save(me.actor, platform(), draft, xml, desk.version)
    except Conflict as conflict:
        st.warning(str(conflict))
        return False
    except ServiceError as refusal:
        st.error(f"The last edit is not kept: {refusal}")
        return False
    desk.xml = xml
    return True


def _bar(me: Viewer, draft: Draft, desk: Desk, checked: Checked | None) -> None:
    """One primary action, and the two ways out."""
    said, act, away, back = st.columns([4, 2, 2, 2], vertical_alignment="center")
    now = platform().now()
    kept = (
        "every edit is kept"
        if desk.version > desk.opened
        else f"kept {moment(draft.changed_at, now, me.zone)}"
    )
    left = f" · ■ {checked.left}" if checked and checked.left else ""
    said.html(f'<p class="pd-muted" role="status">My draft, {draft.title.lower()}; {kept}{escape(left)}</p>')
    if checked is not None and checked.clean:
        if act.button("Ask to publish", type="primary", width="stretch"):
            _propose(me, draft.id)
    else:
        act.button("Check", type="primary", width="stretch", on_click=_keep_check, args=(draft.id,))
    if away.button("Put the draft away", width="stretch", help="It stays in the records."):
        drafts.discard(me.actor, platform(), draft.id)
        put(draft=None)
        st.rerun()
    if back.button("Show the live version", width="stretch"):
        put(draft=None, process=draft.process)
        st.rerun()


def _keep_check(draft: str) -> None:
    st.session_state[f"checked-{draft}"] = check(draft)


def _propose(me: Viewer, draft: str) -> None:
    try:
        version = drafts.propose(me.actor, platform(), draft)
    except (ServiceError, ModelRefused) as refusal:
        st.warning(str(refusal))
        return
    put(draft=None, process=version.process, version=str(version.version))
    st.rerun()


def _for_editor(finding: Finding) -> dict[str, str | None]:
    return {"element": finding.element or None, "severity": finding.severity, "message": finding.message}


def finding_rows(findings: Sequence[Finding]) -> list[TableRow]:
    """Rows of the findings; the number in the id keeps two findings of one element apart."""
    return [
        TableRow(
            id=f"{number}:{finding.element}",
            cells=(
                Cell(finding.element or "the whole model", detail=f"line {finding.line}"),
                Cell(
                    finding.message,
                    detail="stops publication" if definitions.stops_deployment(finding) else "advice",
                ),
                Cell(finding.expected),
                Cell(finding.rule),
            ),
        )
        for number, finding in enumerate(findings)
    ]


def _findings(draft: str, checked: Checked | None) -> None:
    """What the server found; choosing one brings its element to the centre of the editor."""
    if checked is None:
        st.html(
            '<div class="pd-empty">Press Check: the server looks at the draft as it does before deployment.</div>'
        )
        return
    if not checked.findings:
        st.markdown("✓ Nothing was found.")
        return
    chosen = row_table(
        COLUMNS,
        finding_rows(checked.findings),
        key=f"findings-{draft}",
        caption="Findings; choosing one shows its element",
        height=300,
    )
    if chosen is not None:
        number, _, element = chosen.partition(":")
        st.session_state[f"focus-{draft}"] = element or None
        st.session_state[f"rule-{draft}"] = checked.findings[int(number)].rule
        st.rerun()
    _rule(st.session_state.get(f"rule-{draft}"))


def _rule(rule: str | None) -> None:
    """The page of a rule, with the wrong and the right model."""
    page = RULES / f"{rule}.md"
    if rule is not None and page.is_file():
        with st.expander(f"The rule {rule}, with an example that is right", expanded=True):
            # Without a language: the highlighting of Streamlit is too pale for WCAG AA.
            st.markdown(page.read_text(encoding="utf-8").replace("```xml", "```text"))
