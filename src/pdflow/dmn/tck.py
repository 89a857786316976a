"""Runner of the DMN Technology Compatibility Kit: each ``*-test-*.xml`` against the model beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from pdflow.dmn.document import Element, children, local_name
from pdflow.dmn.errors import DmnError
from pdflow.dmn.kit_externals import EXTERNALS
from pdflow.dmn.loader import load
from pdflow.dmn.model import Model
from pdflow.feel.compare import equal
from pdflow.feel.decimals import number
from pdflow.feel.errors import FeelError
from pdflow.feel.runtime import Runtime
from pdflow.feel.temporal_text import parse_date, parse_datetime, parse_duration, parse_time

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_TOLERANCE = Decimal("0.00000001")


@dataclass(frozen=True, slots=True)
class Result:
    """One checked result.

    Attributes:
        suite: directory of the test file, below the kit's root.
        case: id of the test case.
        node: name of the result node.
        passed: whether the value was the expected one.
        wanted: the expected value.
        detail: expected and found when it was not.
    """

    suite: str
    case: str
    node: str
    passed: bool
    wanted: Any
    detail: str


def run(directory: str | Path) -> Iterator[Result]:
    """Run all tests below a directory, in order of their paths, with the kit's external functions.

    Args:
        directory: the kit, or a part of it.

    Yields:
        A result for each result node.
    """
    root = Path(directory)
    for path in sorted(root.rglob("*-test-*.xml")):
        yield from _run_file(path, str(path.parent.relative_to(root)))


def _run_file(path: Path, suite: str) -> Iterator[Result]:
    tests = etree.parse(
        str(path), etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    )
    test_root = tests.getroot()
    name = test_root.findtext("{*}modelName") or ""
    others = [other.read_bytes() for other in sorted(path.parent.glob("*.dmn")) if other.name != name]
    model, problem = None, ""
    try:
        model = load((path.parent / name).read_bytes(), *others, externals=EXTERNALS)
    except (OSError, DmnError) as error:
        problem = f"expected a model, found: {error}"
    for case in children(test_root, "testCase"):
        inputs = dict(_input(node) for node in children(case, "inputNode"))
        for node in children(case, "resultNode"):
            wanted = _value(children(node, "expected")[0]) if children(node, "expected") else None
            where = (suite, case.get("id", ""), node.get("name", ""))
            if model is None:
                yield Result(*where, False, wanted, problem)
                continue
            target = case.get("invocableName", where[2])
            yield _check(model, target, inputs, wanted, where)


def _check(
    model: Model, target: str, inputs: dict[str, Any], wanted: Any, where: tuple[str, str, str]
) -> Result:
    try:
        found = model.evaluate(target, inputs, clock=lambda: _NOW)
        if target != where[2] and isinstance(found, dict):
            # A service with several outputs: the result node names one of them.
            found = found.get(where[2])
    except (FeelError, DmnError) as error:
        return Result(*where, wanted is None, wanted, f"expected {wanted!r}, found the error: {error}")
    passed = matches(found, wanted)
    return Result(*where, passed, wanted, "" if passed else f"expected {wanted!r}, found {found!r}")


def _input(node: Element) -> tuple[str, Any]:
    namespace, name = node.get("namespace"), node.get("name", "")
    return (f"{{{namespace}}}{name}" if namespace else name), _value(node)


def _value(element: Element) -> Any:
    """The value an ``expected``, ``inputNode``, ``item`` or ``component`` element holds."""
    if element.get(f"{_XSI}nil") == "true":
        return None
    components = children(element, "component")
    if components:
        return {component.get("name", ""): _value(component) for component in components}
    for part in element:
        if local_name(part) == "list":
            return (
                None
                if part.get(f"{_XSI}nil") == "true"
                else [_value(item) for item in children(part, "item")]
            )
        if local_name(part) == "value":
            return _typed(part)
    return None


def _typed(element: Element) -> Any:
    if element.get(f"{_XSI}nil") == "true":
        return None
    kind, text = element.get(f"{_XSI}type", "").rpartition(":")[2], element.text or ""
    return _READERS.get(kind, str)(text.strip() if kind != "string" else text)


_READERS: dict[str, Callable[[str], Any]] = {
    "decimal": number,
    "double": number,
    "integer": number,
    "int": number,
    "long": number,
    "float": number,
    "boolean": lambda text: text in ("true", "1"),
    "date": parse_date,
    "time": parse_time,
    "dateTime": parse_datetime,
    "duration": parse_duration,
}


def matches(found: Any, wanted: Any) -> bool:
    """Whether a value is the expected one; numbers within 10**-8, as the kit's own runner compares them."""
    if isinstance(found, Decimal) and isinstance(wanted, Decimal):
        return abs(found - wanted) <= _TOLERANCE
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(matches(a, b) for a, b in zip(found, wanted, strict=True))
    if isinstance(found, dict) and isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(matches(found[key], wanted[key]) for key in wanted)
    return equal(found, wanted, Runtime()) is True
