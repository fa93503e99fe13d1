"""Test reports as JUnit's XML, which Jenkins, GitLab and their kin show: a suite a file, a case a test."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from htdbu.solver.examples.run import ExamplesReport, TestOutcome

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(reports: Iterable[tuple[str, ExamplesReport]]) -> str:
    """The reports of several files; a test that is open but does not fail counts as skipped."""
    suites = [_suite(file, report) for file, report in reports]
    sums = {key: sum(int(suite.get(key, 0)) for suite in suites) for key in ("tests", "failures", "skipped")}
    root = _element("testsuites", name="htdbu test", errors=0, **sums)
    root.extend(suites)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _suite(file: str, report: ExamplesReport) -> ElementTree.Element:
    failed = sum(not outcome.passed for outcome in report.tests)
    skipped = sum(outcome.passed and bool(outcome.undecided) for outcome in report.tests)
    suite = _element("testsuite", name=file, tests=len(report.tests), failures=failed, errors=0, skipped=skipped)
    suite.extend(_case(file, outcome) for outcome in report.tests)
    return suite


def _case(file: str, outcome: TestOutcome) -> ElementTree.Element:
    told = outcome.to_dict()
    case = _element("testcase", name=outcome.test.title, classname=file, file=file, time=0)
    if told["failures"]:
        failure = _element("failure", message=told["failures"][0])
        failure.text = _legal("\n".join(told["failures"]))
        case.append(failure)
    elif told["undecided"]:
        case.append(_element("skipped", message=f"undecided: {told['undecided'][0]}"))
    return case


def _element(tag: str, **attributes: object) -> ElementTree.Element:
    return ElementTree.Element(tag, {name: _legal(str(value)) for name, value in attributes.items()})


def _legal(text: str) -> str:
    """A text with what XML cannot hold replaced."""
    return _ILLEGAL.sub("\ufffd", text)
