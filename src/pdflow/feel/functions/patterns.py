"""String functions with regular expressions (DMN 1.5 section 10.3.4.3, XPath patterns)."""

from __future__ import annotations

from pdflow.feel import regex
from pdflow.feel.functions.signature import builtin
from pdflow.feel.runtime import Runtime


@builtin("matches", "input: string, pattern: string, flags?: string?", cost=25)
def _matches(rt: Runtime, text: str, pattern: str, flags: str | None) -> bool | None:
    rt.charge((len(text) >> 5) + len(pattern))
    compiled = regex.compile_pattern(pattern, flags or "")
    if compiled is None:
        return None
    rt.charge(compiled.cost)
    return compiled.found_in(text, rt)


@builtin("replace", "input: string, pattern: string, replacement: string, flags?: string?", cost=25)
def _replace(rt: Runtime, text: str, pattern: str, replacement: str, flags: str | None) -> str | None:
    rt.charge((len(text) >> 3) + len(pattern))
    compiled = regex.compile_pattern(pattern, flags or "")
    if compiled is None:
        return None
    rt.charge(compiled.cost)
    return compiled.replace(text, replacement, rt)


@builtin("split", "string: string, delimiter: string", cost=25)
def _split(rt: Runtime, string: str, delimiter: str) -> list[str] | None:
    rt.charge((len(string) >> 3) + len(delimiter))
    compiled = regex.compile_pattern(delimiter, "")
    if compiled is None:
        return None
    rt.charge(compiled.cost)
    return compiled.split(string, rt)
