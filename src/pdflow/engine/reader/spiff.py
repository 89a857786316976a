"""SpiffWorkflow as the reader of BPMN; the only product file that imports it.

Taken from it: the walk over a file and its processes, the tables of messages, signals, errors and escalations, lanes,
the index of boundary events, the validator with the schema of the standard. Overridden: everything that builds its own task tree,
which follows flows recursively, orders branches by the y coordinate of a shape, and drops what its engine cannot do.
Pinned to one release exactly: each of its releases so far has moved these names.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, BpmnValidator  # type: ignore[import-untyped]
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser  # type: ignore[import-untyped]
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException  # type: ignore[import-untyped]

from pdflow.engine.findings import Finding, ModelRefused
from pdflow.engine.reader.source import BPMN, Element


class FileParser(BpmnParser):  # type: ignore[misc]
    """Reads one file: the parser's tables, without data stores and correlations, which are not executed."""

    def _add_data_stores(self, bpmn: Any) -> None:
        """A data store is a picture of where data lives: it needs no implementation."""

    def _add_correlations(self, bpmn: Any) -> None:
        """Correlation sets are refused by our reader, with their element."""


def parse_file(tree: etree._ElementTree, name: str) -> FileParser:
    """Let SpiffWorkflow read a file.

    Raises:
        ModelRefused: when it finds the file not to be usable BPMN.
    """
    parser = FileParser()
    try:
        parser.add_bpmn_xml(tree, name)
    except ValidationException as error:
        raise ModelRefused(
            [Finding(name, 0, error.id or "", "bpmn-unreadable", "error", f"{error}.")]
        ) from error
    except ValueError as error:
        message = f"The diagram holds a coordinate that is no number: {error}."
        raise ModelRefused([Finding(name, 0, "", "bpmn-unreadable", "error", message)]) from error
    return parser


def process_parsers(parser: FileParser) -> dict[str, ProcessParser]:
    """The processes of the file in document order; each knows its element, flows, boundary events and lanes."""
    return dict(parser.process_parsers)


def node_types() -> frozenset[str]:
    """Local names of the flow nodes that SpiffWorkflow dispatches, and of those it lacks and we execute."""
    known = {tag.removeprefix(BPMN) for tag in BpmnParser.PARSER_CLASSES}
    return frozenset(known | {"businessRuleTask", "complexGateway"})


def element_of(parser: ProcessParser) -> Element:
    """The XML element of a process."""
    return parser.node


@cache
def validator() -> BpmnValidator:
    """The validator with the BPMN 2.0 schema; compiling the schema takes a moment, so it is made once."""
    return BpmnValidator()
