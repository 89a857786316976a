"""Random models: well-formed blocks of every element family, and wild graphs of gateways and tasks."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from tests.engine.models import (
    TERMINATE,
    TOP,
    boundary,
    bpmn,
    compensate,
    condition,
    end,
    error,
    escalation,
    flow,
    flows,
    loop,
    message,
    multi,
    node,
    script,
    signal,
    start,
    sub,
    timer,
    user,
)  # fmt: skip

Draw = Callable[..., object]


class Blocks:
    """Draws a model block by block; a block is its XML with the ids of its first and last element."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.count = 0

    def pick(self, *options: str) -> str:
        return str(self.draw(st.sampled_from(options)))

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def block(self, depth: int) -> tuple[str, str, str]:
        simple = ["user", "user", "script", "service", "catch", "throw"]
        nested = [
            "sequence",
            "sequence",
            "exclusive",
            "parallel",
            "inclusive",
            "sub",
            "many",
            "guarded",
            "event",
            "complex",
            "transaction",
        ]
        kind = self.pick(*(simple if depth <= 0 or self.count > 40 else simple[:3] + nested))
        made: tuple[str, str, str] = getattr(self, kind)(depth - 1)
        return made

    def user(self, depth: int) -> tuple[str, str, str]:
        name = self.name("u")
        return user(name), name, name

    def service(self, depth: int) -> tuple[str, str, str]:
        name = self.name("sv")
        undo = ""
        if self.pick("plain", "undo") == "undo":
            undo = boundary(f"{name}c", name, compensate()) + node(
                "task", f"{name}h", isForCompensation="true"
            )
            undo += f'<association id="{name}a" sourceRef="{name}c" targetRef="{name}h" />'
        return node("serviceTask", name) + undo, name, name

    def script(self, depth: int) -> tuple[str, str, str]:
        name = self.name("sc")
        return node("scriptTask", name, script("n + 1", "n")), name, name

    def definition(self) -> str:
        kinds = (
            timer("duration", "PT1H"),
            timer("cycle", "R2/PT2H"),
            signal("sig"),
            message("m2"),
            condition("n > 2"),
        )
        return self.pick(*kinds)

    def catch(self, depth: int) -> tuple[str, str, str]:
        name = self.name("ic")
        return node("intermediateCatchEvent", name, self.definition()), name, name

    def throw(self, depth: int) -> tuple[str, str, str]:
        name = self.name("it")
        definition = self.pick(
            signal("sig"), escalation("esc"), message("m2"), compensate(), compensate(wait=False), ""
        )
        return node("intermediateThrowEvent", name, definition), name, name

    def sequence(self, depth: int) -> tuple[str, str, str]:
        first, second = self.block(depth), self.block(depth)
        return first[0] + second[0] + flow(f"{first[2]} -> {second[1]}"), first[1], second[2]

    def _split(self, kind: str, depth: int, join: str = "", conditions: bool = True) -> tuple[str, str, str]:
        split, merged = self.name("g"), self.name("j")
        parts, branches = [], [self.block(depth) for _ in range(2 + (self.pick("2", "3") == "3"))]
        for index, (xml, first, last) in enumerate(branches):
            chosen = self.pick("n > 1", "n <= 1", "true", "false") if conditions and index else ""
            parts += [xml, flow(f"{split} -> {first}", chosen), flow(f"{last} -> {merged}")]
        default = {"default": f"{split}_{branches[0][1]}"} if conditions else {}
        inside = (
            "<activationCondition>activationCount >= 1</activationCondition>"
            if join == "complexGateway"
            else ""
        )
        return (
            "".join([node(kind, split, **default), node(join or kind, merged, inside), *parts]),
            split,
            merged,
        )

    def exclusive(self, depth: int) -> tuple[str, str, str]:
        return self._split("exclusiveGateway", depth)

    def parallel(self, depth: int) -> tuple[str, str, str]:
        return self._split("parallelGateway", depth, conditions=False)

    def inclusive(self, depth: int) -> tuple[str, str, str]:
        return self._split("inclusiveGateway", depth)

    def complex(self, depth: int) -> tuple[str, str, str]:
        return self._split("parallelGateway", depth, "complexGateway", conditions=False)

    def event(self, depth: int) -> tuple[str, str, str]:
        gate, merged = self.name("eg"), self.name("j")
        parts = [node("eventBasedGateway", gate), node("exclusiveGateway", merged)]
        for _ in range(2):
            caught = self.catch(0)
            xml, first, last = self.block(depth)
            parts += [
                caught[0],
                xml,
                flow(f"{gate} -> {caught[1]}"),
                flow(f"{caught[1]} -> {first}"),
                flow(f"{last} -> {merged}"),
            ]
        return "".join(parts), gate, merged

    def inside(self, depth: int) -> str:
        xml, first, last = self.block(depth)
        begin, finish = self.name("s"), self.name("e")
        ending = self.pick(
            "", "", "", TERMINATE, error("err"), escalation("esc"), signal("sig"), compensate()
        )
        handler = ""
        if self.pick("no", "no", "yes") == "yes":
            body, body_first, _ = self.block(0)
            trigger, caught = self.name("h"), self.name("hs")
            definition = self.pick(self.definition(), error(), escalation())
            keeps = "true" if definition == error() else self.pick("true", "false")
            handler = sub(
                trigger,
                start(caught, definition, isInterrupting=keeps),
                body,
                flow(f"{caught} -> {body_first}"),
                triggeredByEvent="true",
            )
        return (
            start(begin)
            + xml
            + end(finish, ending)
            + flows(f"{begin} -> {first}", f"{last} -> {finish}")
            + handler
        )

    def sub(self, depth: int) -> tuple[str, str, str]:
        name = self.name("sub")
        return sub(name, self.inside(depth)) + self._guard(name), name, name

    def transaction(self, depth: int) -> tuple[str, str, str]:
        name, after, merged = self.name("tx"), self.name("tc"), self.name("j")
        cancels = f"{name}e"
        inner = self.inside(depth)
        cancel = (
            node("parallelGateway", f"{name}p") + user(f"{name}u") + end(cancels, "<cancelEventDefinition />")
        )
        cancel += start(f"{name}s") + flows(f"{name}s -> {name}p", f"{name}p -> {name}u -> {cancels}")
        xml = (
            node("transaction", name, inner, cancel)
            + boundary(after, name, "<cancelEventDefinition />")
            + node("exclusiveGateway", merged)
        )
        return xml + flows(f"{name} -> {merged}", f"{after} -> {merged}") + self._guard(name), name, merged

    def many(self, depth: int) -> tuple[str, str, str]:
        name = self.name("mi")
        repeated = self.pick(
            multi("[1, 2]", element="v", output=f"r{name}", of="v"), multi(cardinality="3", sequential=True),
            multi(cardinality="3", completion="numberOfCompletedInstances >= 2"), loop("loopCounter < 2"), multi("[]", element="v"),
        )  # fmt: skip
        inner = self.pick("task", "sub")
        xml = sub(name, self.inside(depth), repeated) if inner == "sub" else user(name, repeated)
        return xml + self._guard(name), name, name

    def guarded(self, depth: int) -> tuple[str, str, str]:
        xml, first, last = self.user(depth)
        return xml + self._guard(last), first, last

    def _guard(self, host: str) -> str:
        """Boundary events that lead to an end of their own."""
        if self.pick("no", "yes") == "no":
            return ""
        name, out = self.name("b"), self.name("e")
        definition = self.pick(self.definition(), error(), escalation())
        interrupting = definition == error() or self.pick("true", "false") == "true"
        return (
            boundary(name, host, definition, interrupting=interrupting) + end(out) + flow(f"{name} -> {out}")
        )


@st.composite
def block_models(draw: Draw) -> bytes:
    blocks = Blocks(draw)
    return bpmn(blocks.inside(3), top=TOP)


@st.composite
def wild_models(draw: Draw) -> bytes:
    """Any graph: joins that nothing fills, cycles, dead ends."""
    kinds = [
        "userTask",
        "userTask",
        "task",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "complexGateway",
    ]
    count = int(str(draw(st.integers(3, 9))))
    parts = [start()]
    for i in range(count):
        kind = str(draw(st.sampled_from(kinds)))
        inside = (
            "<activationCondition>activationCount >= 2</activationCondition>"
            if kind == "complexGateway"
            else ""
        )
        parts.append(node(kind, f"n{i}", inside))
    pairs = draw(
        st.lists(
            st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)),
            min_size=count - 1,
            max_size=2 * count,
            unique=True,
        )
    )
    parts.append(flow("s -> n0"))
    for source, target in pairs:  # type: ignore[attr-defined]
        if source != target:
            parts.append(flow(f"n{source} -> n{target}"))
    return bpmn(*parts)
