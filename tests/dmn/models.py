"""Small decision models written as text, for tests."""

from __future__ import annotations

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(body: str, name: str = "test", namespace: str = "http://example.org/test") -> bytes:
    """A DMN document around some elements."""
    return f'<definitions xmlns="{NAMESPACE}" name="{name}" id="d" namespace="{namespace}">{body}</definitions>'.encode()


def escape(text: str) -> str:
    """Text as XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal(text: str) -> str:
    """A literal expression."""
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def requires(*hrefs: str, kind: str = "information") -> str:
    """Requirements such as ``decision:id``, ``input:id`` or, of knowledge, ``knowledge:id``."""
    parts = []
    for href in hrefs:
        what, _, target = href.partition(":")
        tag = {"decision": "requiredDecision", "input": "requiredInput", "knowledge": "requiredKnowledge"}[
            what
        ]
        target = target if "#" in target else f"#{target}"
        parts.append(f'<{kind}Requirement><{tag} href="{target}"/></{kind}Requirement>')
    return "".join(parts)


def decision(name: str, logic: str, requirements: str = "", type_: str = "") -> str:
    """A decision whose id is its name with underscores."""
    type_ref = f' typeRef="{type_}"' if type_ else ""
    identifier = name.replace(" ", "_")
    return f'<decision name="{name}" id="{identifier}"><variable name="{name}"{type_ref}/>{requirements}{logic}</decision>'


def input_data(name: str, type_: str = "Any") -> str:
    """Input data whose id is its name with underscores."""
    return f'<inputData name="{name}" id="{name.replace(" ", "_")}"><variable name="{name}" typeRef="{type_}"/></inputData>'


def table(
    inputs: list[str], outputs: list[str], rules: list[list[str]], attributes: str = 'hitPolicy="UNIQUE"'
) -> str:
    """A decision table. An input or output may carry more XML after ``|``: its values or default."""
    parts = []
    for text in inputs:
        expression, _, more = text.partition("|")
        parts.append(f"<input><inputExpression><text>{expression}</text></inputExpression>{more}</input>")
    for text in outputs:
        name, _, more = text.partition("|")
        parts.append(f'<output name="{name}">{more}</output>')
    for rule in rules:
        tests = "".join(
            f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in rule[: len(inputs)]
        )
        results = "".join(
            f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in rule[len(inputs) :]
        )
        parts.append(f"<rule>{tests}{results}</rule>")
    return f"<decisionTable {attributes}>{''.join(parts)}</decisionTable>"
