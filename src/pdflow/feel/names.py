"""Names in scope while parsing, matched as the longest run of tokens, because FEEL names contain spaces."""

from __future__ import annotations

from collections.abc import Iterable

from pdflow.feel.lexer import KEYWORDS, Token, name_words

_END = ""


class NameTree:
    """A tree of names by token texts; names of the base are known too."""

    def __init__(self, names: Iterable[str] = (), base: NameTree | None = None):
        self._root: dict[str, object] = {}
        self._base = base
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Declare a name; one that begins with a keyword can only be reached through a context."""
        node = self._root
        words = name_words(name)
        if not words:
            return
        for word in words:
            node = node.setdefault(word, {})  # type: ignore[assignment]
        node[_END] = name

    def longest(self, tokens: list[Token], at: int) -> tuple[str, int] | None:
        """The longest declared name at a place and the index after it."""
        found = self._base.longest(tokens, at) if self._base is not None else None
        own = self._longest(tokens, at)
        return own if own and (found is None or own[1] >= found[1]) else found

    def _longest(self, tokens: list[Token], at: int) -> tuple[str, int] | None:
        node = self._root
        found: tuple[str, int] | None = None
        while tokens[at].kind != "end":
            child = node.get(tokens[at].text)
            if not isinstance(child, dict):
                break
            node = child
            at += 1
            if _END in node:
                found = (str(node[_END]), at)
        return found


class Scope:
    """Names declared at one place of the text, and the places around it.

    Attributes:
        open: set inside a filter, where entries of the filtered item are names too and are not known before.
    """

    def __init__(self, parent: Scope | None, names: Iterable[str] = (), *, open_: bool = False):
        self.parent = parent
        self.tree = NameTree(names)
        self.open: bool = open_ or (parent is not None and parent.open)

    def longest(self, tokens: list[Token], at: int) -> tuple[str, int] | None:
        """The longest name of any enclosing place."""
        best: tuple[str, int] | None = None
        scope: Scope | None = self
        while scope is not None:
            found = scope.tree.longest(tokens, at)
            if found and (best is None or found[1] > best[1]):
                best = found
            scope = scope.parent
        if best and tokens[at].text in KEYWORDS:
            return None
        return best
