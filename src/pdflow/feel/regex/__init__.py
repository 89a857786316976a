"""XPath regular expressions for `matches`, `replace` and `split`, safe against hostile patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pdflow.feel.regex.characters import without_case
from pdflow.feel.regex.linear import compile_linear
from pdflow.feel.regex.machine import Program, build
from pdflow.feel.regex.syntax import (
    Alternatives,
    BackReference,
    Characters,
    Group,
    PatternError,
    PatternParser,
    Repeat,
    Start,
    size,
    strip_spaces,
)
from pdflow.feel.runtime import Runtime

_MAX_PATTERN = 10_000
_MAX_SIZE = 40_000
_REFERENCE = re.compile(r"\\(.?)|\$(\d*)", re.DOTALL)


class Pattern:
    """A compiled pattern; ``cost`` is what each use is charged, as if it were compiled each time."""

    def __init__(self, tree: Alternatives, groups: int, multiline: bool, ignore_case: bool, literal: bool):
        self.cost = size(tree) >> 3
        if size(tree) > _MAX_SIZE:
            raise PatternError("too large")
        self._tree = tree
        self._groups = groups
        self._multiline = multiline
        self._ignore_case = ignore_case
        self._literal = literal
        self._anchored_lines = multiline and _has(tree, Start)
        self._linear = None if _has(tree, BackReference) else compile_linear(tree, multiline)
        self._program: Program | None = None
        if self._linear is None:
            self._machine()

    def _machine(self) -> Program:
        if self._program is None:
            self._program = build(self._tree, self._groups, self._multiline, self._ignore_case)
        return self._program

    def _spans(self, text: str, rt: Runtime) -> Iterator[list[tuple[int, int]]]:
        """Matches from left to right, each as the spans of the whole and its groups, (-1, -1) for none."""
        linear = self._linear_for(text)
        if linear is None:
            yield from self._counted_spans(text, rt)
            return
        for match in linear.finditer(text):
            rt.charge(1)
            yield [match.span(group) for group in range(self._groups + 1)]

    def _counted_spans(self, text: str, rt: Runtime) -> Iterator[list[tuple[int, int]]]:
        program = self._machine()
        at = 0
        while at <= len(text):
            found: Any = program.match(text, at, rt)
            if found is None:
                at += 1
                continue
            pairs = [(found[2 * group], found[2 * group + 1]) for group in range(self._groups + 1)]
            yield [(-1, -1) if None in pair else pair for pair in pairs]
            at = pairs[0][1] + (pairs[0][0] == pairs[0][1])

    def found_in(self, text: str, rt: Runtime) -> bool:
        """Whether some part of the text matches."""
        linear = self._linear_for(text)
        if linear is not None:
            return linear.search(text) is not None
        return next(self._counted_spans(text, rt), None) is not None

    def _linear_for(self, text: str) -> Any:
        # XPath's ^ does not match after a newline that ends the text; RE2's does.
        trailing = self._anchored_lines and text.endswith("\n")
        return None if trailing or _has_surrogate(text) else self._linear

    def replace(self, text: str, replacement: str, rt: Runtime) -> str | None:
        """The text with all matches replaced; null when the pattern matches nothing or ``$`` is misused."""
        parts = [replacement] if self._literal else _replacement_parts(replacement, self._groups)
        if parts is None or self.found_in("", rt):
            return None
        result: list[str] = []
        length = at = 0
        for spans in self._spans(text, rt):
            pieces = [text[at : spans[0][0]]]
            for part in parts:
                if isinstance(part, str):
                    pieces.append(part)
                elif spans[part][0] >= 0:
                    pieces.append(text[slice(*spans[part])])
            length += sum(len(piece) for piece in pieces)
            rt.check_string(length)
            result.extend(pieces)
            at = spans[0][1]
        return "".join([*result, text[at:]])

    def split(self, text: str, rt: Runtime) -> list[str] | None:
        """The parts between matches; null when the pattern matches nothing."""
        if self.found_in("", rt):
            return None
        result: list[str] = []
        at = 0
        for spans in self._spans(text, rt):
            result.append(text[at : spans[0][0]])
            at = spans[0][1]
        return [*result, text[at:]]


def _has_surrogate(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)


def _has(tree: Alternatives, wanted: type) -> bool:
    pending: list[Any] = [piece for branch in tree.branches for piece in branch]
    while pending:
        piece = pending.pop()
        if isinstance(piece, wanted):
            return True
        if isinstance(piece, Repeat):
            pending.append(piece.body)
        elif isinstance(piece, Group):
            pending.extend(part for branch in piece.body.branches for part in branch)
    return False


def _replacement_parts(replacement: str, groups: int) -> list[str | int] | None:
    r"""Literal parts and group numbers of a replacement; ``\$`` and ``\\`` are escapes."""
    parts: list[str | int] = []
    at = 0
    for match in _REFERENCE.finditer(replacement):
        parts.append(replacement[at : match.start()])
        at = match.end()
        escaped, digits = match.groups()
        if digits is None:
            if escaped not in ("\\", "$"):
                return None
            parts.append(escaped)
            continue
        if not digits or not digits.isascii():
            return None
        # The longest number that is a group; what follows it is text.
        used = 1
        while used < len(digits) and int(digits[: used + 1]) <= groups:
            used += 1
        if int(digits[:used]) <= groups:
            parts.append(int(digits[:used]))
        parts.append(digits[used:])
    return [*parts, replacement[at:]]


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: str) -> Pattern | None:
    """The pattern with flags among ``s m i x q``; None when either is not valid."""
    if set(flags) - set("smixq") or len(pattern) > _MAX_PATTERN:
        return None
    ignore_case, literal = "i" in flags, "q" in flags
    try:
        if literal:
            codes = [((ord(c), ord(c)),) for c in pattern]
            sets = [without_case(ranges) if ignore_case else ranges for ranges in codes]
            return Pattern(
                Alternatives((tuple(Characters(ranges) for ranges in sets),)), 0, False, ignore_case, True
            )
        parser = PatternParser(strip_spaces(pattern) if "x" in flags else pattern, ignore_case, "s" in flags)
        return Pattern(parser.parse(), parser.groups, "m" in flags, ignore_case, False)
    except PatternError:
        return None
