"""`htdbu test`: whether the example rows of rule files fare as they say, and which rules they exercise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from htdbu.cli.errors import FINDINGS, WELL
from htdbu.cli.options import WithExample, format_option, param_option

if TYPE_CHECKING:
    from htdbu.cli.screen import Screen
    from htdbu.solver.examples import ExamplesReport

EXAMPLE = """\
htdbu test loans.htr
htdbu test rules/*.htr --format json
"""


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.argument("rules", nargs=-1, required=True)
@param_option
@format_option()
def command(rules: tuple[str, ...], params: dict[str, str], style: str) -> int:
    """Judge the `test` blocks of RULES, and tell which rules no example meets or breaks.

    Ends with exit code 1 when an example is not accepted or rejected as it says.
    """
    from htdbu.cli.inputs import load_program
    from htdbu.cli.progress import progress_bar
    from htdbu.cli.screen import Screen
    from htdbu.solver.examples import run_tests

    programs = [(path, load_program(path, params)) for path in rules]
    with progress_bar("testing") as progress:
        reports = [(path, run_tests(program, progress)) for path, program in programs]
    screen = Screen()
    if style == "json":
        screen.json(_merged([report.to_dict() for _, report in reports]))
    else:
        for path, report in reports:
            _show(screen, path, report)
    return WELL if all(test.passed for _, report in reports for test in report.tests) else FINDINGS


def _merged(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """The contract's JSON, the coverage summed over the files."""
    covered = [report["coverage"] for report in reports]
    sums: dict[str, Any] = {key: sum(part[key] for part in covered) for key in ("rules", "fired", "rejected")}
    sums["by_rule"] = [line for part in covered for line in part["by_rule"]]
    return {"tests": [test for report in reports for test in report["tests"]], "coverage": sums}


def _show(screen: Screen, path: str, report: ExamplesReport) -> None:
    """Every test with what fails in it, then the rules that no example exercises."""
    from htdbu.cli.screen import count

    if not report.tests:
        screen.say(f"{path}: no tests")
        return
    for test in report.tests:
        told = test.to_dict()
        screen.say(f"{'pass' if test.passed else 'FAIL'}  {test.test.title}", "green" if test.passed else "red")
        for line in told["failures"]:
            screen.say(f"      {line}")
        for line in told["undecided"]:
            screen.say(f"      undecided: {line}", "yellow")
    covered = report.coverage.to_dict()
    screen.say()
    for said, key in (("never met", "fired"), ("never rejected", "rejected")):
        names = [line["name"] for line in covered["by_rule"] if not line[key]]
        if names:
            screen.say(f"{said} by an example: {', '.join(names)}")
    failed = sum(not test.passed for test in report.tests)
    screen.say(
        f"{path}: {count(len(report.tests), 'test')}, {f'{failed:,} failed' if failed else 'all passed'}; "
        f"of {count(covered['rules'], 'rule')} {covered['fired']:,} met and {covered['rejected']:,} rejected"
    )
