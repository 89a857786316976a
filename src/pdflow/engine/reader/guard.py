"""Bounds on XML that comes from outside, held before anything interprets it."""

from __future__ import annotations

from lxml import etree

from pdflow.engine.findings import Finding, ModelRefused

MAX_BYTES = 5_000_000
MAX_DEPTH = 200
MAX_ELEMENTS = 100_000


class _Bounds:
    """Parser target that counts and builds nothing: a hostile file never becomes a tree."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.depth = 0
        self.elements = 0

    def start(self, tag: str, attributes: object) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_DEPTH:
            raise _refusal(self.name, 0, "xml-depth", f"Elements are nested deeper than {MAX_DEPTH}.")
        if self.elements > MAX_ELEMENTS:
            raise _refusal(self.name, 0, "xml-elements", f"The file has more than {MAX_ELEMENTS:,} elements.")

    def end(self, tag: str) -> None:
        self.depth -= 1

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise _refusal(
            self.name,
            0,
            "xml-doctype",
            "The file has a DOCTYPE.",
            "Remove it: models need neither DTD nor entities.",
        )

    def close(self) -> None:
        return None


def _refusal(name: str, line: int, rule: str, message: str, expected: str = "") -> ModelRefused:
    return ModelRefused([Finding(name, line, "", rule, "error", message, expected)])


def parse(xml: bytes, name: str) -> etree._ElementTree:
    """Parse untrusted XML: no DOCTYPE, no entities, no network, bounded size, depth and number of elements.

    Raises:
        ModelRefused: with one finding that says which bound was passed or where the XML is not well-formed.
    """
    if len(xml) > MAX_BYTES:
        message = f"The file has {len(xml):,} bytes."
        raise _refusal(name, 0, "xml-size", message, f"A model has at most {MAX_BYTES:,} bytes.")
    options = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    try:
        etree.fromstring(xml, etree.XMLParser(target=_Bounds(name), **options))  # type: ignore[arg-type]
        root = etree.fromstring(xml, etree.XMLParser(**options))  # type: ignore[arg-type]
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise _refusal(name, line, "xml-syntax", f"The XML is not well-formed: {error.msg}.") from error
    except ValueError as error:
        raise _refusal(name, 0, "xml-syntax", f"The XML cannot be read: {error}.") from error
    tree = root.getroottree()
    if getattr(tree.docinfo, "doctype", ""):
        raise _refusal(
            name,
            0,
            "xml-doctype",
            "The file has a DOCTYPE.",
            "Remove it: models need neither DTD nor entities.",
        )
    return tree
