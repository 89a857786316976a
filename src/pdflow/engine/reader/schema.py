"""The XML schema of the standard, as SpiffWorkflow brings it along."""

from __future__ import annotations

import copy
from functools import cache

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator


@cache
def _validator() -> BpmnValidator:
    return BpmnValidator()


def violations(root: etree._Element) -> list[tuple[int, str]]:
    """What ``BPMN20.xsd`` says against a model: line and message, in document order.

    Foreign attributes and extension elements are valid where the standard lets them stand.
    """
    tree = copy.deepcopy(root)
    validator = _validator()
    validator.preprocess(tree)
    if validator.validator.validate(tree):
        return []
    return [(entry.line, entry.message) for entry in validator.validator.error_log]
