from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from .conftest import Mount

XML = (Path(__file__).parent / "valid-two-steps.bpmn").read_text(encoding="utf-8")
HTML = '<div class="pd-failure" hidden></div><div class="pd-diagram" role="group"></div>'


def _data(**changes: Any) -> dict[str, Any]:
    data = {
        "xml": XML,
        "revision": "1",
        "counts": {},
        "active": [],
        "done": [],
        "late": [],
        "selected": None,
        "height": 400,
        "label": "Process diagram",
    }
    return {**data, **changes}


def _badges(mounted: Mount, element: str) -> list[str]:
    return mounted.page.locator(f'[data-container-id="{element}"] .pd-badge').all_inner_texts()


def _classes(mounted: Mount, element: str) -> set[str]:
    found = mounted.page.locator(f'[data-element-id="{element}"]').first.get_attribute("class") or ""
    return {name for name in found.split() if name.startswith("pd-")}


def _script() -> None:
    import streamlit as st

    from dashboard.components.diagram import Count, diagram

    st.session_state.clicked = diagram("<xml/>", key="d", counts={"a": Count(3, 1)}, active=["a"])


def test_the_page_gets_none_until_somebody_clicks() -> None:
    app = AppTest.from_function(_script).run()
    assert not app.exception
    assert app.session_state.clicked is None


@pytest.mark.browser
def test_states_and_counts_stand_on_the_elements_in_shapes_and_words(
    mount: Callable[[str, str], Mount],
) -> None:
    mounted = mount("viewer", HTML)
    mounted.draw(
        _data(
            active=["decide"],
            done=["start", "f1"],
            late=["notify"],
            selected="decide",
            counts={"notify": {"waiting": 42, "late": 5}, "decide": {"waiting": 7, "late": 0}},
        )
    )
    assert _badges(mounted, "start") == ["✓"]
    assert _badges(mounted, "decide") == ["● now", "7"]
    assert _badges(mounted, "notify") == ["■ late", "42", "■ 5"]
    assert _classes(mounted, "decide") == {"pd-active", "pd-selected"}
    assert _classes(mounted, "f1") == {"pd-done"}


@pytest.mark.browser
def test_a_rerun_replaces_what_the_last_one_drew(mount: Callable[[str, str], Mount]) -> None:
    mounted = mount("viewer", HTML)
    mounted.draw(_data(active=["decide"], counts={"decide": {"waiting": 1, "late": 0}}))
    mounted.draw(_data(active=["notify"], done=["decide"]))
    assert _badges(mounted, "decide") == ["✓"]
    assert _badges(mounted, "notify") == ["● now"]
    assert _classes(mounted, "decide") == {"pd-done"}


@pytest.mark.browser
def test_ids_of_another_version_of_the_model_are_ignored(mount: Callable[[str, str], Mount]) -> None:
    mounted = mount("viewer", HTML)
    mounted.draw(_data(active=["gone"], counts={"gone": {"waiting": 1, "late": 1}}, selected="gone"))
    assert mounted.page.locator(".pd-badge").count() == 0
    assert mounted.page.locator('[data-element-id="decide"]').count() == 1


@pytest.mark.browser
def test_a_click_on_an_element_is_told_and_a_click_beside_it_is_not(
    mount: Callable[[str, str], Mount],
) -> None:
    mounted = mount("viewer", HTML)
    mounted.draw(_data())
    mounted.page.locator('[data-element-id="decide"]').click()
    mounted.page.mouse.click(30, 200)
    assert mounted.emitted("clicked") == ["decide"]


@pytest.mark.browser
def test_the_whole_diagram_is_in_view_and_the_watermark_uncovered(mount: Callable[[str, str], Mount]) -> None:
    mounted = mount("viewer", HTML)
    mounted.draw(_data())
    frame = mounted.page.locator(".pd-diagram").bounding_box()
    assert frame is not None
    for element in ("start", "end"):
        box = mounted.page.locator(f'[data-element-id="{element}"]').first.bounding_box()
        assert box is not None
        assert frame["x"] <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"]
    assert _watermark_is_on_top(mounted)


@pytest.mark.browser
def test_a_large_model_opens_at_the_token_in_a_size_that_can_be_read(
    mount: Callable[[str, str], Mount],
) -> None:
    mounted = mount("viewer", HTML)
    mounted.draw(_data(xml=XML.replace('x="592" y="102"', 'x="4592" y="102"'), active=["end"]))
    frame = mounted.page.locator(".pd-diagram").bounding_box()
    box = mounted.page.locator('[data-element-id="end"]').first.bounding_box()
    assert frame is not None
    assert box is not None
    assert box["width"] >= 0.6 * 36
    assert frame["x"] < box["x"] < frame["x"] + frame["width"] - box["width"]


@pytest.mark.browser
def test_a_model_that_cannot_be_read_is_said_and_a_good_one_takes_its_place(
    mount: Callable[[str, str], Mount],
) -> None:
    mounted = mount("viewer", HTML)
    mounted.draw(_data(xml="<not-bpmn/>", revision="bad"))
    note = mounted.page.locator(".pd-failure")
    assert "The diagram cannot be drawn" in note.inner_text()
    mounted.draw(_data(revision="good"))
    assert note.is_hidden()
    assert mounted.page.locator('[data-element-id="decide"]').count() == 1


def _watermark_is_on_top(mounted: Mount) -> bool:
    """The licence of bpmn-js asks for it: visible and covered by nothing."""
    return bool(
        mounted.page.evaluate(
            """() => {
                const mark = document.querySelector(".bjs-powered-by");
                const box = mark.getBoundingClientRect();
                const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                return box.width > 0 && mark.contains(top);
            }"""
        )
    )
