"""Taking something in, by phone, mail, e-mail or in person: a request, evidence, an inquiry, an appeal."""

from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from typing import Any

import streamlit as st

from dashboard.backend import platform
from dashboard.forms import draw as draw_form
from dashboard.forms import findings, opening_value
from dashboard.forms.drawing import anchor
from dashboard.identity import Viewer
from dashboard.place import chosen, go, put
from dashboard.theme import exact
from pdflow.casework import appeals, evidence, liaisons, packs, requests
from pdflow.casework.evidence import File
from pdflow.services import units
from pdflow.services.errors import ServiceError

KINDS = ("request", "evidence", "inquiry", "appeal")
WORDS = {"request": "Request", "evidence": "Evidence", "inquiry": "Inquiry", "appeal": "Appeal"}
#: Session key of the receipt of what was taken in last.
TAKEN = "taken"


def draw(me: Viewer) -> None:
    """Draw the form of the chosen kind, or the receipt of what was just taken in."""
    st.title("New")
    kind = chosen("kind", KINDS, "request")
    picked = st.segmented_control(
        "What comes in?", KINDS, default=kind, format_func=WORDS.__getitem__, key="new-kind"
    )
    if picked and picked != kind:
        put(kind=picked)
        st.session_state.pop(TAKEN, None)
        st.rerun()
    if TAKEN in st.session_state:
        _receipt(me)
        return
    {"request": _request, "evidence": _evidence, "inquiry": _inquiry, "appeal": _appeal}[kind](me)


@st.fragment
def _request(me: Viewer) -> None:
    language = st.session_state.get("new-request.language", "en")
    _warning(language)
    value = _form(me, "request", {"filed_at": _home_office(me)})
    if value is not None:
        _take(me, lambda: requests.take_in(me.actor, platform(), value), "request")


def _warning(language: str) -> None:
    """The risk of asking, in the person's language where checked words exist; else it is to be read aloud."""
    words = packs.harm_warning(language)
    english = packs.harm_warning("en") or ""
    if words:
        st.html(f'<p class="pd-banner pd-banner--warning" lang="{escape(language)}">{escape(words)}</p>')
    if not words or language != "en":
        note = "" if words else "<strong>Have an interpreter read this aloud:</strong> "
        st.html(f'<p class="pd-muted" lang="en">{note}{escape(english)}</p>')


@st.fragment
def _evidence(me: Viewer) -> None:
    case = _case_number()
    sent = st.file_uploader("File, up to 50 MB", key="new-evidence-file")
    value = _form(me, "evidence", {})
    if value is not None:
        file = File(sent.name, sent.getvalue()) if sent else None
        _take(me, lambda: evidence.add(me.actor, platform(), case, value, file), "evidence")


@st.fragment
def _inquiry(me: Viewer) -> None:
    value = _form(me, "liaison-request", {"unit": _home_office(me)})
    if value is not None:
        _take(me, lambda: liaisons.take_in(me.actor, platform(), value), "inquiry")


@st.fragment
def _appeal(me: Viewer) -> None:
    case = _case_number()
    value = _form(me, "appeal", {})
    if value is None:
        return
    if _done(lambda: appeals.file(me.actor, platform(), case, value)):
        st.session_state[TAKEN] = {"what": "appeal", "case": case, "number": "", "at": platform().now()}
        st.rerun()


def _case_number() -> str:
    return (
        st.text_input("Case number", st.query_params.get("case", ""), placeholder="K7Q-4MX").strip().upper()
    )


def _home_office(me: Viewer) -> str | None:
    return me.home if any(code == me.home for code in _offices()) else None


def _offices() -> dict[str, str]:
    with platform().reading() as session:
        return {unit.code: unit.name for unit in units.all_units(session, type="field_office")}


def _form(me: Viewer, name: str, known: Mapping[str, Any]) -> dict[str, Any] | None:
    """Draw an intake form; return its value when it is complete and sent."""
    schema = _with_offices(packs.form(name))
    key = f"new-{name}"
    opened = opening_value(schema, {k: v for k, v in known.items() if v}, {})
    marked = set(st.session_state.get(f"{key}-left", ()))
    value = draw_form(schema, opened, key=key, items={}, marked=marked)
    left = findings(schema, value)
    if st.button("Take in", type="primary", key=f"{key}-send"):
        st.session_state[f"{key}-left"] = [anchor(finding.path) for finding in left]
        if not left:
            return value
        links = "".join(f'<li><a href="#{anchor(f.path)}">{escape(f.sentence)}</a></li>' for f in left)
        st.html(f'<div class="pd-banner pd-banner--danger" role="alert">Still needed:<ul>{links}</ul></div>')
    return None


def _with_offices(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Fields that hold an office become a choice of those that are open now."""
    offices = [{"const": code, "title": f"{name} ({code})"} for code, name in _offices().items()]

    def place(node: Any) -> Any:
        if not isinstance(node, Mapping):
            return [place(each) for each in node] if isinstance(node, list) else node
        return {
            key: {**value, "oneOf": offices} if key in ("filed_at", "held_office", "unit") else place(value)
            for key, value in node.items()
        }

    return dict(place(schema))


def _take(me: Viewer, call: Callable[[], requests.Receipt], what: str) -> None:
    receipt: list[requests.Receipt] = []
    if _done(lambda: receipt.append(call())):
        taken = receipt[0]
        st.session_state[TAKEN] = {
            "what": what,
            "case": taken.case,
            "number": taken.number,
            "hash": taken.hash,
            "at": taken.at,
        }
        st.rerun()


def _done(call: Callable[[], Any]) -> bool:
    """Call a service; a refusal is shown and nothing typed is lost."""
    try:
        call()
    except ServiceError as refusal:
        st.error(str(refusal))
        for sentence in refusal.places.values():
            st.error(sentence)
        return False
    return True


def _receipt(me: Viewer) -> None:
    """The receipt, to print or to read aloud (S15)."""
    taken: dict[str, Any] = st.session_state[TAKEN]
    at: datetime = taken["at"]
    number = f"Number <strong>{escape(taken['number'])}</strong><br>" if taken["number"] else ""
    case = f"Case <strong>{escape(taken['case'])}</strong><br>" if taken["case"] else ""
    proof = f'<span class="pd-muted">Proof {taken["hash"][:16]}…</span>' if taken.get("hash") else ""
    st.html(
        f'<div class="pd-card pd-receipt"><h2>Receipt</h2>{case}{number}'
        f"Received {exact(at, me.zone)}<br>{proof}<p>Keep this number. You can ask about it by phone, mail or e-mail, "
        "in any language.</p></div>"
    )
    opened, again = st.columns(2)
    if taken["case"] and opened.button("Open the case", type="primary", width="stretch"):
        st.session_state.pop(TAKEN)
        go("case", case=taken["case"])
    if again.button("Take in something else", width="stretch"):
        st.session_state.pop(TAKEN)
        for key in [key for key in st.session_state if str(key).startswith("new-")]:
            del st.session_state[key]
        st.rerun()
