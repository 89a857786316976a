"""What FEEL expressions are made of: names, paths, invocations, contexts, functions, type names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pdflow.feel import nodes
from pdflow.feel.errors import FeelSyntaxError
from pdflow.feel.lexer import KEYWORDS, Token, joined, unquote
from pdflow.feel.names import NameTree, Scope
from pdflow.feel.nodes import Node
from pdflow.feel.types import ANY, SIMPLE, ContextOf, FunctionOf, ListOf, RangeOf, Type

MAX_DEPTH = 60
_SIMPLE_TYPES = NameTree(SIMPLE)
_NAME_OPS = frozenset("+-*/'.") | {"**"}


class AtomParser:
    """The token cursor and the parts of the grammar that do not depend on operator precedence."""

    def __init__(
        self, text: str, tokens: list[Token], scope: Scope, members: NameTree, types: Mapping[str, Type]
    ):
        self.text = text
        self.tokens = tokens
        self.at = 0
        self.scope = scope
        self.members = members
        self.types = types
        self.type_names = NameTree(types, _SIMPLE_TYPES) if types else _SIMPLE_TYPES
        self.depth = 0
        self.max_depth = MAX_DEPTH
        self.in_range_end = False

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.at]

    def expression(self, power: int = 0) -> Node:
        """An expression; the operators are in `pdflow.feel.parser`."""
        raise NotImplementedError

    def error(self, expected: str, token: Token) -> FeelSyntaxError:
        """The error for a token that cannot stand where it stands."""
        found = "the end of the text" if token.kind == "end" else f"'{token.text[:40]}'"
        return FeelSyntaxError(self.text, token.position, expected, found)

    def enter(self) -> None:
        """One level deeper; refuses what is nested too deep to be evaluated safely."""
        self.depth += 1
        if self.depth > self.max_depth:
            raise FeelSyntaxError(
                self.text, self.token.position, f"at most {self.max_depth} levels of nesting", "a deeper one"
            )

    def leave(self) -> None:
        """One level up."""
        self.depth -= 1

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Inside brackets the restrictions of the surrounding place do not hold."""
        before = self.in_range_end
        self.in_range_end = False
        yield
        self.in_range_end = before

    def accept(self, text: str) -> bool:
        """Skip an operator or keyword if it is next."""
        token = self.tokens[self.at]
        if token.text == text and token.kind in ("op", "name"):
            self.at += 1
            return True
        return False

    def expect(self, text: str) -> None:
        """Skip an operator or keyword that must be next."""
        if not self.accept(text):
            raise self.error(f"'{text}'", self.token)

    def expect_end(self, expected: str) -> None:
        """Nothing may follow."""
        if self.token.kind != "end":
            raise self.error(expected, self.token)

    def name_here(self) -> tuple[str, int] | None:
        """The variable name at the cursor and the index after it: the longest declared one, else one word.

        Inside a filter the item's entries are names too, known only at run time: there a run of words is a name.
        """
        best = self.scope.longest(self.tokens, self.at)
        if self.scope.open and self.token.text not in KEYWORDS:
            member = self.members.longest(self.tokens, self.at)
            if member and (best is None or member[1] > best[1]):
                best = member
        end = best[1] if best else self.at
        if best is None and self._is_word(self.at):
            best, end = (self.token.text, self.at + 1), self.at + 1
        if best and self.scope.open and self._is_word(end):
            while self._is_word(end):
                end += 1
            return joined(self.tokens[self.at : end]), end
        return best

    def _is_word(self, index: int) -> bool:
        token = self.tokens[index]
        return token.kind == "name" and token.text not in KEYWORDS

    def name_until(self, stop: str) -> str:
        """A new name, spelled by all tokens up to a keyword or operator."""
        start = self.at
        while self.token.text != stop or self.at == start:
            token = self.token
            if token.kind not in ("name", "number", "other") and token.text not in _NAME_OPS:
                raise self.error(f"a name and '{stop}'", token)
            self.at += 1
        if self.tokens[start].kind != "name":
            raise self.error("a name", self.tokens[start])
        name = joined(self.tokens[start : self.at])
        self.at += 1
        return name

    def postfix(self, node: Node) -> Node:
        """Paths, filters and invocations after an operand."""
        while self.token.kind == "op":
            token = self.token
            if token.text == ".":
                self.at += 1
                node = nodes.Path(token.position, node, self._member())
            elif token.text == "[" and not self._closes_range():
                self.at += 1
                outer, self.scope = self.scope, Scope(self.scope, ["item"], open_=True)
                with self.nested():
                    node = nodes.Filter(token.position, node, self.expression())
                    self.expect("]")
                self.scope = outer
            elif token.text == "(":
                node = self._call(node, token)
            else:
                break
        return node

    def _closes_range(self) -> bool:
        if not self.in_range_end:
            return False
        following = self.tokens[self.at + 1]
        if following.kind in ("number", "string"):
            return False
        if following.kind == "name":
            return following.text in (
                "and",
                "or",
                "then",
                "else",
                "return",
                "satisfies",
                "in",
                "instance",
                "between",
            )
        return following.text not in ("(", "[", "{", "@", "-")

    def _member(self) -> str:
        token = self.token
        if token.kind != "name":
            raise self.error("a name after '.'", token)
        found = self.members.longest(self.tokens, self.at)
        end = found[1] if found else self.at + 1
        if self._is_word(end):
            while self._is_word(end):
                end += 1
            found = None
        name = found[0] if found else joined(self.tokens[self.at : end])
        self.at = end
        return name

    def _call(self, function: Node, token: Token) -> Node:
        self.at += 1
        arguments: list[Node] = []
        names: list[str] = []
        with self.nested():
            if not self.accept(")"):
                named = self._names_argument()
                while True:
                    if named:
                        names.append(self.name_until(":"))
                    arguments.append(self.expression())
                    if not self.accept(","):
                        break
                self.expect(")")
        return nodes.Call(token.position, function, tuple(arguments), tuple(names))

    def _names_argument(self) -> bool:
        index = self.at
        while self.tokens[index].kind in ("name", "number", "other") or self.tokens[index].text in _NAME_OPS:
            index += 1
        return self.tokens[index].text == ":" and index > self.at

    def context(self) -> nodes.ContextNode:
        """``{key: value, ...}``; later entries see earlier ones."""
        position = self.token.position
        self.expect("{")
        entries: list[tuple[str, Node]] = []
        outer = self.scope
        self.scope = Scope(outer)
        with self.nested():
            while not self.accept("}"):
                if entries:
                    self.expect(",")
                if self.token.kind == "string":
                    key = unquote(self.token)
                    self.at += 1
                    self.expect(":")
                else:
                    key = self.name_until(":")
                if any(key == other for other, _ in entries):
                    raise self.error("a key that is not used twice", self.tokens[self.at - 1])
                if self.token.text == "function":
                    self.scope.tree.add(key)
                entries.append((key, self.expression()))
                self.scope.tree.add(key)
                self.members.add(key)
        self.scope = outer
        return nodes.ContextNode(position, tuple(entries))

    def function(self) -> Node:
        """``function(name: type, ...) body`` or ``external {...}``."""
        position = self.token.position
        self.expect("function")
        self.expect("(")
        names: list[str] = []
        types: list[Type | None] = []
        while not self.accept(")"):
            if names:
                self.expect(",")
            name, type_ = self._parameter()
            names.append(name)
            types.append(type_)
        outer, self.scope = self.scope, Scope(self.scope, names)
        with self.nested():
            external = self.token.text == "external" and self.tokens[self.at + 1].text == "{"
            if external:
                self.at += 1
            body = self.expression()
        self.scope = outer
        return nodes.FunctionNode(position, tuple(names), tuple(types), body, external)

    def _parameter(self) -> tuple[str, Type | None]:
        start = self.at
        while self.token.kind in ("name", "number", "other") or self.token.text in _NAME_OPS:
            self.at += 1
        if self.at == start:
            raise self.error("a parameter name", self.token)
        name = joined(self.tokens[start : self.at])
        return name, self.type() if self.accept(":") else None

    def type(self) -> Type | None:
        """A type name; None for one that is not known, which nothing is an instance of."""
        self.enter()
        token = self.token
        if token.text == "function" and self.tokens[self.at + 1].text == "<":
            result = self._function_type()
        elif token.text in ("list", "range", "context") and self.tokens[self.at + 1].text == "<":
            result = self._generic_type(token.text)
        else:
            result = self._named_type(token)
        self.leave()
        return result

    def _function_type(self) -> Type | None:
        self.at += 2
        parameters: list[Type] = []
        while not self.accept(">"):
            if parameters:
                self.expect(",")
            parameters.append(self.type() or ANY)
        self.expect("->")
        return FunctionOf(tuple(parameters), self.type() or ANY)

    def _generic_type(self, kind: str) -> Type | None:
        self.at += 2
        if kind == "context":
            entries: dict[str, Type] = {}
            while not self.accept(">"):
                if entries:
                    self.expect(",")
                name = self.name_until(":")
                entries[name] = self.type() or ANY
            return ContextOf(entries)
        element = self.type()
        self.expect(">")
        if element is None:
            return None
        return ListOf(element) if kind == "list" else RangeOf(element)

    def _named_type(self, token: Token) -> Type | None:
        found = self.type_names.longest(self.tokens, self.at)
        if found:
            self.at = found[1]
            return self.types.get(found[0]) or SIMPLE.get(found[0])
        if token.kind != "name":
            raise self.error("a type", token)
        self.at += 1
        while self.token.text == "." and self.tokens[self.at + 1].kind == "name":
            self.at += 2
        return None
