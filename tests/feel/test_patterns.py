from __future__ import annotations

from typing import Any

import pytest

from pdflow import feel


def value(function: str, *arguments: str) -> Any:
    names = ["p", "q", "r", "s"][: len(arguments)]
    return feel.evaluate(f"{function}({', '.join(names)})", dict(zip(names, arguments, strict=True)))


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "expected"),
    [
        ("O", "[A-Z-[OI]]", "", False),
        ("Q", "[A-Z-[OI]]", "", True),
        ("o", "[A-Z-[OI]]", "i", False),
        ("K", "k", "i", True),
        ("α", r"\p{IsGreek}", "", True),
        ("a", r"\P{IsBasicLatin}", "", False),
        ("é", r"^\w$", "", True),
        ("_", r"^\w$", "", False),
        ("٣", r"^\d$", "", True),
        ("a\nb", "a.b", "", False),
        ("a\nb", "a.b", "s", True),
        ("a\rb", "a.b", "", False),
        ("x\ny", "^y$", "", False),
        ("x\ny", "^y$", "m", True),
        ("x\n", "^$", "m", False),
        ("x\n\ny", "^$", "m", True),
        ("hello world", "hello[ ]world", "x", True),
        ("hello world", "hello world", "x", False),
        ("a.c", "a.c", "q", True),
        ("abc", "a.c", "q", False),
        ("A.C", "a.c", "iq", True),
        ("abab", r"^(ab)\1$", "", True),
        ("abac", r"^(ab)\1$", "", False),
        ("aBAb", r"^(ab)\1$", "i", True),
        ("aaa", "^a{2}$", "", False),
        ("aaa", "^a{2,}$", "", True),
        ("", "^(a?)*$", "", True),
        ("b", "^(a?)*?b$", "", True),
        ("xay", "a|b", "", True),
        ("\ud800", ".", "", False),
    ],
)
def test_xpath_patterns_match(text: str, pattern: str, flags: str, expected: bool) -> None:
    assert value("matches", text, pattern, flags) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        "(", ")", "[", "]", "a{", "a{2,1}", "*", "a**", r"\1", r"(a\1)", r"(a)\2", r"[\1]", "[]", "[z-a]", "[a-]b-c]",
        r"\p{Foo}", r"\p{IsFoo}", r"\q", "\\", "(?=a)", "(?i)a", r"\bfoo", "(?P<n>a)", r"\x41", "a{1,999999}", "}",
    ],
)  # fmt: skip
def test_what_is_no_xpath_pattern_is_null(pattern: str) -> None:
    assert value("matches", "a", pattern) is None


@pytest.mark.parametrize("flags", ["X", " ", "ii?", "g"])
def test_unknown_flags_are_null(flags: str) -> None:
    assert value("matches", "a", "a", flags) is None


@pytest.mark.parametrize(
    ("text", "pattern", "replacement", "expected"),
    [
        ("abracadabra", "a(.)", "a$1$1", "abbraccaddabbra"),
        ("abc", "(b)", "[$1$0$2]", "a[bb]c"),
        ("abc", "b", r"\$\\", r"a$\c"),
        ("abcdefghijkl", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)", "$11$12", "ka2l"),
        ("abc", "(x)?b", "[$1]", "a[]c"),
        ("aaa", "a+?", "b", "bbb"),
        ("abab", r"(a)b\1", "x", "xb"),
        ("größe", "ö|ß", "?", "gr??e"),
        ("abc", "x*", "-", None),
        ("abc", "^", "-", None),
        ("abc", "b", "$", None),
        ("abc", "b", r"\n", None),
        ("abc", "b", "$x", None),
    ],
)
def test_replace(text: str, pattern: str, replacement: str, expected: str | None) -> None:
    assert value("replace", text, pattern, replacement) == expected


def test_a_literal_replacement_has_no_references() -> None:
    assert value("replace", "a.b", ".", "$1", "q") == "a$1b"


@pytest.mark.parametrize(
    ("text", "delimiter", "expected"),
    [
        ("a;b;c;;", ";", ["a", "b", "c", "", ""]),
        ("John Doe", r"\s", ["John", "Doe"]),
        ("abc", "x", ["abc"]),
        ("a1b22c", r"\d+", ["a", "b", "c"]),
        ("abc", "", None),
        ("abc", "x*", None),
    ],
)
def test_split(text: str, delimiter: str, expected: list[str] | None) -> None:
    assert value("split", text, delimiter) == expected


def test_a_hostile_pattern_is_linear() -> None:
    assert value("matches", "a" * 100_000 + "b", "^(a+)+$") is False


def test_a_hostile_back_reference_runs_out_of_budget() -> None:
    with pytest.raises(feel.BudgetExceeded):
        value("matches", "a" * 40 + "b", r"^(a+)+\1+c$")
