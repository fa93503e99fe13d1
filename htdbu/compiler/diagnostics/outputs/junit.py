"""`junit`: XML that Jenkins, GitLab and their kin show as test results.

A file is a suite, a finding in it a case: a failed one where it makes the call fail, else one that passed with the
finding as its output, so that the results agree with the exit code. A clean file is one case that passed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.diagnostics.outputs.human import render_human
from htdbu.compiler.diagnostics.report import Output, Report

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _render(report: Report) -> str:
    files = dict.fromkeys([*report.files, *(finding.span.file for finding in report.findings)])
    groups = {file: [finding for finding in report.findings if finding.span.file == file] for file in files}
    failed = sum(map(report.fails, report.findings))
    cases = sum(max(1, len(group)) for group in groups.values())
    root = _element("testsuites", name="htdbu compile", tests=cases, failures=failed, errors=0)
    root.extend(_suite(file, group, report) for file, group in groups.items())
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(file: str, findings: Sequence[Diagnostic], report: Report) -> ElementTree.Element:
    failed = sum(map(report.fails, findings))
    suite = _element("testsuite", name=file, tests=max(1, len(findings)), failures=failed, errors=0, skipped=0)
    if not findings:
        suite.append(_element("testcase", name="no findings", classname=file, file=file, time=0))
    suite.extend(_case(finding, report) for finding in findings)
    return suite


def _case(finding: Diagnostic, report: Report) -> ElementTree.Element:
    where, file = report.place(finding.span), finding.span.file
    name = f"{finding.code} {finding.kind.name} at {where.line}:{where.column}"
    case = _element("testcase", name=name, classname=file, file=file, line=where.line, time=0)
    if report.fails(finding):
        said = _element("failure", message=finding.message, type=f"{finding.severity}[{finding.code}]")
    else:
        said = _element("system-out")
    said.text = _legal(render_human([finding], report.sources))
    case.append(said)
    return case


def _element(tag: str, **attributes: object) -> ElementTree.Element:
    return ElementTree.Element(tag, {name: _legal(str(value)) for name, value in attributes.items()})


def _legal(text: str) -> str:
    """A text with what XML cannot hold replaced."""
    return _ILLEGAL.sub("\ufffd", text)


OUTPUT = Output("junit", _render)
