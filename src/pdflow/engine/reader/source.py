"""The XML of one file while it is read: names, places, and the findings that pile up."""

from __future__ import annotations

from lxml import etree

from pdflow.engine.expressions import Expr, Setting, expression, setting
from pdflow.engine.findings import Finding
from pdflow.feel import FeelError

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"

Element = etree._Element

_DATA = frozenset(
    {"dataObject", "dataObjectReference", "dataInput", "dataOutput", "property", "inputDataItem"}
)


def local(element: Element) -> str:
    """Name without namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def line_of(element: Element) -> int:
    """Line in the file, from 1; 0 when there is none."""
    line = element.sourceline
    return line if isinstance(line, int) else 0


def child(element: Element, name: str) -> Element | None:
    """First BPMN child of that name."""
    return element.find(BPMN + name)


def text(element: Element | None) -> str:
    """Text of an element, stripped; empty when there is none."""
    return (element.text or "").strip() if element is not None else ""


class Source:
    """Collects what is wrong while the reader goes on, so that one look shows every reason."""

    def __init__(self, name: str, root: Element) -> None:
        self.name = name
        self.findings: list[Finding] = []
        self._names = _long_names(root)
        self._named = {
            element.get("id", ""): element.get("name", "") for element in root.iterfind(".//*[@name]")
        }

    def name_of(self, reference: str) -> str:
        """Name of the data input, output or object that a reference means: the variable."""
        return self._named.get(reference, "") or reference

    def refuse(self, element: Element, rule: str, message: str, expected: str = "") -> None:
        """Note a reason to refuse the model, at the nearest element that has an id."""
        owner: Element | None = element
        while owner is not None and not owner.get("id"):
            owner = owner.getparent()
        element_id = owner.get("id", "") if owner is not None else ""
        line = line_of(element)
        self.findings.append(Finding(self.name, line, element_id, rule, "error", message, expected))

    def formal(self, element: Element | None) -> Expr | None:
        """The FEEL expression in a BPMN expression element; other languages are refused by name."""
        body = text(element)
        if element is None or not body:
            return None
        language = element.get("language", "")
        if language and "feel" not in language.lower():
            self.refuse(
                element, "expression-language", f"The expression language is {language}.", "Write FEEL."
            )
            return None
        if body.startswith(("${", "#{")):
            self.refuse(
                element,
                "expression-language",
                f"'{body}' is JUEL, not FEEL.",
                "Write FEEL, e.g. '=amount > 5'.",
            )
            return None
        return self.feel(element, body)

    def feel(self, element: Element, body: str | None) -> Expr | None:
        """Compile FEEL (with or without ``=``); a syntax error is a finding."""
        if body is None or not body.strip():
            return None
        try:
            return expression(body, self._names)
        except FeelError as error:
            self.refuse(element, "feel-syntax", f"'{body.strip()}' is not FEEL: {error}.")
            return None

    def setting(self, element: Element, body: str | None) -> Setting | None:
        """Static text, or FEEL with a leading ``=``; empty is nothing."""
        if body is None or not body.strip():
            return None
        try:
            return setting(body.strip(), self._names)
        except FeelError as error:
            self.refuse(element, "feel-syntax", f"'{body.strip()}' is not FEEL: {error}.")
            return None


def _long_names(root: Element) -> list[str]:
    """Variables of the file whose names have several words: its data and the targets of its mappings."""
    found: dict[str, None] = {}
    for element in root.iter():
        tag = local(element)
        if tag in _DATA:
            found[element.get("name", "")] = None
        elif tag in ("input", "output"):
            found[element.get("target", "")] = None
        elif element.get("resultVariable"):
            found[element.get("resultVariable", "")] = None
    return [name for name in found if " " in name.strip()]
