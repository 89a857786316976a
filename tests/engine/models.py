"""A compact way to write BPMN for tests: one line an element, flows as ``a -> b``."""

from __future__ import annotations

from html import escape
from itertools import pairwise

_HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="http://example.org/test" id="defs">'
)


def bpmn(*parts: str, top: str = "") -> bytes:
    """A file with one process ``p`` (parts that are elements) and definitions at the top of the file."""
    return f"{_HEAD}{top}{process('p', *parts)}</definitions>".encode()


def process(process_id: str, *parts: str) -> str:
    return f'<process id="{process_id}" isExecutable="true">{"".join(parts)}</process>'


def file(*parts: str) -> bytes:
    return f"{_HEAD}{''.join(parts)}</definitions>".encode()


def node(tag: str, node_id: str, *inside: str, **attributes: str) -> str:
    attrs = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f'<{tag} id="{node_id}"{attrs}>{"".join(inside)}</{tag}>'


def flow(text: str, condition: str = "", flow_id: str = "") -> str:
    """``a -> b``: flow ``a_b``; with a FEEL condition."""
    source, target = (part.strip() for part in text.split("->"))
    body = f"<conditionExpression>{escape(condition)}</conditionExpression>" if condition else ""
    flow_id = flow_id or f"{source}_{target}"
    return f'<sequenceFlow id="{flow_id}" sourceRef="{source}" targetRef="{target}">{body}</sequenceFlow>'


def flows(*texts: str) -> str:
    """Flows along chains such as ``s -> a -> e``."""
    pairs = []
    for text in texts:
        names = [name.strip() for name in text.split("->")]
        pairs += [f"{source} -> {target}" for source, target in pairwise(names)]
    return "".join(flow(pair) for pair in dict.fromkeys(pairs))


def start(node_id: str = "s", *inside: str, **attributes: str) -> str:
    return node("startEvent", node_id, *inside, **attributes)


def end(node_id: str = "e", *inside: str) -> str:
    return node("endEvent", node_id, *inside)


def user(node_id: str, *inside: str, **attributes: str) -> str:
    return node("userTask", node_id, *inside, **attributes)


def sub(node_id: str, *inside: str, **attributes: str) -> str:
    return node("subProcess", node_id, *inside, **attributes)


def boundary(node_id: str, host: str, *inside: str, interrupting: bool = True) -> str:
    return node(
        "boundaryEvent", node_id, *inside, attachedToRef=host, cancelActivity=str(interrupting).lower()
    )


def ext(*entries: str) -> str:
    return f"<extensionElements>{''.join(entries)}</extensionElements>"


def io(*mappings: str) -> str:
    """``in x = expr`` or ``out y = expr``."""
    rows = []
    for mapping in mappings:
        kind, rest = mapping.split(" ", 1)
        target, source = (part.strip() for part in rest.split("=", 1))
        tag = "input" if kind == "in" else "output"
        rows.append(f'<zeebe:{tag} source="={escape(source)}" target="{target}" />')
    return f"<zeebe:ioMapping>{''.join(rows)}</zeebe:ioMapping>"


def prop(**values: str) -> str:
    rows = "".join(
        f'<zeebe:property name="{k.replace("__", ":")}" value="{escape(v)}" />' for k, v in values.items()
    )
    return f"<zeebe:properties>{rows}</zeebe:properties>"


def script(expression: str, result: str) -> str:
    return ext(f'<zeebe:script expression="={escape(expression)}" resultVariable="{result}" />')


def timer(kind: str, text: str) -> str:
    tag = {"date": "timeDate", "duration": "timeDuration", "cycle": "timeCycle"}[kind]
    return f"<timerEventDefinition><{tag}>{escape(text)}</{tag}></timerEventDefinition>"


def message(ref: str) -> str:
    return f'<messageEventDefinition messageRef="{ref}" />'


def signal(ref: str) -> str:
    return f'<signalEventDefinition signalRef="{ref}" />'


def error(ref: str = "") -> str:
    return f'<errorEventDefinition errorRef="{ref}" />' if ref else "<errorEventDefinition />"


def escalation(ref: str = "") -> str:
    return f'<escalationEventDefinition escalationRef="{ref}" />' if ref else "<escalationEventDefinition />"


def condition(text: str) -> str:
    return f"<conditionalEventDefinition><condition>{escape(text)}</condition></conditionalEventDefinition>"


def compensate(activity: str = "", wait: bool = True) -> str:
    ref = f' activityRef="{activity}"' if activity else ""
    return f'<compensateEventDefinition{ref} waitForCompletion="{str(wait).lower()}" />'


def link(name: str) -> str:
    return f'<linkEventDefinition name="{name}" />'


TERMINATE = "<terminateEventDefinition />"
CANCEL = "<cancelEventDefinition />"
TOP = (
    '<message id="m1" name="m1"><extensionElements><zeebe:subscription correlationKey="=case" /></extensionElements></message>'
    '<message id="m2" name="m2" /><signal id="sig" name="sig" /><signal id="sig2" name="sig2" />'
    '<error id="err" errorCode="E1" /><error id="err2" errorCode="E2" />'
    '<escalation id="esc" escalationCode="X1" /><escalation id="esc2" escalationCode="X2" />'
)


def multi(
    collection: str = "",
    *,
    sequential: bool = False,
    element: str = "",
    output: str = "",
    of: str = "",
    cardinality: str = "",
    completion: str = "",
    attributes: str = "",
    inside: str = "",
) -> str:
    zeebe = f'<zeebe:loopCharacteristics inputCollection="={escape(collection)}" inputElement="{element}"'
    zeebe += f' outputCollection="{output}" outputElement="={escape(of)}" />' if output else " />"
    body = ext(zeebe) if collection else ""
    body += f"<loopCardinality>{cardinality}</loopCardinality>" if cardinality else ""
    body += inside
    body += f"<completionCondition>{escape(completion)}</completionCondition>" if completion else ""
    seq = ' isSequential="true"' if sequential else ""
    return f"<multiInstanceLoopCharacteristics{seq}{attributes}>{body}</multiInstanceLoopCharacteristics>"


def loop(condition_text: str = "", *, before: bool = False, maximum: str = "") -> str:
    attrs = f' testBefore="{str(before).lower()}"' + (f' loopMaximum="{maximum}"' if maximum else "")
    body = f"<loopCondition>{escape(condition_text)}</loopCondition>" if condition_text else ""
    return f"<standardLoopCharacteristics{attrs}>{body}</standardLoopCharacteristics>"
