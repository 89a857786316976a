"""Precedence-climbing (Pratt) parser for FEEL, DMN 1.5 section 10.3.1.2. It never backtracks.

Binding powers rise in the grammar's order: or, and, comparison, sums, products, ``**``, ``instance of``, minus,
then paths, filters and invocations. So ``-2**2`` is 4 and ``2**3**2`` is 64.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import DecimalException

from pdflow.feel import nodes
from pdflow.feel.atoms import AtomParser
from pdflow.feel.decimals import CONTEXT
from pdflow.feel.lexer import Token, tokenize, unquote
from pdflow.feel.members import MULTI_WORD
from pdflow.feel.names import NameTree, Scope
from pdflow.feel.nodes import Node
from pdflow.feel.temporal_text import parse_literal
from pdflow.feel.types import Type

OR, AND, COMPARISON, SUM, PRODUCT, POWER, INSTANCE, MINUS = 10, 20, 30, 40, 50, 60, 65, 70
_LEVELS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "**": POWER}
_COMPARISONS = frozenset(("=", "!=", "<", "<=", ">", ">="))
_PROPERTIES = NameTree(MULTI_WORD)
_CONSTANTS = {"true": True, "false": False, "null": None}


class Parser(AtomParser):
    """Parses one text in a scope of names."""

    def parse(self) -> Node:
        """The whole text as one expression."""
        node = self.expression()
        self.expect_end("an operator or the end of the expression")
        return node

    def parse_tests(self) -> nodes.Tests:
        """The whole text as unary tests: ``-``, ``not(...)``, or tests separated by commas."""
        start = self.token
        if start.text == "-" and self.tokens[self.at + 1].kind == "end":
            return nodes.Tests(start.position, (), False)
        negated = start.text == "not" and self.tokens[self.at + 1].text == "(" and self._closes_at_end()
        if negated:
            self.at += 2
        items = [self.test()]
        while self.accept(","):
            items.append(self.test())
        if negated:
            self.expect(")")
        self.expect_end("',' or the end of the tests")
        return nodes.Tests(start.position, tuple(items), negated)

    def _closes_at_end(self) -> bool:
        depth = 0
        for index in range(self.at + 1, len(self.tokens)):
            text = self.tokens[index].text
            if self.tokens[index].kind == "op":
                depth += (text == "(") - (text == ")")
            if depth == 0:
                return self.tokens[index + 1].kind == "end"
        return False

    def test(self) -> Node:
        """One positive unary test: a comparison without its left side, or an expression."""
        token = self.token
        if token.kind == "op" and token.text in _COMPARISONS:
            self.at += 1
            return self._one_sided(token, self.expression(SUM))
        return self.expression()

    def _one_sided(self, token: Token, operand: Node) -> Node:
        nothing = nodes.Literal(token.position, None)
        return nodes.RangeNode(token.position, operand, nothing, False, False, token.text)

    def expression(self, power: int = 0) -> Node:
        """An expression whose operators all bind at least as tight as ``power``."""
        self.enter()
        node = self._prefix()
        while True:
            token = self.token
            text = token.text
            if token.kind == "op":
                level = _LEVELS.get(text)
                if level is not None:
                    if level < power:
                        break
                    node = self._chain(node, level)
                elif text in _COMPARISONS and power <= COMPARISON:
                    self.at += 1
                    right = self.expression(SUM)
                    node = nodes.Comparison(token.position, text, node, right)
                else:
                    break
            elif token.kind == "name":
                found = self._word(node, token, power)
                if found is None:
                    break
                node = found
            else:
                break
        self.leave()
        return node

    def _chain(self, first: Node, level: int) -> Node:
        rest: list[tuple[str, Node, int]] = []
        position = self.token.position
        while self.token.kind == "op" and _LEVELS.get(self.token.text) == level:
            operator = self.token
            self.at += 1
            rest.append((operator.text, self.expression(level + 1), operator.position))
        return nodes.Chain(position, first, tuple(rest))

    def _word(self, left: Node, token: Token, power: int) -> Node | None:
        text = token.text
        if text == "or" and power <= OR:
            return self._logic(left, "or", AND)
        if text == "and" and power <= AND:
            return self._logic(left, "and", COMPARISON)
        if text == "between" and power <= COMPARISON:
            self.at += 1
            low = self.expression(SUM)
            self.expect("and")
            return nodes.Between(token.position, left, low, self.expression(SUM))
        if text == "in" and power <= COMPARISON:
            self.at += 1
            return self._in(left, token)
        if text == "instance" and power <= INSTANCE:
            self.at += 1
            self.expect("of")
            return nodes.InstanceOf(token.position, left, self.type())
        return None

    def _logic(self, left: Node, operator: str, tighter: int) -> Node:
        operands = [left]
        position = self.token.position
        while self.accept(operator):
            operands.append(self.expression(tighter))
        return nodes.Logic(position, operator, tuple(operands))

    def _in(self, left: Node, token: Token) -> Node:
        if self.token.text != "(" or self.token.kind != "op":
            if self.token.kind == "op" and self.token.text in _COMPARISONS:
                return nodes.In(token.position, left, (self.test(),))
            return nodes.In(token.position, left, (self.expression(SUM),))
        opening = self.token
        self.at += 1
        with self.nested():
            items = [self.test()]
            if self.accept(".."):
                items[0] = self.range_end(opening, items[0], False)
            else:
                while self.accept(","):
                    items.append(self.test())
                self.expect(")")
        if len(items) == 1:
            items[0] = self.postfix(items[0])
        return nodes.In(token.position, left, tuple(items))

    def _prefix(self) -> Node:
        token = self.token
        if token.kind == "op" and token.text == "-":
            self.at += 1
            return nodes.Negation(token.position, self.expression(MINUS))
        return self.postfix(self._primary(token))

    def _primary(self, token: Token) -> Node:
        kind, text = token.kind, token.text
        if kind == "number":
            self.at += 1
            try:
                return nodes.Literal(token.position, CONTEXT.create_decimal(text))
            except DecimalException:
                raise self.error("a number of decimal128", token) from None
        if kind == "string":
            self.at += 1
            return nodes.Literal(token.position, unquote(token))
        if kind == "name":
            return self._named(token)
        if kind == "op":
            if text == "(":
                return self._parenthesis(token)
            if text in ("[", "]"):
                return self._bracket(token)
            if text == "{":
                return self.context()
            if text == "@":
                return self._at_literal(token)
        raise self.error("an expression", token)

    def _named(self, token: Token) -> Node:
        text = token.text
        found = self.name_here()
        if found is not None and (found[1] > self.at + 1 or text not in _CONSTANTS):
            self.at = found[1]
            return nodes.Name(token.position, found[0])
        if text in _CONSTANTS:
            self.at += 1
            return nodes.Literal(token.position, _CONSTANTS[text])
        if text == "if":
            return self._if(token)
        if text == "for":
            return self._for(token)
        if text in ("some", "every"):
            return self._quantified(token)
        if text == "function":
            return self.function()
        raise self.error("an expression", token)

    def _at_literal(self, token: Token) -> Node:
        literal = self.tokens[self.at + 1]
        if literal.kind != "string":
            raise self.error("a string after '@'", literal)
        value = parse_literal(unquote(literal))
        if value is None:
            raise self.error("a date, time, date and time, or duration", literal)
        self.at += 2
        return nodes.Literal(token.position, value)

    def _parenthesis(self, token: Token) -> Node:
        self.at += 1
        with self.nested():
            node = self.test()
            if self.accept(".."):
                return self.range_end(token, node, False)
            self.expect(")")
        return node

    def _bracket(self, token: Token) -> Node:
        self.at += 1
        with self.nested():
            if token.text == "]":
                start = self.expression()
                self.expect("..")
                return self.range_end(token, start, False)
            items: list[Node] = []
            if not self.accept("]"):
                items.append(self.test())
                if self.accept(".."):
                    return self.range_end(token, items[0], True)
                while self.accept(","):
                    items.append(self.test())
                self.expect("]")
        return nodes.ListNode(token.position, tuple(items))

    def range_end(self, token: Token, start: Node, start_included: bool) -> Node:
        """The rest of a range after ``..``: its end and the bracket that closes it."""
        self.in_range_end = True
        end = self.expression()
        self.in_range_end = False
        closing = self.token
        if closing.kind != "op" or closing.text not in ("]", ")", "["):
            raise self.error("']', ')' or '[' to close the range", closing)
        self.at += 1
        return nodes.RangeNode(token.position, start, end, start_included, closing.text == "]")

    def _if(self, token: Token) -> Node:
        branches: list[tuple[Node, Node]] = []
        while self.accept("if"):
            condition = self.expression()
            self.expect("then")
            result = self.expression()
            self.expect("else")
            branches.append((condition, result))
        return nodes.If(token.position, tuple(branches), self.expression())

    def _iterators(self) -> tuple[nodes.Iterator, ...]:
        iterators: list[nodes.Iterator] = []
        while True:
            self.at += 1
            position = self.token.position
            name = self.name_until("in")
            source = self.expression()
            end = self.expression() if self.accept("..") else None
            iterators.append(nodes.Iterator(position, name, source, end))
            self.scope = Scope(self.scope, [name])
            if self.token.text != ",":
                return tuple(iterators)

    def _for(self, token: Token) -> Node:
        outer = self.scope
        iterators = self._iterators()
        self.expect("return")
        self.scope = Scope(self.scope, ["partial"])
        node = nodes.For(token.position, iterators, self.expression())
        self.scope = outer
        return node

    def _quantified(self, token: Token) -> Node:
        outer = self.scope
        iterators = self._iterators()
        self.expect("satisfies")
        node = nodes.Quantified(token.position, token.text == "some", iterators, self.expression())
        self.scope = outer
        return node


def make_parser(
    text: str, scope: Scope, members: Iterable[str] | NameTree = (), types: Mapping[str, Type] | None = None
) -> Parser:
    """A parser for a text: names in scope, names that may follow a dot, and named types."""
    tree = members if isinstance(members, NameTree) else NameTree(members, _PROPERTIES)
    return Parser(text, tokenize(text), scope, tree, types or {})
