"""Every rule has a page, and the page's own models prove it."""

import re
from pathlib import Path

import pytest

from pdflow.engine import rules
from pdflow.engine.lint import LintContext, lint
from pdflow.engine.rules import RULES
from tests.engine.rules.snippets import model

PAGES = Path(__file__).parents[3] / "docs" / "rules"
KNOWN = LintContext(decisions=frozenset({"presumption"}), policies=frozenset({"notify", "decide"}))
BY_NAME = [pytest.param(rule, id=rule.name) for rule in RULES]


def example(rule_name: str, heading: str) -> bytes:
    page = (PAGES / f"{rule_name}.md").read_text(encoding="utf-8")
    found = re.search(rf"## {heading}\n\n```xml\n(.*?)```", page, re.S)
    assert found, f"docs/rules/{rule_name}.md has no example under '{heading}'"
    return model(found[1])


@pytest.mark.parametrize("rule", BY_NAME)
def test_the_wrong_model_of_the_page_is_found(rule):
    hits = [one for one in lint(example(rule.name, "Wrong"), context=KNOWN) if one.rule == rule.name]
    assert hits
    assert all(hit.severity == rule.severity and hit.message and hit.expected and hit.line for hit in hits)


@pytest.mark.parametrize("rule", BY_NAME)
def test_the_right_model_of_the_page_has_no_error_and_no_finding_of_the_rule(rule):
    findings = lint(example(rule.name, "Right"), context=KNOWN)
    assert [str(one) for one in findings if one.rule == rule.name or one.severity == "error"] == []


@pytest.mark.parametrize("rule", BY_NAME)
def test_the_page_says_the_weight_of_the_rule(rule):
    page = (PAGES / f"{rule.name}.md").read_text(encoding="utf-8")
    assert f"**Weight:** {rule.severity}" in page
    assert ("run --force` runs the model" in page) == (rule.severity == "error" and not rule.stops)


def test_every_file_of_a_rule_is_registered_under_its_name_and_listed():
    files = {path.stem for path in Path(rules.__file__).parent.glob("[!_]*.py")}
    names = [rule.name for rule in RULES]
    assert {name.replace("-", "_") for name in names} == files
    assert len(names) == len(set(names))
    listed = (PAGES / "README.md").read_text(encoding="utf-8")
    assert [name for name in names if f"[{name}]({name}.md)" not in listed] == []


def test_every_page_belongs_to_a_rule():
    assert {path.stem for path in PAGES.glob("*.md")} - {"README"} == {rule.name for rule in RULES}
