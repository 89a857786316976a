from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_template_for_other_modelers_and_our_own_panel_offer_the_same_settings() -> None:
    (template,) = json.loads((ROOT / "bpmn/templates/clock.json").read_text(encoding="utf-8"))
    offered = [entry["binding"]["name"] for entry in template["properties"]]
    panel = (ROOT / "dashboard/components/src/modeler/clockGroup.js").read_text(encoding="utf-8")
    assert offered == re.findall(r"name: '([a-z]+:[a-z]+)'", panel)
