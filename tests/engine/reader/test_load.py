"""What a model becomes when it is read, and what is refused with element and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from pdflow.engine import ModelRefused, load
from pdflow.engine.reader.guard import MAX_BYTES, MAX_DEPTH
from tests.engine.models import (
    CANCEL,
    TOP,
    boundary,
    bpmn,
    compensate,
    condition,
    end,
    error,
    ext,
    file,
    flow,
    flows,
    io,
    link,
    loop,
    message,
    multi,
    node,
    process,
    script,
    signal,
    start,
    sub,
    timer,
    user,
)  # fmt: skip

SUITE = Path(__file__).parents[2] / "suites" / "bpmn-miwg"


def refusal(xml: bytes) -> ModelRefused:
    with pytest.raises(ModelRefused) as refused:
        load(xml, name="m.bpmn")
    assert refused.value.code == "model-refused"
    assert all(
        finding.file == "m.bpmn" and finding.severity == "error" and finding.message
        for finding in refused.value.findings
    )
    return refused.value


@pytest.mark.parametrize(
    ("xml", "rule"),
    [
        (b'<!DOCTYPE a SYSTEM "http://example.org/x.dtd"><a/>', "xml-doctype"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "xml-doctype"),
        (b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>', "xml-doctype"),
        (b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1), "xml-depth"),
        (b"<a>" * 1000, "xml-depth"),
        (b"<a>" + b"<b/>" * 100_001 + b"</a>", "xml-elements"),
        (b"<a>" + b" " * MAX_BYTES + b"</a>", "xml-size"),
        (b"<a><b></a>", "xml-syntax"),
        (b"", "xml-syntax"),
        (b"not xml", "xml-syntax"),
        (b"<a>&unknown;</a>", "xml-syntax"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', "xml-syntax"),
        (b"<html/>", "bpmn-root"),
        (file(), "process-missing"),
    ],
    ids=["doctype", "external entity", "entity expansion", "201 deep", "1,000 deep", "too many elements", "too large", "not closed", "empty",
         "no XML", "unknown entity", "unknown encoding", "not BPMN", "no process"],
)  # fmt: skip
def test_hostile_and_broken_files_are_refused_in_a_sentence(xml, rule):
    """Hazard: an external entity read local files; size and depth were not bounded."""
    assert refusal(xml).findings[0].rule == rule


def case(case_id: str, element: str, rule: str, *parts: str, top: str = TOP) -> object:
    return pytest.param(bpmn(*parts, top=top), element, rule, id=case_id)


def catch(node_id: str, *definitions: str, **attributes: str) -> str:
    return node("intermediateCatchEvent", node_id, *definitions, **attributes)


def throw(node_id: str, *definitions: str) -> str:
    return node("intermediateThrowEvent", node_id, *definitions)


S = start()
LINE = flows("s -> x")
EVENT_SUB = {"triggeredByEvent": "true"}

REFUSED = [
    case("a flow from nowhere", "n_x", "reference", S, user("x"), LINE, flow("n -> x")),
    case("a flow across a border", "s_a", "flow-scope", S, sub("x", user("a")), flows("s -> x"), flow("s -> a")),
    case("two elements of one id", "x", "id-duplicate", S, user("x"), user("x"), LINE),
    case("an element without id", "p", "id-missing", S, "<userTask />", user("x"), LINE),
    case("a default flow of another", "x", "default-flow", S, user("x", default="s_x"), LINE),
    case("a condition out of a parallel gateway", "g_x", "flow-condition", S, node("parallelGateway", "g"), user("x"), flows("s -> g"), flow("g -> x", "a")),
    case("a choreography task", "ct", "element-unknown", S, node("choreographyTask", "ct"), user("x"), LINE),
    case("a start quantity", "x", "quantity", S, user("x", startQuantity="2"), LINE),
    case("a completion quantity", "x", "quantity", S, user("x", completionQuantity="3"), LINE),
    case("a correlation set", "ck", "not-executed", S, user("x"), LINE, top='<collaboration id="co"><correlationKey id="ck" /></collaboration>'),
    case("a correlation property", "cp", "not-executed", S, user("x"), LINE, top='<correlationProperty id="cp" />'),
    case("a global task", "gt", "not-executed", S, user("x"), LINE, top='<globalUserTask id="gt" />'),
    case("an assignment", "di", "not-executed", S, user("x", "<dataInputAssociation id='di'><targetRef>q</targetRef><assignment><from>a</from><to>b</to></assignment></dataInputAssociation>"), LINE),
    case("execution listeners", "x", "extension-not-executed", S, user("x", ext('<zeebe:executionListeners><zeebe:executionListener eventType="start" type="t" /></zeebe:executionListeners>')), LINE),
    case("task listeners", "x", "extension-not-executed", S, user("x", ext('<zeebe:taskListeners><zeebe:taskListener eventType="create" type="t" /></zeebe:taskListeners>')), LINE),
    case("a call by version tag", "x", "binding", S, node("callActivity", "x", ext('<zeebe:calledElement processId="q" bindingType="versionTag" versionTag="1" />')), LINE),
    case(
        "a call bound to a deployment that lacks it", "x", "binding", S,
        node("callActivity", "x", ext('<zeebe:calledElement processId="q" bindingType="deployment" />')), LINE,
    ),
    case("a target of many parts", "x", "mapping-target", S, user("x", ext(io("in " + ".".join("a" * 500) + " = 1"))), LINE),
    case(
        "a parallel multiple event that is armed again by expression", "b", "event-multiple", S, user("x"),
        node("boundaryEvent", "b", message("m1") + signal("sig"), attachedToRef="x", cancelActivity="false", parallelMultiple="true"), LINE,
    ),
    case(
        "a parallel multiple event with an error", "b", "event-multiple", S, user("x"),
        node("boundaryEvent", "b", error() + signal("sig"), attachedToRef="x", parallelMultiple="true"), LINE,
    ),
    case("a call of nothing", "x", "call-target", S, node("callActivity", "x"), LINE),
    case("an unknown message", "x", "reference", S, catch("x", message("none")), LINE),
    case("an unknown signal", "x", "reference", S, catch("x", signal("none")), LINE),
    case("an unknown error", "x", "reference", S, end("x", error("none")), LINE),
    case("an unknown shared definition", "x", "reference", S, catch("x", "<eventDefinitionRef>none</eventDefinitionRef>"), LINE),
    case("an empty timer", "x", "timer", S, catch("x", "<timerEventDefinition />"), LINE),
    case("a negative timer", "x", "timer", S, catch("x", timer("duration", "-PT5S")), LINE),
    case("a condition that is missing", "x", "condition-missing", S, catch("x", "<conditionalEventDefinition />"), LINE),
    case("a catch event of nothing", "x", "event-definition", S, catch("x"), LINE),
    case("a boundary event of nothing", "b", "event-definition", S, user("x"), boundary("b", "x"), LINE),
    case("a boundary event of no activity", "b", "reference", S, end("x"), boundary("b", "x", signal("sig")), LINE),
    case("an error that does not interrupt", "b", "event-interrupting", S, user("x"), boundary("b", "x", error(), interrupting=False), LINE),
    case("a throw of a timer", "x", "event-position", S, throw("x", timer("duration", "PT1H")), LINE),
    case("a catch of an error", "x", "event-position", S, catch("x", error()), LINE),
    case("a process that starts with an error", "s", "event-position", start("s", error()), user("x"), LINE),
    case("a subprocess that starts with a message", "is", "event-position", S, sub("x", start("is", message("m2")), user("a"), flows("is -> a")), LINE),
    case("a flow into a start event", "s", "event-flow", S, user("x"), flows("s -> x -> s")),
    case("a flow out of an end event", "x", "event-flow", S, end("x"), user("a"), flows("s -> x -> a")),
    case("a cancel end outside of a transaction", "x", "event-position", S, end("x", CANCEL), LINE),
    case("a cancel end without a boundary event", "c", "cancel-boundary", S, node("transaction", "x", start("is"), end("c", CANCEL), flows("is -> c")), LINE),
    case("a cancel boundary of a task", "b", "event-position", S, user("x"), boundary("b", "x", CANCEL), LINE),
    case("compensation without handler", "b", "compensation", S, user("x"), boundary("b", "x", compensate()), LINE),
    case("compensation of the unknown", "x", "reference", S, throw("x", compensate("none")), LINE),
    case("a handler with flows", "h", "compensation", S, user("x"), user("h", isForCompensation="true"), flows("s -> x -> h")),
    case("an event subprocess with two starts", "h", "event-subprocess", S, user("x"), LINE, sub("h", start("a", signal("sig")), start("b", signal("sig")), **EVENT_SUB)),
    case("an event subprocess without event", "hs", "event-definition", S, user("x"), LINE, sub("h", start("hs"), **EVENT_SUB)),
    case("an event subprocess with a flow", "h", "event-subprocess", S, sub("h", start("hs", signal("sig")), **EVENT_SUB), flows("s -> h")),
    case("a scope in which nothing starts", "x", "scope-start", S, sub("x", user("a"), user("b"), flows("a -> b -> a")), LINE),
    case("an ad-hoc subprocess with a start", "is", "event-position", S, node("adHocSubProcess", "x", start("is")), LINE),
    case("an event gateway before a task", "g", "event-gateway", S, node("eventBasedGateway", "g"), user("x"), flows("s -> g -> x")),
    case("a parallel event gateway", "g", "event-gateway", S, node("eventBasedGateway", "g", eventGatewayType="Parallel"), catch("x", signal("sig")), flows("s -> g -> x")),
    case("a complex gateway without condition", "g", "complex-gateway", S, node("complexGateway", "g"), user("x"), flows("s -> x -> g"), flow("s -> g")),
    case("a link that leads nowhere", "x", "link", S, throw("x", link("L")), LINE),
    case("a link caught twice", "b", "link", S, throw("x", link("L")), catch("a", link("L")), catch("b", link("L")), LINE),
    case("an endless loop", "x", "loop-endless", S, user("x", "<standardLoopCharacteristics />"), LINE),
    case("a multi-instance of unknown number", "x", "loop-count", S, user("x", "<multiInstanceLoopCharacteristics />"), LINE),
    case("a behaviour that throws nothing", "x", "loop-behavior", S, user("x", multi(cardinality="2", attributes=' behavior="One"')), LINE),
    case("a condition that is no FEEL", "s_x", "feel-syntax", S, user("x"), flow("s -> x", "a ==")),
    case("a mapping that is no FEEL", "x", "feel-syntax", S, user("x", ext(io("in a = 1 +"))), LINE),
    case("a script that is no FEEL", "x", "feel-syntax", S, node("scriptTask", "x", script("import os", "a")), LINE),
    case("JUEL", "s_x", "expression-language", S, user("x"), flow("s -> x", "${a > 1}")),
    case("another language", "sx", "expression-language", S, user("x"), '<sequenceFlow id="sx" sourceRef="s" targetRef="x"><conditionExpression language="http://www.w3.org/1999/XPath">a</conditionExpression></sequenceFlow>'),
]  # fmt: skip


@pytest.mark.parametrize(("xml", "element", "rule"), REFUSED)
def test_what_would_silently_be_something_else_is_refused_with_its_element(xml, element, rule):
    findings = refusal(xml).findings
    assert (element, rule) in [(finding.element, finding.rule) for finding in findings], findings
    assert all(finding.line for finding in findings)


def test_every_reason_is_told_at_once_in_the_order_of_the_file():
    xml = bpmn(
        start(), user("x", "\n", startQuantity="2"), "\n", node("callActivity", "y"), flows("s -> x -> y")
    )
    findings = refusal(xml).findings
    assert [finding.rule for finding in findings] == ["quantity", "call-target"]
    assert findings[0].line < findings[1].line


def test_two_processes_of_one_id_are_refused():
    assert refusal(file(process("p", start()), process("p", start()))).findings[0].rule == "bpmn-unreadable"


def test_a_coordinate_that_is_no_number_is_refused_in_a_sentence():
    diagram = (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC">'
        '<bpmndi:BPMNShape bpmnElement="s"><dc:Bounds x="left" y="0" /></bpmndi:BPMNShape></bpmndi:BPMNDiagram>'
    )
    assert refusal(file(process("p", start()), diagram)).findings[0].rule == "bpmn-unreadable"


def test_the_model_knows_what_it_needs_from_others():
    xml = bpmn(
        start(), user("u", ext('<zeebe:formDefinition formId="f1" />')), user("v", ext('<zeebe:formDefinition formId="=x" />')),
        node("callActivity", "c", ext('<zeebe:calledElement processId="q" />')), node("callActivity", "c2", calledElement="r"),
        node("businessRuleTask", "b", ext('<zeebe:calledDecision decisionId="d1" resultVariable="x" />')), flows("s -> u -> v -> c -> c2 -> b"), top=TOP,
    )  # fmt: skip
    model = load(xml)
    assert model.forms() == {"f1"}
    assert model.calls() == {"q", "r"}
    assert model.decisions() == {"d1"}
    assert model.messages == {"m1": "m1", "m2": "m2"}
    assert model.processes["p"].start_events == ("s",)
    assert model.processes["p"].executable


def test_nodes_know_their_line_lane_documentation_and_place_in_the_document():
    lanes = '<laneSet id="ls"><lane id="l1" name="Officer"><flowNodeRef>u</flowNodeRef></lane></laneSet>'
    xml = bpmn(
        lanes,
        start(),
        "\n\n",
        user("u", "<documentation> Look. </documentation>", name="Look"),
        flows("s -> u"),
    )
    node_u = load(xml).nodes["u"]
    assert (node_u.line, node_u.lane, node_u.documentation, node_u.name, node_u.index) == (
        3,
        "Officer",
        "Look.",
        "Look",
        1,
    )


def test_flows_keep_their_order_of_the_document():
    model = load(
        bpmn(start(), user("b"), user("a"), flow("s -> b", flow_id="z"), flow("s -> a", flow_id="y"))
    )
    assert model.nodes["s"].outgoing == ("z", "y")


def test_prefixed_references_mean_their_local_part():
    xml = bpmn(
        start(), catch("c", '<messageEventDefinition messageRef="tns:m2" />'), flows("s -> c"), top=TOP
    )
    assert load(xml).nodes["c"].events[0].name == "m2"


def test_a_shared_event_definition_is_found_by_its_id():
    xml = bpmn(start(), catch("c", "<eventDefinitionRef>shared</eventDefinitionRef>"), flows("s -> c"),
               top=TOP + '<signalEventDefinition id="shared" signalRef="sig" />')  # fmt: skip
    assert load(xml).nodes["c"].events[0].name == "sig"


def test_data_names_of_several_words_are_names_in_expressions():
    data = '<dataObject id="do" name="Service Level" />'
    model = load(bpmn(data, start(), user("x"), flow("s -> x", '=Service Level = "high"')))
    condition_expr = model.flows["s_x"].condition
    assert condition_expr is not None
    assert condition_expr.names == {"Service Level"}


def test_data_objects_stores_and_associations_are_documentation():
    """Hazards: data associations were refused; data stores needed a Python class."""
    top = '<dataStore id="ds" name="Archive" />'
    parts = '<dataObject id="do" name="x" /><dataObjectReference id="dor" dataObjectRef="do" /><dataStoreReference id="dsr" dataStoreRef="ds" />'
    association = '<dataInputAssociation id="a"><sourceRef>dsr</sourceRef><targetRef>t</targetRef></dataInputAssociation>'
    load(bpmn(parts, start(), user("u", association), flows("s -> u"), top=top))


def test_conditions_without_and_with_an_equals_sign_are_the_same():
    first = (
        load(bpmn(start(), catch("c", condition("=a > 1")), flows("s -> c"))).nodes["c"].events[0].condition
    )
    second = (
        load(bpmn(start(), catch("c", condition("a > 1")), flows("s -> c"))).nodes["c"].events[0].condition
    )
    assert first is not None and second is not None
    assert first.text == second.text


@pytest.mark.parametrize("path", sorted(SUITE.glob("*.bpmn")), ids=lambda path: path.stem)
def test_models_of_other_tools_are_read_or_refused_with_elements_and_reasons(path):
    try:
        model = load(path.read_bytes(), name=path.name)
    except ModelRefused as refused:
        assert all(
            finding.element and finding.line and len(finding.message) > 10 for finding in refused.findings
        )
    else:
        assert model.processes
        assert all(node.line for node in model.nodes.values())


def test_a_long_chain_of_elements_is_read_without_recursion():
    """Hazard: recursion along flows, an error above 489 nodes."""
    names = [f"t{i}" for i in range(3000)]
    model = load(bpmn(start(), *(node("task", name) for name in names), flows("s -> " + " -> ".join(names))))
    assert len(model.nodes) == 3001


def test_a_loop_s_maximum_is_read():
    model = load(bpmn(start(), user("u", loop("true", maximum="4")), flows("s -> u")))
    found = model.nodes["u"].loop
    assert found is not None
    assert found.maximum == "4"


def test_a_flow_without_an_id_is_read_and_named_by_its_place():
    xml = bpmn(S, user("x"), '<sequenceFlow sourceRef="s" targetRef="x" />')
    assert list(load(xml).flows) == ["flow-0-s-x"]
