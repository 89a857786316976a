"""Hostile-safe reading of the XML: size and depth bounded, no DOCTYPE, no entities, no network."""

from __future__ import annotations

from io import BytesIO

from lxml import etree

from pdflow.dmn.errors import DmnError

MAX_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 100
Element = etree._Element


def read_document(xml: bytes) -> Element:
    """The ``definitions`` element of a DMN document, of any version of the namespace.

    Raises:
        DmnError: for what is too large, too deep, has a DOCTYPE, is not well-formed or is not DMN.
    """
    if len(xml) > MAX_BYTES:
        raise DmnError(f"expected a model of at most {MAX_BYTES} bytes, found {len(xml)}")
    depth = 0
    root: Element | None = None
    try:
        events = etree.iterparse(
            BytesIO(xml),
            events=("start", "end"),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        for event, element in events:
            if root is None:
                root = element
                if element.getroottree().docinfo.doctype:
                    raise DmnError("expected a model without a DOCTYPE; remove the declaration")
            depth += 1 if event == "start" else -1
            if depth > MAX_DEPTH:
                raise DmnError(
                    f"expected at most {MAX_DEPTH} levels of elements, found more at line {element.sourceline}"
                )
    except etree.XMLSyntaxError as error:
        raise DmnError(f"expected well-formed XML, found: {error}") from error
    if root is None or local_name(root) != "definitions":
        found = "nothing" if root is None else f"<{local_name(root)}>"
        raise DmnError(f"expected a DMN document with <definitions> as its root, found {found}")
    return root


def local_name(element: Element) -> str:
    """The tag without its namespace."""
    return str(etree.QName(element).localname)


def child(element: Element, name: str) -> Element | None:
    """The first child of a local name, in the document's own namespace or any other."""
    return element.find(f"{{*}}{name}")


def children(element: Element, name: str) -> list[Element]:
    """All children of a local name."""
    return list(element.findall(f"{{*}}{name}"))


def height_of(element: Element) -> int:
    """How many levels of elements lie in an element."""
    height, level = 0, [element]
    while level:
        level = [part for parent in level for part in parent]
        height += bool(level)
    return height


def text_of(element: Element | None, name: str = "text") -> str | None:
    """The stripped text of a child; None when there is no such child."""
    found = None if element is None else child(element, name)
    return None if found is None else (found.text or "").strip()


def attribute_name(element: Element) -> str:
    """The ``name`` attribute with white space normalised, as FEEL names are."""
    return " ".join(element.get("name", "").split())


def line_of(element: Element) -> int:
    """The line of an element, 0 when unknown."""
    line = element.sourceline
    return line if isinstance(line, int) else 0
