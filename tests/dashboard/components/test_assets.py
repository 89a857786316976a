from __future__ import annotations

import re
from hashlib import sha256

import pytest

from dashboard.components.assets import BUNDLES, asset_url, loader


def test_the_url_of_a_bundle_changes_with_its_content() -> None:
    digest = sha256((BUNDLES / "viewer.js").read_bytes()).hexdigest()
    assert asset_url("viewer.js") == f"/assets/viewer.js?v={digest[:12]}"


@pytest.mark.parametrize("bundle", ["viewer", "modeler"])
def test_a_loader_names_files_that_exist_and_is_taken_for_code_by_streamlit(bundle: str) -> None:
    code = loader(bundle)
    named = re.findall(r'"/assets/([^?"]+)\?', code)
    assert sorted(named) == [f"{bundle}.css", f"{bundle}.js"]
    assert all((BUNDLES / name).is_file() for name in named)
    assert "\n" in code.strip()


@pytest.mark.parametrize("name", ["viewer.css", "modeler.css"])
def test_a_style_sheet_asks_no_other_file(name: str) -> None:
    """Fonts are inside, so nothing is fetched from a path that the server does not have."""
    urls = re.findall(r"url\(([^)]{0,40})", (BUNDLES / name).read_text(encoding="utf-8"))
    assert [url for url in urls if not url.strip("\"'").startswith("data:")] == []


def test_licences_of_what_is_bundled_are_shipped_with_it() -> None:
    notices = (BUNDLES / "THIRD_PARTY_NOTICES.txt").read_text(encoding="utf-8")
    for package in ("bpmn-js ", "diagram-js ", "bpmnlint ", "zeebe-bpmn-moddle ", "preact ", "us-atlas "):
        assert f"\n{package}" in notices
    assert "watermark" in notices
