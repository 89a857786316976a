"""BPMN documents of any size for the benchmarks, written so that stock SpiffWorkflow and pdflow both read them.

Conditions are written twice: FEEL for pdflow, Python for SpiffWorkflow, in the respective dialect's expression.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'targetNamespace="https://example.org/bench"><bpmn:process id="bench" isExecutable="true">'
)
TAIL = "</bpmn:process></bpmn:definitions>"


def _document(nodes: Iterable[str], flows: Iterable[tuple[str, str, str]]) -> bytes:
    """Join nodes and flows (source, target, body) to one document; nodes carry their incoming and outgoing ids."""
    flows = list(flows)
    refs: dict[str, list[str]] = defaultdict(list)
    for index, (source, target, _) in enumerate(flows):
        refs[target].insert(0, f"<bpmn:incoming>f{index}</bpmn:incoming>")
        refs[source].append(f"<bpmn:outgoing>f{index}</bpmn:outgoing>")
    lines = [HEAD]
    for node in nodes:
        name = node.split('id="', 1)[1].split('"', 1)[0]
        lines.append(node.replace("{refs}", "".join(refs[name])))
    for index, (source, target, body) in enumerate(flows):
        lines.append(
            f'<bpmn:sequenceFlow id="f{index}" sourceRef="{source}" targetRef="{target}">{body}</bpmn:sequenceFlow>'
        )
    lines.append(TAIL)
    return "".join(lines).encode()


def _node(kind: str, name: str, extra: str = "", body: str = "") -> str:
    return f'<bpmn:{kind} id="{name}"{extra}>{{refs}}{body}</bpmn:{kind}>'


def chain(length: int, kind: str = "userTask") -> bytes:
    """A sequence of tasks."""
    names = [f"t{i}" for i in range(length)]
    nodes = [
        _node("startEvent", "begin"),
        *(_node(kind, name) for name in names),
        _node("endEvent", "finish"),
    ]
    path = ["begin", *names, "finish"]
    return _document(nodes, ((a, b, "") for a, b in pairwise(path)))


def loop(feel: bool) -> bytes:
    """Script, then a gateway back to the script while ``n < limit``; ``n`` and ``limit`` are start variables."""
    if feel:
        script = '<bpmn:extensionElements><zeebe:script expression="=n + 1" resultVariable="n"/></bpmn:extensionElements>'
        condition = "=n &lt; limit"
    else:
        script = "<bpmn:script>n = n + 1</bpmn:script>"
        condition = "n &lt; limit"
    # Children of a task stand in schema order: extension elements before the flow references, a script after them.
    task = f'<bpmn:scriptTask id="count">{script if feel else ""}{{refs}}{"" if feel else script}</bpmn:scriptTask>'
    nodes = [
        _node("startEvent", "begin"),
        task,
        _node("exclusiveGateway", "more", ' default="f3"'),
        _node("endEvent", "finish"),
    ]
    again = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>'
    )
    return _document(
        nodes,
        [("begin", "count", ""), ("count", "more", ""), ("more", "count", again), ("more", "finish", "")],
    )


def work_loop(feel: bool) -> bytes:
    """A user task that comes again for ever: a case as old as one likes."""
    always = "=true" if feel else "True"
    nodes = [
        _node("startEvent", "begin"),
        _node("userTask", "work"),
        _node("exclusiveGateway", "more", ' default="f3"'),
        _node("endEvent", "finish"),
    ]
    again = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{always}</bpmn:conditionExpression>'
    flows = [("begin", "work", ""), ("work", "more", ""), ("more", "work", again), ("more", "finish", "")]
    return _document(nodes, flows)


def parallel_blocks(count: int) -> bytes:
    """Blocks in a row, each a fork to two tasks and a join."""
    nodes, flows, last = [_node("startEvent", "begin")], [], "begin"
    for index in range(count):
        fork, join, left, right = (f"{part}{index}" for part in ("fork", "join", "left", "right"))
        nodes += [
            _node("parallelGateway", fork),
            _node("manualTask", left),
            _node("manualTask", right),
            _node("parallelGateway", join),
        ]
        flows += [(last, fork, ""), (fork, left, ""), (fork, right, ""), (left, join, ""), (right, join, "")]
        last = join
    nodes.append(_node("endEvent", "finish"))
    return _document(nodes, [*flows, (last, "finish", "")])


def multi_instance(kind: str = "manualTask") -> bytes:
    """One parallel multi-instance task over the list ``items``."""
    ours = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=items" inputElement="each"/></bpmn:extensionElements>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    nodes = [
        _node("startEvent", "begin"),
        _node(kind, "each_item", "", ours),
        _node("endEvent", "finish"),
    ]
    return _document(nodes, [("begin", "each_item", ""), ("each_item", "finish", "")])


def stock_multi_instance() -> bytes:
    """The same for stock SpiffWorkflow, whose dialect takes the number of items as a cardinality."""
    theirs = (
        "<bpmn:multiInstanceLoopCharacteristics>"
        '<bpmn:loopCardinality xsi:type="bpmn:tFormalExpression">size</bpmn:loopCardinality>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    nodes = [
        _node("startEvent", "begin"),
        _node("manualTask", "each_item", "", theirs),
        _node("endEvent", "finish"),
    ]
    return _document(nodes, [("begin", "each_item", ""), ("each_item", "finish", "")])
