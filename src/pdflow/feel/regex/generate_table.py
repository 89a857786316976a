"""Writes ``unicode.txt``, the categories and case variants that patterns are translated with.

RE2's tables and Python's differ from each other and between releases; a table in the repository keeps the answers
of old cases the same. Run it as ``python -m pdflow.feel.regex.generate_table > unicode.txt``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_LAST = 0x10FFFF


def _category_lines() -> Iterator[str]:
    ranges: dict[str, list[tuple[int, int]]] = {}
    for code in range(_LAST + 1):
        known = ranges.setdefault(unicodedata.category(chr(code)), [])
        if known and known[-1][1] == code - 1:
            known[-1] = (known[-1][0], code)
        else:
            known.append((code, code))
    for name in sorted(ranges):
        if name != "Cs":
            yield f"{name} " + " ".join(f"{a:X}" if a == b else f"{a:X}-{b:X}" for a, b in ranges[name])


def _case_lines() -> Iterator[str]:
    groups: dict[int, set[int]] = {}
    for code in range(_LAST + 1):
        character = chr(code)
        variants = {code}
        for other in (character.lower(), character.upper()):
            if len(other) == 1:
                variants.add(ord(other))
        for variant in list(variants):
            variants |= groups.get(variant, set())
        if len(variants) > 1:
            for variant in variants:
                groups[variant] = variants
    for group in sorted({tuple(sorted(group)) for group in groups.values()}):
        yield "case " + " ".join(f"{code:X}" for code in group)


def write_table() -> None:
    """Print the table: ``category ranges`` lines, then ``case`` lines of code points that match without case."""
    print(f"# Unicode {unicodedata.unidata_version}")
    for line in (*_category_lines(), *_case_lines()):
        print(line)


if __name__ == "__main__":
    write_table()
