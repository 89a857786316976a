"""A backtracking machine that counts its steps, for what RE2 does not do: back-references and XPath's ``^``.

Programs are lists of instructions; the stack of alternatives is explicit, so depth costs no recursion.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from pdflow.feel.regex import syntax
from pdflow.feel.regex.characters import case_variants
from pdflow.feel.regex.syntax import Alternatives, PatternError, Piece
from pdflow.feel.runtime import Runtime

MAX_PROGRAM = 20_000
Spans = list[int | None]


@dataclass(slots=True)
class Program:
    """Instructions with their operands.

    Attributes:
        code: the instructions.
        slots: registers: two for each group, then one for each loop that may match nothing.
        multiline: whether ``^`` and ``$`` match at lines.
        ignore_case: whether back-references ignore case.
    """

    code: list[tuple[Any, ...]]
    slots: int
    multiline: bool
    ignore_case: bool

    def match(self, text: str, start: int, rt: Runtime) -> Spans | None:
        """The registers of a match that begins at a place; None when there is none."""
        code, size = self.code, len(text)
        spans: Spans = [None] * self.slots
        pending: list[tuple[int, int, Spans]] = []
        pc, at, steps = 0, start, 0
        while True:
            steps += 1
            if steps >= 256:
                rt.charge(steps)
                steps = 0
            operation = code[pc]
            name = operation[0]
            advanced = True
            if name == "set":
                lows, highs = operation[1], operation[2]
                advanced = at < size
                if advanced:
                    index = bisect_right(lows, ord(text[at])) - 1
                    advanced = index >= 0 and ord(text[at]) <= highs[index]
                    at += advanced
            elif name == "split":
                rt.charge(len(spans) >> 4)
                pending.append((operation[2], at, spans.copy()))
                pc = operation[1]
                continue
            elif name == "jump":
                pc = operation[1]
                continue
            elif name == "save":
                spans[operation[1]] = at
            elif name == "moved":
                advanced = spans[operation[1]] != at
            elif name == "start":
                advanced = at == 0 or (self.multiline and text[at - 1] == "\n" and at < size)
            elif name == "end":
                advanced = at == size or (self.multiline and text[at] == "\n")
            elif name == "back":
                length = self._repeats(text, spans, operation[1], at)
                advanced = length is not None
                at += length or 0
            else:
                rt.charge(steps)
                return spans
            if advanced:
                pc += 1
            elif pending:
                pc, at, spans = pending.pop()
            else:
                rt.charge(steps)
                return None

    def _repeats(self, text: str, spans: Spans, group: int, at: int) -> int | None:
        first, last = spans[2 * group], spans[2 * group + 1]
        if first is None or last is None:
            return 0
        wanted, found = text[first:last], text[at : at + last - first]
        if len(wanted) != len(found):
            return None
        if wanted == found:
            return len(wanted)
        if not self.ignore_case:
            return None
        same = all(ord(b) in case_variants(ord(a)) for a, b in zip(wanted, found, strict=True))
        return len(wanted) if same else None


class _Builder:
    def __init__(self, groups: int):
        self.code: list[tuple[Any, ...]] = []
        self.slots = 2 * (groups + 1)

    def emit(self, *operation: Any) -> int:
        if len(self.code) >= MAX_PROGRAM:
            raise PatternError("too large")
        self.code.append(operation)
        return len(self.code) - 1

    def alternatives(self, node: Alternatives) -> None:
        ends: list[int] = []
        for branch in node.branches[:-1]:
            split = self.emit("split")
            for piece in branch:
                self.piece(piece)
            ends.append(self.emit("jump"))
            self.code[split] = ("split", split + 1, len(self.code))
        for piece in node.branches[-1]:
            self.piece(piece)
        for end in ends:
            self.code[end] = ("jump", len(self.code))

    def piece(self, piece: Piece) -> None:
        if isinstance(piece, syntax.Characters):
            self.emit("set", [low for low, _ in piece.ranges], [high for _, high in piece.ranges])
        elif isinstance(piece, syntax.Start):
            self.emit("start")
        elif isinstance(piece, syntax.End):
            self.emit("end")
        elif isinstance(piece, syntax.BackReference):
            self.emit("back", piece.group)
        elif isinstance(piece, syntax.Group):
            if piece.number:
                self.emit("save", 2 * piece.number)
            self.alternatives(piece.body)
            if piece.number:
                self.emit("save", 2 * piece.number + 1)
        else:
            self.repeat(piece)

    def repeat(self, node: syntax.Repeat) -> None:
        for _ in range(node.least):
            self.piece(node.body)
        if node.most is None:
            self.loop(node)
            return
        splits: list[int] = []
        for _ in range(node.most - node.least):
            splits.append(self.emit("split"))
            self.piece(node.body)
        for split in splits:
            self.choose(split, node.greedy)

    def loop(self, node: syntax.Repeat) -> None:
        slot = self.slots
        self.slots += 1
        split = self.emit("split")
        self.emit("save", slot)
        self.piece(node.body)
        # A turn that matched nothing ends the loop.
        self.emit("moved", slot)
        self.emit("jump", split)
        self.choose(split, node.greedy)

    def choose(self, split: int, greedy: bool) -> None:
        into, past = split + 1, len(self.code)
        self.code[split] = ("split", into, past) if greedy else ("split", past, into)


def build(node: Alternatives, groups: int, multiline: bool, ignore_case: bool) -> Program:
    """The program of a pattern.

    Raises:
        PatternError: when repetitions make it too large.
    """
    builder = _Builder(groups)
    builder.emit("save", 0)
    builder.alternatives(node)
    builder.emit("save", 1)
    builder.emit("match")
    return Program(builder.code, builder.slots, multiline, ignore_case)
