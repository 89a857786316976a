from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pdflow import dmn, feel
from tests.dmn.models import decision, definitions, input_data, literal, requires


def test_a_decision_sees_only_what_it_requires() -> None:
    model = dmn.load(
        definitions(
            input_data("amount", "number")
            + decision("base", literal("amount * 2"), requires("input:amount"))
            + decision("good", literal("base + 1"), requires("decision:base"))
            + decision("leaky", literal("amount"), requires("decision:base"))
        )
    )
    assert model.errors == []
    assert model.evaluate("good", {"amount": 5}) == 11
    value, warnings = model.evaluate_with_warnings("leaky", {"amount": 5})
    assert value is None
    assert warnings[-1].code == "unknown-name"


def test_a_decision_is_found_by_name_or_id() -> None:
    model = dmn.load(definitions(decision("the answer", literal("42"))))
    assert model.evaluate("the answer", {}) == model.evaluate("the_answer", {}) == 42
    assert model.decisions == ["the answer"]


def test_a_variable_of_another_name_is_what_expressions_use() -> None:
    body = '<decision name="Base rate" id="b"><variable name="rate"/>' + literal("2") + "</decision>"
    model = dmn.load(definitions(body + decision("d", literal("rate * 3"), requires("decision:b"))))
    assert model.evaluate("d", {}) == 6
    assert model.evaluate("Base rate", {}) == 2


def test_decisions_without_ids_are_told_apart() -> None:
    body = "".join(f'<decision name="{name}">{literal(name)}</decision>' for name in ("1", "2"))
    model = dmn.load(definitions(body))
    assert (model.evaluate("1", {}), model.evaluate("2", {})) == (1, 2)


def test_an_unknown_decision_is_refused_with_the_known_ones() -> None:
    with pytest.raises(dmn.DmnError, match=r"expected a decision of 'test' \(a, b\), found 'c'"):
        dmn.load(definitions(decision("a", literal("1")) + decision("b", literal("2")))).evaluate("c", {})


def test_a_long_chain_of_decisions_does_not_recurse() -> None:
    body = decision("d0", literal("1")) + "".join(
        decision(f"d{i}", literal(f"d{i - 1} + 1"), requires(f"decision:d{i - 1}")) for i in range(1, 1500)
    )
    assert dmn.load(definitions(body)).evaluate("d1499", {}) == 1500


def test_a_shared_decision_is_evaluated_once() -> None:
    levels = decision("d0", literal("1")) + "".join(
        decision(f"d{i}", literal(f"d{i - 1} + d{i - 1}"), requires(f"decision:d{i - 1}"))
        for i in range(1, 60)
    )
    assert dmn.load(definitions(levels)).evaluate("d59", {}, steps=2_000) == 2**59


def test_a_cycle_is_a_finding_and_ends() -> None:
    model = dmn.load(
        definitions(
            decision("a", literal("b"), requires("decision:b"))
            + decision("b", literal("a"), requires("decision:a"))
        )
    )
    assert [error.code for error in model.errors] == ["cycle"]
    assert model.evaluate("a", {}) is None


def test_a_reference_to_nothing_is_a_finding() -> None:
    model = dmn.load(definitions(decision("a", literal("1"), requires("decision:missing"))))
    assert [error.code for error in model.errors] == ["reference"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [(5, 5), ([5], 5), ("5", None), (11, None), (None, None)],
    ids=["conforming", "list of one", "other type", "not allowed", "null"],
)
def test_inputs_conform_to_their_item_definition(given: object, expected: object) -> None:
    item = (
        '<itemDefinition name="small"><typeRef>number</typeRef>'
        "<allowedValues><text>[0..10]</text></allowedValues></itemDefinition>"
    )
    model = dmn.load(
        definitions(
            item + input_data("x", "small") + decision("d", literal("x"), requires("input:x"), "small")
        )
    )
    assert model.evaluate("d", {"x": given}) == expected


def test_an_item_definition_made_of_itself_is_a_finding() -> None:
    item = '<itemDefinition name="t"><itemComponent name="next"><typeRef>t</typeRef></itemComponent></itemDefinition>'
    assert [error.code for error in dmn.load(definitions(item)).errors] == ["cycle"]


def test_an_unknown_type_is_a_finding() -> None:
    model = dmn.load(definitions(decision("d", literal("1"), type_="tNowhere")))
    assert [(error.code, error.element) for error in model.errors] == [("unknown-type", "d")]


KNOWLEDGE = (
    '<businessKnowledgeModel name="factorial" id="factorial"><variable name="factorial"/><encapsulatedLogic>'
    '<formalParameter name="n" typeRef="number"/>'
    + literal("if n < 2 then 1 else n * factorial(n - 1)")
    + "</encapsulatedLogic></businessKnowledgeModel>"
)


def test_a_business_knowledge_model_may_call_itself() -> None:
    body = KNOWLEDGE + decision(
        "d", literal("factorial(10)"), requires("knowledge:factorial", kind="knowledge")
    )
    assert dmn.load(definitions(body)).evaluate("d", {}) == 3628800


def test_a_recursion_through_deep_boxed_expressions_runs_out_of_budget() -> None:
    logic = "<list>" * 40 + literal("deep(n + 1)") + "</list>" * 40
    knowledge = (
        '<businessKnowledgeModel name="deep" id="deep"><variable name="deep"/><encapsulatedLogic>'
        f'<formalParameter name="n"/>{logic}</encapsulatedLogic></businessKnowledgeModel>'
    )
    body = knowledge + decision("d", literal("deep(1)"), requires("knowledge:deep", kind="knowledge"))
    with pytest.raises(feel.BudgetExceeded):
        dmn.load(definitions(body)).evaluate("d", {})


def test_the_deepest_boxed_expression_that_is_accepted_can_be_evaluated() -> None:
    model = dmn.load(definitions(decision("d", "<list>" * 90 + literal("1") + "</list>" * 90)))
    assert model.errors == []
    assert isinstance(model.evaluate("d", {}), list)


def test_a_long_chain_of_knowledge_does_not_recurse() -> None:
    def part(number: int, text: str, requirements: str) -> str:
        logic = f"<encapsulatedLogic>{literal(text)}</encapsulatedLogic>"
        name = f"k{number}"
        return (
            f'<businessKnowledgeModel name="{name}" id="{name}"><variable name="{name}"/>'
            f"{logic}{requirements}</businessKnowledgeModel>"
        )

    chain = part(0, "7", "") + "".join(
        part(i, f"if false then k{i - 1}() else {i}", requires(f"knowledge:k{i - 1}", kind="knowledge"))
        for i in range(1, 1200)
    )
    body = chain + decision("d", literal("k1199()"), requires("knowledge:k1199", kind="knowledge"))
    model = dmn.load(definitions(body))
    assert model.errors == []
    assert model.evaluate("d", {}) == 1199


def test_types_nested_without_measure_are_a_finding() -> None:
    items = "".join(
        f'<itemDefinition name="t{i}"><itemComponent name="x"><typeRef>t{i + 1}</typeRef></itemComponent></itemDefinition>'
        for i in range(1200)
    )
    last = '<itemDefinition name="t1200"><typeRef>string</typeRef></itemDefinition>'
    assert "nesting" in {error.code for error in dmn.load(definitions(items + last)).errors}


def test_a_recursion_without_end_runs_out_of_budget() -> None:
    body = KNOWLEDGE + decision(
        "d", literal("factorial(1e9)"), requires("knowledge:factorial", kind="knowledge")
    )
    with pytest.raises(feel.BudgetExceeded):
        dmn.load(definitions(body)).evaluate("d", {})


def test_a_boxed_invocation_passes_arguments_by_name() -> None:
    binding = f'<binding><parameter name="n"/>{literal("4")}</binding>'
    logic = f"<invocation>{literal('factorial')}{binding}</invocation>"
    body = KNOWLEDGE + decision("d", logic, requires("knowledge:factorial", kind="knowledge"))
    assert dmn.load(definitions(body)).evaluate("d", {}) == 24


SERVICE = (
    '<decisionService name="service" id="service"><variable name="service"/><outputDecision href="#total"/>'
    '<inputDecision href="#rate"/><inputData href="#amount"/></decisionService>'
    + input_data("amount", "number")
    + decision("rate", literal("2"), type_="number")
    + decision("total", literal("amount * rate"), requires("input:amount", "decision:rate"))
)


def test_a_decision_service_replaces_its_input_decisions() -> None:
    model = dmn.load(definitions(SERVICE))
    assert model.services == ["service"]
    assert model.evaluate("total", {"amount": 10}) == 20
    assert model.evaluate("service", {"amount": 10, "rate": 3}) == 30


def test_a_decision_service_is_a_function() -> None:
    body = SERVICE + decision("d", literal("service(10, 5)"), requires("knowledge:service", kind="knowledge"))
    assert dmn.load(definitions(body)).evaluate("d", {"amount": 1}) == 50


def test_imported_decisions_and_functions_are_reached_through_the_imports_name() -> None:
    imported = definitions(
        KNOWLEDGE
        + input_data("x y", "number")
        + decision("base value", literal("x y + 1"), requires("input:x_y")),
        "lib",
        "http://example.org/lib",
    )
    body = (
        '<import namespace="http://example.org/lib" name="lib 1" '
        'importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
    ) + decision(
        "d",
        literal("lib 1.factorial(4) + lib 1.base value"),
        requires("decision:http://example.org/lib#base_value")
        + requires("knowledge:http://example.org/lib#factorial", kind="knowledge"),
    )
    model = dmn.load(definitions(body), imported)
    assert model.errors == []
    assert model.evaluate("d", {"x y": 5}) == 30
    assert model.evaluate("d", {"{http://example.org/lib}x y": 6, "x y": 0}) == 31


def test_a_missing_import_is_a_finding() -> None:
    body = '<import namespace="http://example.org/lib" name="lib" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
    assert [error.code for error in dmn.load(definitions(body)).errors] == ["import"]


def test_models_that_import_each_other_are_a_finding() -> None:
    def part(own: str, other: str) -> bytes:
        kind = "https://www.omg.org/spec/DMN/20230324/MODEL/"
        body = f'<import namespace="{other}" name="o" importType="{kind}"/>'
        return definitions(body, own, own)

    assert [error.code for error in dmn.load(part("urn:a", "urn:b"), part("urn:b", "urn:a")).errors] == [
        "import"
    ]


def test_the_clock_reaches_decisions() -> None:
    model = dmn.load(definitions(decision("d", literal("now()"))))
    instant = datetime(2026, 1, 1, tzinfo=UTC)
    assert feel.to_python(model.evaluate("d", {}, clock=lambda: instant)) == instant
    assert model.evaluate("d", {}) is None


def test_an_external_function_is_a_registered_callable() -> None:
    text = 'function(x) external {java: {class: "org.example.Tax", method signature: "rate(double)"}}'
    logic = f'<context><contextEntry><variable name="f"/>{literal(text)}</contextEntry><contextEntry>{literal("f(4)")}</contextEntry></context>'
    xml = definitions(decision("d", logic))
    assert dmn.load(xml, externals={"org.example.Tax.rate(double)": lambda x: x * 2}).evaluate("d", {}) == 8
    value, warnings = dmn.load(xml).evaluate_with_warnings("d", {})
    assert value is None
    assert "registered callable" in warnings[-1].message
