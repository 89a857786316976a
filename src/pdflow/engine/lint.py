"""Everything that is wrong with a model, before anybody deploys it."""

from __future__ import annotations

from lxml import etree

from pdflow.engine.findings import Finding, ModelRefused
from pdflow.engine.reader import load
from pdflow.engine.reader.guard import parse
from pdflow.engine.rules import RULES, Document, LintContext, Report, Rule
from pdflow.engine.rules._document import BPMN, line

__all__ = ["LintContext", "check", "lint", "read", "stops_execution"]

_STOPPING = frozenset(rule.name for rule in RULES if rule.stops)


def read(xml: bytes, *, name: str = "model.bpmn") -> Document:
    """Index a BPMN file for the rules.

    Raises:
        ModelRefused: it cannot be read: too large, too deep, a DOCTYPE, not well-formed, or not BPMN 2.0.
    """
    root = parse(xml, name).getroot()
    if root.tag != f"{{{BPMN}}}definitions":
        found = etree.QName(root)
        message = f"The file holds a '{found.localname}' of '{found.namespace or 'no namespace'}'."
        expected = f"A model is a 'definitions' element of {BPMN}."
        raise ModelRefused([Finding(name, line(root), "", "not-bpmn", "error", message, expected)])
    return Document(root, name)


def check(document: Document, context: LintContext | None = None) -> list[Finding]:
    """Findings of every rule, by line, then by rule."""
    known = context or LintContext()
    found = [_finding(document, rule, report) for rule in RULES for report in rule.check(document, known)]
    return sorted(dict.fromkeys(found), key=lambda one: (one.line, one.element, one.rule))


def lint(xml: bytes, *, name: str = "model.bpmn", context: LintContext | None = None) -> list[Finding]:
    """Everything that is wrong with a model; a file that cannot be read gives its one reason.

    Args:
        xml: the file.
        name: its name, for the findings.
        context: what exists around the model; without it nothing outside of the file is checked.
    """
    try:
        document = read(xml, name=name)
    except ModelRefused as refused:
        return refused.findings
    findings = check(document, context)
    if any(stops_execution(one) for one in findings):
        return findings
    try:
        load(xml, name=name)
    except ModelRefused as refused:
        # What the rules let pass the reader still refuses: then that is the reason to show.
        return [*findings, *refused.findings]
    return findings


def stops_execution(finding: Finding) -> bool:
    """Whether a model with this finding cannot run, not even for a trial."""
    return finding.severity == "error" and finding.rule in _STOPPING


def _finding(document: Document, rule: Rule, report: Report) -> Finding:
    element = report.element
    return Finding(
        file=document.name,
        line=line(element),
        element=element.get("id") or "",
        rule=rule.name,
        severity=report.severity or rule.severity,
        message=report.message,
        expected=report.expected,
    )
