from __future__ import annotations

import pytest

from pdflow import dmn
from tests.dmn.models import NAMESPACE, decision, definitions, literal

BOMB = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<definitions name="x" namespace="y">&b;</definitions>"""
FILE = b"""<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]><definitions name="x" namespace="y">&f;</definitions>"""


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        pytest.param(BOMB, "DOCTYPE", id="entity bomb"),
        pytest.param(FILE, "DOCTYPE", id="external entity"),
        pytest.param(b"<!DOCTYPE html><definitions/>", "DOCTYPE", id="plain doctype"),
        pytest.param(
            b"<definitions>" + b"<a>" * 150 + b"</a>" * 150 + b"</definitions>", "levels", id="deep"
        ),
        pytest.param(b"<definitions>", "well-formed", id="cut off"),
        pytest.param(b"", "well-formed", id="empty"),
        pytest.param(b"not xml", "well-formed", id="text"),
        pytest.param(b"<html/>", "definitions", id="another document"),
        pytest.param(b"<definitions>" + b" " * (5 * 1024 * 1024) + b"</definitions>", "bytes", id="large"),
    ],
)
def test_a_hostile_document_is_refused(xml: bytes, message: str) -> None:
    with pytest.raises(dmn.DmnError, match=message):
        dmn.load(xml)


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        NAMESPACE,
    ],
)
def test_every_version_of_the_namespace_is_read(namespace: str) -> None:
    xml = definitions(decision("d", literal("1"))).replace(NAMESPACE.encode(), namespace.encode())
    assert dmn.load(xml).evaluate("d", {}) == 1


def test_another_expression_language_is_refused_by_name() -> None:
    logic = (
        '<literalExpression expressionLanguage="http://www.w3.org/juel"><text>1</text></literalExpression>'
    )
    model = dmn.load(definitions(decision("d", logic)))
    assert [error.code for error in model.errors] == ["language"]
    assert "juel" in model.errors[0].message


def test_a_decision_without_logic_is_a_finding() -> None:
    model = dmn.load(definitions(decision("d", "")))
    assert [error.code for error in model.errors] == ["missing"]
    assert model.evaluate("d", {}) is None
