"""Parser of XPath regular expressions (XQuery and XPath Functions 3.1 section 5.6, XML Schema part 2 appendix F)."""

from __future__ import annotations

from dataclasses import dataclass

from pdflow.feel.regex.characters import (
    ALL,
    Ranges,
    category,
    complement,
    multi_escape,
    subtract,
    union,
    without_case,
)

MAX_NESTING = 20
_SINGLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"} | {c: c for c in "\\|.?*+(){}-[]^$"}
_META = frozenset(".\\?*+{}()|[]^$")


class PatternError(ValueError):
    """The text is not an XPath regular expression."""


@dataclass(frozen=True, slots=True)
class Characters:
    """One character of a set."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Start:
    """``^``."""


@dataclass(frozen=True, slots=True)
class End:
    """``$``."""


@dataclass(frozen=True, slots=True)
class BackReference:
    r"""``\N``."""

    group: int


@dataclass(frozen=True, slots=True)
class Group:
    """A group; ``number`` is 0 when it does not capture."""

    number: int
    body: Alternatives


@dataclass(frozen=True, slots=True)
class Repeat:
    """A quantifier; ``most`` is None for no bound."""

    body: Piece
    least: int
    most: int | None
    greedy: bool


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Branches, each a sequence of pieces."""

    branches: tuple[tuple[Piece, ...], ...]


Piece = Characters | Start | End | BackReference | Group | Repeat


def strip_spaces(pattern: str) -> str:
    """The pattern of flag ``x``: white space outside of character classes does not count."""
    result: list[str] = []
    depth = 0
    escaped = False
    for character in pattern:
        if depth == 0 and character in "\t\n\r ":
            continue
        result.append(character)
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif character == "[":
            depth += 1
        elif character == "]":
            depth = max(0, depth - 1)
    return "".join(result)


def size(node: Alternatives) -> int:
    """How large a pattern's program may become: sets weigh by their ranges, repetitions multiply."""
    return sum(_piece_size(piece) for branch in node.branches for piece in branch) + len(node.branches)


def _piece_size(piece: Piece) -> int:
    if isinstance(piece, Characters):
        return 1 + len(piece.ranges) // 4
    if isinstance(piece, Group):
        return size(piece.body)
    if isinstance(piece, Repeat):
        return _piece_size(piece.body) * max(piece.least, piece.most or 1, 1)
    return 1


class PatternParser:
    """Parses one pattern; ``groups`` counts the capturing groups."""

    def __init__(self, pattern: str, ignore_case: bool, dot_all: bool):
        self.text = pattern
        self.at = 0
        self.groups = 0
        self._closed: set[int] = set()
        self._ignore_case = ignore_case
        self._dot = ALL if dot_all else subtract(ALL, ((10, 10), (13, 13)))
        self._depth = 0

    def parse(self) -> Alternatives:
        """The whole pattern.

        Raises:
            PatternError: when it is not valid.
        """
        result = self._alternatives()
        if self.at < len(self.text):
            raise PatternError("unexpected ')'")
        return result

    def _peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def _next(self) -> str:
        character = self._peek()
        if not character:
            raise PatternError("unexpected end")
        self.at += 1
        return character

    def _alternatives(self) -> Alternatives:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise PatternError("nested too deep")
        branches: list[tuple[Piece, ...]] = []
        pieces: list[Piece] = []
        while self._peek() not in ("", ")"):
            if self._peek() == "|":
                self.at += 1
                branches.append(tuple(pieces))
                pieces = []
            else:
                pieces.append(self._quantified(self._atom()))
        branches.append(tuple(pieces))
        self._depth -= 1
        return Alternatives(tuple(branches))

    def _quantified(self, atom: Piece) -> Piece:
        character = self._peek()
        if character == "{":
            least, most = self._bounds()
        elif character and character in "?*+":
            self.at += 1
            least, most = {"?": (0, 1), "*": (0, None), "+": (1, None)}[character]
        else:
            return atom
        greedy = self._peek() != "?"
        if not greedy:
            self.at += 1
        if self._peek() and self._peek() in "?*+{":
            raise PatternError("two quantifiers")
        return Repeat(atom, least, most, greedy)

    def _bounds(self) -> tuple[int, int | None]:
        end = self.text.find("}", self.at)
        low, comma, high = self.text[self.at + 1 : end].partition(",")
        numbers = [part for part in (low, high) if part]
        if (
            end < 0
            or not low
            or not all(part.isascii() and part.isdigit() and len(part) < 6 for part in numbers)
        ):
            raise PatternError("invalid quantifier")
        self.at = end + 1
        most = int(high) if high else (None if comma else int(low))
        if most is not None and most < int(low):
            raise PatternError("invalid quantifier")
        return int(low), most

    def _atom(self) -> Piece:
        character = self._next()
        if character == "(":
            return self._group()
        if character == "[":
            return Characters(self._class())
        if character == ".":
            return Characters(self._dot)
        if character == "^":
            return Start()
        if character == "$":
            return End()
        if character == "\\":
            if self._peek().isascii() and self._peek().isdigit():
                return self._back_reference()
            return Characters(self._escape()[0])
        if character in _META:
            raise PatternError(f"unexpected '{character}'")
        return Characters(self._cased(ord(character), ord(character)))

    def _cased(self, low: int, high: int) -> Ranges:
        return without_case(((low, high),)) if self._ignore_case else ((low, high),)

    def _group(self) -> Group:
        number = 0
        if self._peek() == "?":
            if self.text[self.at : self.at + 2] != "?:":
                raise PatternError("unexpected '(?'")
            self.at += 2
        else:
            self.groups += 1
            number = self.groups
        body = self._alternatives()
        if self._next() != ")":
            raise PatternError("missing ')'")
        self._closed.add(number)
        return Group(number, body)

    def _back_reference(self) -> BackReference:
        number = int(self._next())
        while (
            self._peek().isascii()
            and self._peek().isdigit()
            and number * 10 + int(self._peek()) <= self.groups
        ):
            number = number * 10 + int(self._next())
        if number == 0 or number not in self._closed:
            raise PatternError("reference to a group that is not closed")
        return BackReference(number)

    def _escape(self) -> tuple[Ranges, int | None]:
        """The set of an escape, and the code point when it stands for one character."""
        letter = self._next()
        if letter in _SINGLE_ESCAPES:
            code = ord(_SINGLE_ESCAPES[letter])
            return self._cased(code, code), code
        if letter in "pP" and self._peek() == "{":
            end = self.text.find("}", self.at)
            ranges = category(self.text[self.at + 1 : end]) if end > 0 else None
            if ranges is None:
                raise PatternError("unknown category")
            self.at = end + 1
            return (complement(ranges) if letter == "P" else ranges), None
        multi = multi_escape(letter) if letter in "sSdDwWiIcC" else None
        if multi is None:
            raise PatternError(f"unknown escape '{letter}'")
        return multi, None

    def _class(self) -> Ranges:
        """The rest of ``[...]``, which may end with a subtraction ``-[...]``."""
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise PatternError("nested too deep")
        negated = self._peek() == "^"
        self.at += negated
        members: list[tuple[int, int]] = []
        removed: Ranges = ()
        first = True
        while True:
            character = self._next()
            if character == "]" and not first:
                break
            if character == "-" and self._peek() == "[" and not first:
                self.at += 1
                removed = self._class()
                if self._next() != "]":
                    raise PatternError("missing ']' after a subtraction")
                break
            members.extend(self._class_member(character, first))
            first = False
        self._depth -= 1
        ranges = union(members)
        return subtract(complement(ranges) if negated else ranges, removed)

    def _class_member(self, character: str, first: bool) -> Ranges:
        if character in "[]":
            raise PatternError(f"unexpected '{character}' in a class")
        if character == "-" and not first and self._peek() != "]":
            raise PatternError("unexpected '-' in a class")
        if character == "\\":
            ranges, code = self._escape()
            if code is None:
                return ranges
            low = code
        else:
            low = ord(character)
        if self._peek() == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", "["):
            self.at += 1
            return self._cased(low, self._range_end(low))
        return self._cased(low, low)

    def _range_end(self, low: int) -> int:
        character = self._next()
        high: int | None = ord(character)
        if character == "\\":
            high = self._escape()[1]
        elif character in "[]":
            high = None
        if high is None or high < low:
            raise PatternError("invalid range in a class")
        return high
