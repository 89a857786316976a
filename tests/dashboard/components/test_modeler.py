from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from .conftest import Mount

ROOT = Path(__file__).parents[3]
XML = (Path(__file__).parent / "valid-two-steps.bpmn").read_text(encoding="utf-8")
HTML = (
    '<div class="pd-failure" hidden></div><div class="pd-modeler" role="group">'
    '<div class="pd-canvas"></div><div class="pd-properties"></div></div>'
)
MODELS = sorted((ROOT / "bpmn").glob("*.bpmn"))


def _data(**changes: Any) -> dict[str, Any]:
    data = {
        "xml": XML,
        "revision": "1",
        "findings": [],
        "focus": None,
        "height": 560,
        "policies": ["decide", "notify"],
        "taskTypes": [],
        "label": "Process editor",
    }
    return {**data, **changes}


def _select(mounted: Mount, element: str) -> None:
    mounted.page.locator(f'.djs-container [data-element-id="{element}"]').first.click()


def _open_clock_group(mounted: Mount) -> None:
    mounted.page.locator('[data-group-id="group-pd-clock"] .bio-properties-panel-group-header').click()


def _last_edit(mounted: Mount) -> dict[str, str]:
    mounted.page.wait_for_function("window.emitted.some(([name]) => name === 'edited')")
    return mounted.emitted("edited")[-1]


def _script() -> None:
    import streamlit as st

    from dashboard.components.modeler import modeler

    st.session_state.state = modeler("<xml/>", revision=st.session_state.get("revision", "1"), key="m")


def test_nothing_is_edited_at_first() -> None:
    app = AppTest.from_function(_script).run()
    assert not app.exception
    state = app.session_state.state
    assert (state.xml, state.selected, state.warnings) == (None, None, [])


@pytest.mark.browser
def test_a_clock_setting_becomes_a_property_of_the_element(mount: Callable[[str, str], Mount]) -> None:
    mounted = mount("modeler", HTML)
    mounted.draw(_data())
    _select(mounted, "notify")
    _open_clock_group(mounted)
    mounted.page.select_option("#bio-properties-panel-pd-sla-policy", "notify")
    edit = _last_edit(mounted)
    assert edit["revision"] == "1"
    assert '<zeebe:property name="sla:policy" value="notify" />' in edit["xml"]
    assert '<zeebe:taskDefinition type="pd.notify" />' in edit["xml"]


@pytest.mark.browser
def test_a_setting_is_read_back_and_taken_away_again(mount: Callable[[str, str], Mount]) -> None:
    mounted = mount("modeler", HTML)
    mounted.draw(_data())
    _select(mounted, "decide")
    _open_clock_group(mounted)
    policy = mounted.page.locator("#bio-properties-panel-pd-sla-policy")
    assert policy.input_value() == "decide"
    policy.select_option("")
    assert "sla:policy" not in _last_edit(mounted)["xml"]


@pytest.mark.browser
def test_a_setting_that_the_product_does_not_know_is_kept_and_marked(
    mount: Callable[[str, str], Mount],
) -> None:
    mounted = mount("modeler", HTML)
    mounted.draw(_data(policies=["notify"]))
    _select(mounted, "decide")
    _open_clock_group(mounted)
    policy = mounted.page.locator("#bio-properties-panel-pd-sla-policy")
    assert policy.input_value() == "decide"
    assert "decide (not in the pack)" in policy.inner_text()


@pytest.mark.browser
def test_the_job_of_a_task_is_chosen_among_registered_ones(mount: Callable[[str, str], Mount]) -> None:
    mounted = mount("modeler", HTML)
    mounted.draw(_data(taskTypes=["pd.letter", "pd.notify"]))
    _select(mounted, "notify")
    mounted.page.locator('[data-group-id="group-taskDefinition"] .bio-properties-panel-group-header').click()
    job = mounted.page.locator("#bio-properties-panel-taskDefinitionType")
    assert job.input_value() == "pd.notify"
    job.select_option("pd.letter")
    assert '<zeebe:taskDefinition type="pd.letter" />' in _last_edit(mounted)["xml"]


@pytest.mark.browser
def test_a_rerun_keeps_edits_and_undo_and_only_a_new_revision_reloads(
    mount: Callable[[str, str], Mount],
) -> None:
    mounted = mount("modeler", HTML)
    mounted.draw(_data())
    _select(mounted, "notify")
    mounted.page.keyboard.press("Delete")
    assert 'id="notify"' not in _last_edit(mounted)["xml"]

    mounted.draw(_data())
    assert mounted.page.locator('[data-element-id="notify"]').count() == 0
    mounted.page.locator(".djs-container svg").first.focus()
    mounted.page.keyboard.press("Control+z")
    mounted.page.locator('.djs-container [data-element-id="notify"]').first.wait_for()

    mounted.draw(_data(revision="2", xml=XML.replace("Notify", "Serve notice")))
    assert "Serve" in mounted.page.locator('.djs-container [data-element-id="notify"]').first.text_content()
    assert [opened["revision"] for opened in mounted.emitted("opened")] == ["1", "2"]


@pytest.mark.browser
def test_edits_are_sent_at_most_every_400_milliseconds(mount_alone: Callable[[str, str], Mount]) -> None:
    mounted = mount_alone("modeler", HTML)
    mounted.draw(_data())
    mounted.page.clock.install(time=0)
    mounted.page.clock.pause_at(1000)

    def delete(element: str) -> None:
        _select(mounted, element)
        mounted.page.keyboard.press("Delete")

    def sent_after(milliseconds: int) -> int:
        mounted.page.clock.run_for(milliseconds)
        return len(mounted.emitted("edited"))

    delete("start")
    assert sent_after(10) == 1
    delete("decide")
    delete("notify")
    assert sent_after(350) == 1
    assert sent_after(50) == 2
    assert 'id="notify"' not in _last_edit(mounted)["xml"]


@pytest.mark.browser
def test_the_selected_element_is_told(mount: Callable[[str, str], Mount]) -> None:
    mounted = mount("modeler", HTML)
    mounted.draw(_data())
    _select(mounted, "decide")
    mounted.page.wait_for_function(
        "window.emitted.some(([name, value]) => name === 'selected' && value === 'decide')"
    )


@pytest.mark.browser
def test_findings_of_the_server_stand_on_their_elements_and_focus_selects(
    mount: Callable[[str, str], Mount],
) -> None:
    mounted = mount("modeler", HTML)
    findings = [
        {"element": "notify", "severity": "error", "message": "Expected a known task type."},
        {"element": "decide", "severity": "advice", "message": "Expected a clock."},
        {"element": None, "severity": "advice", "message": "Expected documentation."},
    ]
    mounted.draw(_data(findings=findings, focus="notify"))
    badges = mounted.page.locator(".djs-overlays .pd-badge")
    assert sorted(badges.all_inner_texts()) == ["■ 1", "▲ 1"]
    assert badges.first.get_attribute("title") in {finding["message"] for finding in findings}
    mounted.page.wait_for_function(
        "window.emitted.some(([name, value]) => name === 'selected' && value === 'notify')"
    )


@pytest.mark.browser
def test_settings_that_the_engine_refuses_are_not_offered(mount: Callable[[str, str], Mount]) -> None:
    mounted = mount("modeler", HTML)
    mounted.draw(_data())
    _select(mounted, "decide")
    groups = mounted.page.locator(".bio-properties-panel-group-header-title").all_inner_texts()
    assert "Clock" in groups
    assert [group for group in groups if "listener" in group.lower()] == []


@pytest.mark.browser
def test_every_model_of_the_product_opens_in_the_editor_without_a_warning(
    mount: Callable[[str, str], Mount],
) -> None:
    mounted = mount("modeler", HTML)
    for model in MODELS:
        mounted.draw(_data(xml=model.read_text(encoding="utf-8"), revision=model.name))
        assert mounted.page.locator(".pd-failure").is_hidden(), model.name
    assert mounted.emitted("opened") == [{"revision": model.name, "warnings": []} for model in MODELS]


@pytest.mark.browser
def test_what_the_editor_could_not_read_is_told(mount: Callable[[str, str], Mount]) -> None:
    mounted = mount("modeler", HTML)
    mounted.draw(_data(xml=XML.replace("<zeebe:userTask />", "<zeebe:userTask /><zeebe:invented />")))
    (opened,) = mounted.emitted("opened")
    assert any("zeebe:invented" in warning for warning in opened["warnings"])
