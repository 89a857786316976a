"""Sets of characters as sorted ranges of code points, and the named sets of XML Schema patterns."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

from pdflow.feel.regex.blocks import BLOCKS

LAST = 0x10FFFF
Ranges = tuple[tuple[int, int], ...]
ALL: Ranges = ((0, 0xD7FF), (0xE000, LAST))
SPACE: Ranges = ((9, 10), (13, 13), (32, 32))
_NAME_START: Ranges = (
    (0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF),
    (0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF),
    (0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
)  # fmt: skip
_NAME_MORE: Ranges = ((0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040))


def union(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Ranges sorted and joined."""
    result: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if result and low <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(high, result[-1][1]))
        else:
            result.append((low, high))
    return tuple(result)


def complement(ranges: Ranges) -> Ranges:
    """All characters that are not in the set; surrogates belong to none."""
    gaps: list[tuple[int, int]] = []
    following = 0
    for low, high in union([*ranges, (0xD800, 0xDFFF)]):
        if low > following:
            gaps.append((following, low - 1))
        following = high + 1
    if following <= LAST:
        gaps.append((following, LAST))
    return tuple(gaps)


def subtract(ranges: Ranges, removed: Ranges) -> Ranges:
    """The first set without the second."""
    return complement(union([*complement(ranges), *removed]))


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, Ranges], dict[int, tuple[int, ...]]]:
    categories: dict[str, Ranges] = {}
    variants: dict[int, tuple[int, ...]] = {}
    text = resources.files("pdflow.feel.regex").joinpath("unicode.txt").read_text("ascii")
    for line in text.splitlines():
        name, *parts = line.split()
        if name == "case":
            group = tuple(int(part, 16) for part in parts)
            variants.update(dict.fromkeys(group, group))
        elif name != "#":
            pairs = [part.partition("-") for part in parts]
            categories[name] = tuple((int(low, 16), int(high or low, 16)) for low, _, high in pairs)
    return categories, variants


def case_variants(code: int) -> tuple[int, ...]:
    """The code points that match a code point when case does not matter, itself included."""
    return _table()[1].get(code, (code,))


def without_case(ranges: Ranges) -> Ranges:
    """A set with all case variants of its members."""
    added: list[tuple[int, int]] = list(ranges)
    for code, group in _table()[1].items():
        if any(low <= code <= high for low, high in ranges):
            added.extend((other, other) for other in group)
    return union(added)


@lru_cache(maxsize=256)
def category(name: str) -> Ranges | None:
    r"""The set of ``\p{name}``: a category, a group of categories or a block; None when there is none."""
    if name.startswith("Is"):
        return BLOCKS.get(name[2:])
    categories = _table()[0]
    if name in categories:
        return categories[name]
    if len(name) == 1:
        parts = [ranges for key, ranges in categories.items() if key[0] == name]
        return union(pair for ranges in parts for pair in ranges) if parts else None
    return () if name == "Cs" else None


@lru_cache(maxsize=32)
def multi_escape(letter: str) -> Ranges | None:
    r"""The set of ``\d``, ``\w``, ``\s``, ``\i``, ``\c`` or, in upper case, of what is outside of it."""
    if letter.isupper():
        inner = multi_escape(letter.lower())
        return None if inner is None else complement(inner)
    if letter == "s":
        return SPACE
    if letter == "d":
        return category("Nd")
    if letter == "i":
        return _NAME_START
    if letter == "c":
        return union([*_NAME_START, *_NAME_MORE])
    if letter == "w":
        excluded = [pair for name in ("P", "Z", "C") for pair in category(name) or ()]
        return complement(union(excluded))
    return None
