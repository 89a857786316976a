"""FEEL text to tokens (DMN 1.5 section 10.3.1.2, grammar rules 20 to 41)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pdflow.feel.errors import BudgetExceeded, FeelSyntaxError

MAX_TEXT = 1_000_000

_START = (
    r"?A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFEFE\uFF00-\uFFFD\U00010000-\U000EFFFF"
)
_SPACE = "\\s\u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
_TOKEN = re.compile(
    rf"(?P<space>(?:[{_SPACE}]+|//[^\n\r]*|/\*(?:[^*]|\*(?!/))*\*/)+)"
    rf"|(?P<name>[{_START}][{_START}0-9\u00B7\u0300-\u036F\u203F-\u2040]*)"
    r"|(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    r'|(?P<unclosed>"|/\*)'
    r"|(?P<op>\.\.|\*\*|->|<=|>=|!=|[-+*/<>=()\[\]{},:.@'|])"
    r"|(?P<other>.)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")

KEYWORDS = frozenset(
    [
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "instance",
        "of",
        "function",
        "true",
        "false",
        "null",
    ]
)


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind (name, number, string, op, other, end), text and offset.

    ``spaced`` says whether white space or a comment stands before it; names keep such a space.
    """

    kind: str
    text: str
    position: int
    spaced: bool = False


def tokenize(text: str) -> list[Token]:
    """All tokens of a text, with one of kind ``end`` at the end.

    Raises:
        BudgetExceeded: for a text above `MAX_TEXT` characters.
        FeelSyntaxError: for a string or comment that does not end.
    """
    if len(text) > MAX_TEXT:
        raise BudgetExceeded(f"expected an expression of at most {MAX_TEXT} characters, found {len(text)}")
    tokens: list[Token] = []
    spaced = False
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind == "space":
            spaced = True
            continue
        if kind == "unclosed":
            closing = "a closing '\"'" if match.group() == '"' else "a closing '*/'"
            raise FeelSyntaxError(text, match.start(), closing, "the end of the text")
        tokens.append(Token(kind, match.group(), match.start(), spaced))
        spaced = False
    tokens.append(Token("end", "", len(text), spaced))
    return tokens


def unquote(token: Token) -> str:
    """The characters a string literal stands for; a backslash before anything else is itself, as in patterns."""
    body = token.text[1:-1]
    if "\\" not in body:
        return body
    result = _ESCAPE.sub(_escaped, body)
    if _PAIR.search(result):
        return result.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return result


def _escaped(match: re.Match[str]) -> str:
    escape = match.group(1)
    if len(escape) > 1:
        code = int(escape[1:], 16)
        return chr(code) if code <= 0x10FFFF else match.group()
    return _SIMPLE_ESCAPES.get(escape, match.group())


def name_words(name: str) -> tuple[str, ...]:
    """The token texts of a name, the form in which names are matched whatever their white space."""
    if '"' in name or "/*" in name:
        # No expression can spell it: it is only reached with `get value`.
        return ()
    return tuple(token.text for token in tokenize(name) if token.kind != "end")


def joined(tokens: list[Token]) -> str:
    """The name some tokens spell: one space where there was white space."""
    return "".join((" " if token.spaced and index else "") + token.text for index, token in enumerate(tokens))
