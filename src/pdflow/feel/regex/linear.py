"""Translation to RE2, which matches in linear time. Every set is written as code points.

RE2 must never see the pattern itself: it accepts ``[A-Z-[OI]]`` with another meaning.
"""

from __future__ import annotations

import re2  # type: ignore[import-untyped]

from pdflow.feel.regex import syntax
from pdflow.feel.regex.syntax import Alternatives, Piece

_MAX_MEMORY = 16 << 20


def _set(ranges: tuple[tuple[int, int], ...]) -> str:
    if not ranges:
        return r"[^\x{0}-\x{10FFFF}]"
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return rf"\x{{{ranges[0][0]:X}}}"
    return "[" + "".join(rf"\x{{{low:X}}}-\x{{{high:X}}}" for low, high in ranges) + "]"


def _piece(piece: Piece, multiline: bool) -> str:
    if isinstance(piece, syntax.Characters):
        return _set(piece.ranges)
    if isinstance(piece, syntax.Start):
        return "(?m:^)" if multiline else r"\A"
    if isinstance(piece, syntax.End):
        return "(?m:$)" if multiline else r"\z"
    if isinstance(piece, syntax.Group):
        return f"({'' if piece.number else '?:'}{_text(piece.body, multiline)})"
    if isinstance(piece, syntax.Repeat):
        most = "" if piece.most is None else str(piece.most)
        bounds = "*" if (piece.least, piece.most) == (0, None) else f"{{{piece.least},{most}}}"
        return f"(?:{_piece(piece.body, multiline)}){bounds}{'' if piece.greedy else '?'}"
    raise TypeError("back-references are not regular")


def _text(node: Alternatives, multiline: bool) -> str:
    return "|".join("".join(_piece(piece, multiline) for piece in branch) for branch in node.branches)


def compile_linear(node: Alternatives, multiline: bool) -> re2._Regexp | None:
    """The RE2 program of a pattern without back-references; None when it is too large for RE2."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MAX_MEMORY
    try:
        return re2.compile(_text(node, multiline), options)
    except re2.error:
        return None
