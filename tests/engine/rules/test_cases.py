"""Cases beyond the pages: what a rule must find, element by element, and what it must leave alone."""

import pytest

from pdflow.engine import ModelRefused, load
from pdflow.engine.lint import LintContext, check, lint, read
from tests.engine.rules.snippets import model

TIMER = '<timerEventDefinition id="td"><timeDuration>PT1H</timeDuration></timerEventDefinition>'
CONDITION = "<conditionExpression>= x &gt; 1</conditionExpression>"


def zeebe(*elements: str) -> str:
    return f"<extensionElements>{''.join(f'<zeebe:{one}/>' for one in elements)}</extensionElements>"


def timer(kind: str, text: str) -> str:
    """A timer event behind a task."""
    definition = f'<timerEventDefinition id="d"><{kind}>{text}</{kind}></timerEventDefinition>'
    return f'<task id="w"/>{flow("wf", "w", "e")}<intermediateCatchEvent id="e">{definition}</intermediateCatchEvent>'


def flow(identifier: str, source: str, target: str, inside: str = "") -> str:
    return (
        f'<sequenceFlow id="{identifier}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'
    )


# name: rule, snippet, ids of the elements found
FOUND = {
    "a diagram id counts too": ("duplicate-id", '<task id="p"/>', ["p"]),
    "flow from nowhere": ("dangling-reference", '<task id="t"/>' + flow("f", "gone", "t"), ["f"]),
    "flow to a data object": (
        "dangling-reference",
        '<task id="t"/><dataObject id="o"/>' + flow("f", "t", "o"),
        ["f"],
    ),
    "flow without ends": ("dangling-reference", '<task id="t"/><sequenceFlow id="f"/>', ["f", "f"]),
    "boundary of nothing": (
        "dangling-reference",
        f'<task id="t"/><boundaryEvent id="b" attachedToRef="no">{TIMER}</boundaryEvent>',
        ["b"],
    ),
    "message that is a signal": (
        "dangling-reference",
        '<signal id="s" name="s"/><process id="p" isExecutable="true"><receiveTask id="t" messageRef="s"/></process>',
        ["t"],
    ),
    "signal that is not there": (
        "dangling-reference",
        '<startEvent id="e"><signalEventDefinition id="d" signalRef="gone"/></startEvent>',
        ["e"],
    ),
    "default that is not there": ("dangling-reference", '<task id="t" default="gone"/>', ["t"]),
    "lane member that is not there": (
        "dangling-reference",
        '<laneSet id="ls"><lane id="l"><flowNodeRef>gone</flowNodeRef></lane></laneSet><task id="t"/>',
        ["l"],
    ),
    "compensated activity that is not there": (
        "dangling-reference",
        '<intermediateThrowEvent id="e"><compensateEventDefinition id="d" activityRef="gone"/></intermediateThrowEvent>',
        ["e"],
    ),
    "flow between processes": (
        "flow-across-scope",
        f'<process id="p" isExecutable="true"><task id="a"/>{flow("f", "a", "b")}</process><process id="q"><task id="b"/></process>',
        ["f"],
    ),
    "flow out of a subprocess": (
        "flow-across-scope",
        f'<subProcess id="s"><task id="a"/>{flow("f", "a", "b")}</subProcess><task id="b"/>',
        ["f"],
    ),
    "message flow to nothing": (
        "message-flow",
        '<collaboration id="c"><participant id="x" processRef="p"/><messageFlow id="mf" sourceRef="x" targetRef="no"/>'
        '</collaboration><process id="p" isExecutable="true"><task id="t"/></process>',
        ["mf"],
    ),
    "boundary with an incoming flow": (
        "boundary-event",
        f'<task id="t"/><boundaryEvent id="b" attachedToRef="t">{TIMER}</boundaryEvent>'
        + flow("f", "t", "b"),
        ["b"],
    ),
    "boundary of an event": (
        "boundary-event",
        f'<startEvent id="t"/><boundaryEvent id="b" attachedToRef="t">{TIMER}</boundaryEvent>',
        ["b"],
    ),
    "boundary of an event subprocess": (
        "boundary-event",
        f'<task id="t"/><subProcess id="s" triggeredByEvent="true"><startEvent id="a">{TIMER}</startEvent></subProcess>'
        '<boundaryEvent id="b" attachedToRef="s"><signalEventDefinition id="sd"/></boundaryEvent>',
        ["b"],
    ),
    "boundary of an activity in another scope": (
        "boundary-event",
        f'<subProcess id="s"><task id="t"/></subProcess><boundaryEvent id="b" attachedToRef="t">{TIMER}</boundaryEvent>',
        ["b"],
    ),
    "three ways, two without a condition": (
        "gateway-condition",
        '<inclusiveGateway id="g"/>'
        + flow("f1", "g", "a", CONDITION)
        + flow("f2", "g", "b")
        + flow("f3", "g", "c")
        + '<task id="a"/><task id="b"/><task id="c"/>',
        ["f2", "f3"],
    ),
    "default with a condition": (
        "default-flow",
        '<exclusiveGateway id="g" default="f"/>' + flow("f", "g", "a", CONDITION) + '<task id="a"/>',
        ["f"],
    ),
    "condition behind a parallel gateway": (
        "conditional-flow",
        '<parallelGateway id="g"/>' + flow("f", "g", "a", CONDITION) + '<task id="a"/>',
        ["f"],
    ),
    "a loop apart": (
        "unreachable-node",
        '<startEvent id="s"/><task id="a"/><task id="b"/>' + flow("f", "a", "b") + flow("g", "b", "a"),
        ["a", "b"],
    ),
    "forgotten inside a subprocess": (
        "unreachable-node",
        '<subProcess id="s"><startEvent id="e"/><task id="t"/></subProcess>',
        ["t"],
    ),
    "boundary of what is unreachable": (
        "unreachable-node",
        f'<startEvent id="s"/><task id="t"/><boundaryEvent id="b" attachedToRef="t">{TIMER}</boundaryEvent>',
        ["t", "b"],
    ),
    "a subprocess that turns in a circle": (
        "no-start",
        '<startEvent id="e"/><subProcess id="s"><task id="a"/><task id="b"/>'
        + flow("f", "a", "b")
        + flow("g", "b", "a")
        + "</subProcess>"
        + flow("h", "e", "s"),
        ["s"],
    ),
    "an only flow with a condition": (
        "conditional-flow",
        '<task id="t"/>' + flow("f", "t", "u", CONDITION) + '<task id="u"/>',
        ["f"],
    ),
    "a called process that begins with a timer": (
        "called-element",
        '<process id="p" isExecutable="true"><callActivity id="c" calledElement="q"/></process>'
        f'<process id="q" isExecutable="true"><startEvent id="s">{TIMER}</startEvent></process>',
        ["c"],
    ),
    "an event definition of another event": (
        "dangling-reference",
        '<startEvent id="s"><signalEventDefinition id="d"/></startEvent>'
        '<startEvent id="r"><eventDefinitionRef>d</eventDefinitionRef></startEvent>',
        ["r"],
    ),
    "a message flow from a start event to an end event": (
        "message-flow",
        '<collaboration id="k"><participant id="x" processRef="p"/><participant id="y" processRef="q"/>'
        '<messageFlow id="mf" sourceRef="s" targetRef="e"/></collaboration><process id="p" isExecutable="true">'
        '<startEvent id="s"/></process><process id="q"><startEvent id="r"/>'
        + flow("f", "r", "e")
        + '<endEvent id="e"/></process>',
        ["mf", "mf"],
    ),
    "a message flow to a note": (
        "message-flow",
        '<collaboration id="k"><participant id="x" processRef="p"/><participant id="y"/><textAnnotation id="n"/>'
        '<messageFlow id="mf" sourceRef="y" targetRef="n"/></collaboration><process id="p" isExecutable="true"><task id="t"/></process>',
        ["mf"],
    ),
    "a specification of a subprocess": (
        "io-specification",
        '<subProcess id="s"><ioSpecification id="io"><inputSet id="is"/><outputSet id="os"/></ioSpecification><task id="t"/></subProcess>',
        ["s"],
    ),
    "a diverging gateway that joins": (
        "gateway-direction",
        '<task id="a"/><task id="b"/><exclusiveGateway id="g" gatewayDirection="Diverging"/>'
        + flow("f1", "a", "g")
        + flow("f2", "b", "g")
        + flow("f3", "g", "c")
        + '<task id="c"/>',
        ["g"],
    ),
    "a minimum below nothing": (
        "participant-multiplicity",
        '<collaboration id="k"><participant id="x" processRef="p"><participantMultiplicity minimum="-1" maximum="1"/></participant>'
        '</collaboration><process id="p" isExecutable="true"><task id="t"/></process>',
        ["x"],
    ),
    "an empty process": ("no-start", '<process id="p" isExecutable="true"/>', ["p"]),
    "two none starts in a subprocess": (
        "several-starts",
        '<subProcess id="s"><startEvent id="a"/><startEvent id="b"/></subProcess>',
        ["b"],
    ),
    "event subprocess with a flow": (
        "event-subprocess",
        f'<task id="t"/><subProcess id="s" triggeredByEvent="true"><startEvent id="a">{TIMER}</startEvent></subProcess>'
        + flow("f", "t", "s"),
        ["s"],
    ),
    "event subprocess with two starts": (
        "event-subprocess",
        '<task id="t"/><subProcess id="s" triggeredByEvent="true">'
        f'<startEvent id="a">{TIMER}</startEvent><startEvent id="b"><signalEventDefinition id="q"/></startEvent></subProcess>',
        ["s"],
    ),
    "cancel boundary of a task": (
        "transaction",
        '<task id="t"/><boundaryEvent id="b" attachedToRef="t"><cancelEventDefinition id="d"/></boundaryEvent>',
        ["b"],
    ),
    "cancel end one level too deep": (
        "transaction",
        '<transaction id="t"><subProcess id="s"><endEvent id="e"><cancelEventDefinition id="d"/></endEvent></subProcess></transaction>',
        ["e"],
    ),
    "ad-hoc without activities": ("ad-hoc", '<adHocSubProcess id="s"/>', ["s"]),
    "one way behind an event gateway": (
        "event-gateway",
        f'<eventBasedGateway id="g"/>{flow("f", "g", "e")}<intermediateCatchEvent id="e">{TIMER}</intermediateCatchEvent>',
        ["g"],
    ),
    "link target twice": (
        "link-pair",
        '<intermediateThrowEvent id="t"><linkEventDefinition id="d1" name="L"/></intermediateThrowEvent>'
        '<intermediateCatchEvent id="c1"><linkEventDefinition id="d2" name="L"/></intermediateCatchEvent>'
        '<intermediateCatchEvent id="c2"><linkEventDefinition id="d3" name="L"/></intermediateCatchEvent>',
        ["c2"],
    ),
    "link into another scope": (
        "link-pair",
        '<intermediateThrowEvent id="t"><linkEventDefinition id="d1" name="L"/></intermediateThrowEvent>'
        '<subProcess id="s"><intermediateCatchEvent id="c"><linkEventDefinition id="d2" name="L"/></intermediateCatchEvent></subProcess>',
        ["t", "c"],
    ),
    "message event without a message": (
        "event-reference",
        '<startEvent id="e"><messageEventDefinition id="d"/></startEvent>',
        ["e"],
    ),
    "thrown error without a code": (
        "event-reference",
        '<error id="x" name="x"/><process id="p" isExecutable="true"><endEvent id="e"><errorEventDefinition id="d" errorRef="x"/></endEvent></process>',
        ["e"],
    ),
    "timer without a value": (
        "timer-value",
        '<startEvent id="e"><timerEventDefinition id="d"/></startEvent>',
        ["e"],
    ),
    "empty timer": ("timer-value", timer("timeDuration", " "), ["e"]),
    "duration written as a date": ("timer-value", timer("timeDate", "PT1H"), ["e"]),
    "cycle written as a duration": ("timer-value", timer("timeDuration", "R/PT1H"), ["e"]),
    "FEEL without an equals sign": ("timer-value", timer("timeDate", "due"), ["e"]),
    "FEEL that does not parse": ("feel-syntax", timer("timeDate", "= due +"), ["e"]),
    "number of seconds": ("timer-value", timer("timeDuration", "3600"), ["e"]),
    "a space inside": ("timer-value", timer("timeDuration", "PT 1H"), ["e"]),
    "mapping that does not parse": (
        "feel-syntax",
        f'<serviceTask id="t">{zeebe("taskDefinition type=&quot;x&quot;".replace("&quot;", chr(34)))}</serviceTask>'
        '<task id="u"><extensionElements><zeebe:ioMapping><zeebe:input source="= a +" target="b"/></zeebe:ioMapping></extensionElements></task>',
        ["u"],
    ),
    "static setting with broken FEEL": (
        "feel-syntax",
        '<userTask id="t"><extensionElements><zeebe:assignmentDefinition assignee="= ("/></extensionElements></userTask>',
        ["t"],
    ),
    "loop cardinality that does not parse": (
        "feel-syntax",
        '<task id="t"><multiInstanceLoopCharacteristics id="l"><loopCardinality>= 3 *</loopCardinality></multiInstanceLoopCharacteristics></task>',
        ["t"],
    ),
    "called process in JUEL": (
        "expression-language",
        '<callActivity id="c" calledElement="${next}"/>',
        ["c"],
    ),
    "language attribute": (
        "expression-language",
        '<task id="t"/><sequenceFlow id="f" sourceRef="t" targetRef="u"><conditionExpression xsi:type="tFormalExpression" '
        'language="http://www.w3.org/1999/XPath">a</conditionExpression></sequenceFlow><task id="u"/>',
        ["f"],
    ),
    "handler in the flow": (
        "compensation",
        '<task id="t"/><boundaryEvent id="b" attachedToRef="t"><compensateEventDefinition id="d"/></boundaryEvent>'
        '<task id="undo" isForCompensation="true"/>'
        + flow("f", "t", "undo")
        + '<association id="as" sourceRef="b" targetRef="undo"/>',
        ["undo"],
    ),
    "handler without a boundary": (
        "compensation",
        '<task id="t"/><task id="undo" isForCompensation="true"/>',
        ["undo"],
    ),
    "handler that is none": (
        "compensation",
        '<task id="t"/><boundaryEvent id="b" attachedToRef="t"><compensateEventDefinition id="d"/></boundaryEvent>'
        '<task id="undo"/><association id="as" sourceRef="b" targetRef="undo"/>',
        ["b"],
    ),
    "compensation of what has no handler": (
        "compensation",
        '<task id="t"/><intermediateThrowEvent id="e"><compensateEventDefinition id="d" activityRef="t"/></intermediateThrowEvent>',
        ["e"],
    ),
    "maximum of nothing": (
        "standard-loop",
        '<task id="t"><standardLoopCharacteristics id="l" loopMaximum="0"/></task>',
        ["t"],
    ),
    "mapping into what FEEL cannot name": (
        "zeebe-setting",
        '<task id="t"><extensionElements><zeebe:ioMapping><zeebe:input source="= a" target="first name"/></zeebe:ioMapping></extensionElements></task>',
        ["t"],
    ),
    "output collection alone": (
        "multi-instance",
        '<task id="t"><multiInstanceLoopCharacteristics id="l"><extensionElements>'
        '<zeebe:loopCharacteristics inputCollection="= a" outputCollection="b"/></extensionElements></multiInstanceLoopCharacteristics></task>',
        ["t"],
    ),
    "call of a task": ("called-element", '<task id="t"/><callActivity id="c" calledElement="t"/>', ["c"]),
    "data association that changes data": (
        "data-association",
        '<task id="t"><dataInputAssociation id="da"><sourceRef>p</sourceRef><targetRef>t</targetRef>'
        "<transformation>x</transformation></dataInputAssociation></task>",
        ["t"],
    ),
}


@pytest.mark.parametrize(("rule", "snippet", "elements"), FOUND.values(), ids=FOUND)
def test_a_rule_finds_exactly_these_elements(rule, snippet, elements):
    hits = [one for one in lint(model(snippet)) if one.rule == rule]
    assert sorted(one.element for one in hits) == sorted(elements)
    assert all(one.line and one.message and one.expected for one in hits)


LEFT_ALONE = {
    "a process without start and end events": ('<task id="t"/>', None),
    "a gateway with one way out": (
        '<task id="t"/>'
        + flow("f", "t", "g")
        + '<exclusiveGateway id="g"/>'
        + flow("h", "g", "u")
        + '<task id="u"/>',
        None,
    ),
    "an error caught by any code": (
        '<task id="t"/><boundaryEvent id="b" attachedToRef="t"><errorEventDefinition id="d"/></boundaryEvent>',
        None,
    ),
    "an instantiating event gateway": (
        '<message id="m" name="m"/><message id="n" name="n"/><process id="p" isExecutable="true">'
        '<eventBasedGateway id="g" instantiate="true"/>'
        + flow("f", "g", "a")
        + flow("h", "g", "b")
        + '<intermediateCatchEvent id="a"><messageEventDefinition id="d" messageRef="m"/></intermediateCatchEvent>'
        '<intermediateCatchEvent id="b"><messageEventDefinition id="e" messageRef="n"/></intermediateCatchEvent></process>',
        None,
    ),
    "a reference with the prefix of the target namespace": (
        '<message id="m" name="m"/><process id="p" isExecutable="true"><receiveTask id="t" messageRef="my:m"/></process>',
        'xmlns:my="http://example.org"',
    ),
    "XPath named once for the file, as tools do": (
        '<exclusiveGateway id="t"/>' + flow("f", "t", "u", CONDITION) + '<task id="u"/>',
        'expressionLanguage="http://www.w3.org/1999/XPath"',
    ),
    "FEEL named by its address": (
        '<exclusiveGateway id="t"/>' + flow("f", "t", "u", CONDITION) + '<task id="u"/>',
        'expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/"',
    ),
    "foreign attributes and extensions": (
        '<task id="t" zeebe:colour="red"><extensionElements><zeebe:unheard/></extensionElements></task>',
        None,
    ),
    "a pool drawn for documentation beside an executable process": (
        '<process id="p" isExecutable="true"><task id="t"/></process>'
        '<process id="q" isExecutable="false"><startEvent id="s"><messageEventDefinition id="d"/></startEvent><task id="lonely"/></process>',
        None,
    ),
    "an empty pool that says nothing": (
        '<process id="p" isExecutable="true"><task id="t"/></process><process id="q"/>',
        None,
    ),
    "a duration in FEEL": (timer("timeDuration", '= duration("PT1H")'), None),
    "a date with an offset": (timer("timeDate", "2026-11-24T09:00:00+01:00"), None),
    "a cycle with a start": (timer("timeCycle", "R3/2026-11-24T09:00:00Z/PT1H"), None),
    "weeks": (timer("timeDuration", "P2W"), None),
}


@pytest.mark.parametrize(("snippet", "attributes"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_a_right_model_gets_no_error(snippet, attributes):
    assert [str(one) for one in lint(model(snippet, attributes or "")) if one.severity == "error"] == []


CONTEXT = LintContext(
    forms=frozenset({"decide"}),
    decisions=frozenset({"routing"}),
    processes=frozenset({"inquiry"}),
    policies=frozenset({"notify"}),
    task_types=frozenset({"pd.notify"}),
    roles=frozenset({"officer"}),
)
KNOWN_NAMES = {
    "form": ("user-task-form", '<userTask id="t">{}</userTask>', 'formDefinition formId="{}"', "decide"),
    "decision": (
        "unknown-decision",
        '<businessRuleTask id="t">{}</businessRuleTask>',
        'calledDecision decisionId="{}" resultVariable="r"',
        "routing",
    ),
    "process": (
        "called-element",
        '<callActivity id="t">{}</callActivity>',
        'calledElement processId="{}"',
        "inquiry",
    ),
    "task type": (
        "unknown-task-type",
        '<serviceTask id="t">{}</serviceTask>',
        'taskDefinition type="{}"',
        "pd.notify",
    ),
    "role": (
        "user-task-role",
        '<userTask id="t">{}</userTask>',
        'assignmentDefinition candidateGroups="= office + &quot;.{}&quot;"',
        "officer",
    ),
}


@pytest.mark.parametrize(("rule", "shape", "setting", "known"), KNOWN_NAMES.values(), ids=KNOWN_NAMES)
def test_a_name_is_checked_where_the_names_are_known_and_only_there(rule, shape, setting, known):
    def hits(name: str, context: LintContext | None) -> list[str]:
        findings = lint(model(shape.format(zeebe(setting.format(name)))), context=context)
        return [one.element for one in findings if one.rule == rule]

    assert hits(known, CONTEXT) == []
    assert hits("unheard", CONTEXT) == ["t"]
    assert hits("unheard", None) == []


@pytest.mark.parametrize("name", ["sla:policy", "sla:start", "sla:stop"])
def test_a_policy_is_checked_where_the_policies_are_known(name):
    def hits(policy: str) -> list[str]:
        setting = f'<extensionElements><zeebe:properties><zeebe:property name="{name}" value="{policy}"/></zeebe:properties></extensionElements>'
        findings = lint(model(f'<userTask id="t">{setting}</userTask>'), context=CONTEXT)
        return [one.element for one in findings if one.rule == "sla-policy"]

    assert hits("notify") == []
    assert hits("notfy") == ["t"]
    assert hits("=policy") == []


def test_a_deadline_may_stand_on_the_scope_around_or_beside_in_an_event_gateway():
    around = f'<subProcess id="s"><userTask id="u"/></subProcess><boundaryEvent id="b" attachedToRef="s">{TIMER}</boundaryEvent>'
    beside = f'<userTask id="u"/><subProcess id="s" triggeredByEvent="true"><startEvent id="a">{TIMER}</startEvent></subProcess>'
    chosen = (
        '<message id="m" name="m"/><process id="p" isExecutable="true"><eventBasedGateway id="g"/>'
        + flow("f", "g", "a")
        + flow("h", "g", "b")
        + '<intermediateCatchEvent id="a"><messageEventDefinition id="d" messageRef="m"/>'
        f'</intermediateCatchEvent><intermediateCatchEvent id="b">{TIMER}</intermediateCatchEvent></process>'
    )
    for snippet in (around, beside, chosen):
        assert [one.element for one in lint(model(snippet)) if one.rule == "wait-without-deadline"] == []


def test_a_reference_into_another_file_is_refused_because_that_is_not_read():
    snippet = '<process id="p" isExecutable="true"><receiveTask id="t" messageRef="their:m"/></process>'
    findings = lint(model(snippet, 'xmlns:their="http://example.org/other"'))
    hits = [one.message for one in findings if one.rule == "dangling-reference"]
    assert hits == ["The messageRef 'their:m' stands in another file, which is not read."]


def test_a_mapping_without_an_equals_sign_is_advice_because_others_read_it_as_text():
    mapping = '<task id="t"><extensionElements><zeebe:ioMapping><zeebe:input source="{}" target="b"/></zeebe:ioMapping></extensionElements></task>'
    bare, feel = lint(model(mapping.format("hello"))), lint(model(mapping.format("= hello")))
    assert [(one.element, one.rule, one.severity) for one in bare] == [("t", "zeebe-setting", "advice")]
    assert feel == []


def test_another_order_or_a_broken_diagram_is_advice_and_an_unknown_value_an_error():
    order = '<task id="t"><extensionElements/><documentation>late</documentation></task>'
    assert [(one.rule, one.severity) for one in lint(model(order)) if one.rule == "schema"] == [
        ("schema", "advice")
    ]
    edge = '<bpmndi:BPMNDiagram id="d"><bpmndi:BPMNPlane id="q" bpmnElement="p"><bpmndi:BPMNEdge id="t"/></bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    drawn = f'<process id="p" isExecutable="true"><task id="t"/></process>{edge}'
    drawing = model(drawn, 'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"')
    assert {(one.rule, one.severity) for one in lint(drawing)} == {("schema", "advice")}
    value = '<adHocSubProcess id="s" ordering="Whenever"><task id="t"/></adHocSubProcess>'
    assert {one.severity for one in lint(model(value)) if one.rule == "schema"} == {"error"}


def test_findings_come_in_the_order_of_the_lines():
    findings = lint(model('<userTask id="u"/>\n<serviceTask id="v"/>\n<userTask id="w"/>'))
    assert [one.line for one in findings] == sorted(one.line for one in findings)
    assert {one.element for one in findings} == {"u", "v", "w"}


EVERYTHING = [pytest.param(model(case[1]), id=name) for name, case in FOUND.items()]


@pytest.mark.parametrize("xml", EVERYTHING)
def test_what_the_reader_refuses_a_rule_has_named_already(xml):
    try:
        load(xml)
    except ModelRefused as refused:
        assert any(one.severity == "error" for one in check(read(xml))), str(refused)
