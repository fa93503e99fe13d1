"""`htdbu test`: whether the example rows of rule files fare as they say, and which rules they exercise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from htdbu.cli.errors import FINDINGS, WELL
from htdbu.cli.options import WithExample, effort_option, format_option, param_option

if TYPE_CHECKING:
    from htdbu.cli.screen import Screen
    from htdbu.solver.examples import ExamplesReport, TestOutcome

EXAMPLE = """\
htdbu test loans.htr
htdbu test rules/*.htr --format json
"""


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.argument("rules", nargs=-1, required=True)
@effort_option("Bound on the search for an example's completions, the same on every machine; 10 by default.")
@param_option
@format_option("junit")
def command(rules: tuple[str, ...], effort: float | None, params: dict[str, str], style: str) -> int:
    """Judge the `test` blocks of RULES, and tell which rules no example meets or breaks.

    Ends with exit code 1 when an example is not accepted or rejected as it says. An example that the search could not
    decide is told, and is no failure.
    """
    from htdbu.cli.inputs import load_program
    from htdbu.cli.progress import progress_bar
    from htdbu.cli.screen import Screen
    from htdbu.solver.examples import EFFORT, junit, run_tests

    programs = [(path, load_program(path, params)) for path in rules]
    with progress_bar("testing") as progress:
        reports = [(path, run_tests(program, progress, effort or EFFORT)) for path, program in programs]
    screen = Screen()
    if style == "json":
        screen.json(_merged(reports))
    elif style == "junit":
        screen.raw(junit(reports))
    else:
        for i, (path, report) in enumerate(reports):
            if i:
                screen.say()
            _show(screen, path, report)
    return WELL if all(test.passed for _, report in reports for test in report.tests) else FINDINGS


def _merged(reports: list[tuple[str, ExamplesReport]]) -> dict[str, Any]:
    """The contract's JSON, with the file of every test and rule; the coverage is summed over the files."""
    told = [(path, report.to_dict()) for path, report in reports]
    covered = [part["coverage"] for _, part in told]
    sums: dict[str, Any] = {key: sum(part[key] for part in covered) for key in ("rules", "fired", "rejected")}
    sums["by_rule"] = [{"file": path} | line for path, part in told for line in part["coverage"]["by_rule"]]
    return {"tests": [{"file": path} | test for path, part in told for test in part["tests"]], "coverage": sums}


def _show(screen: Screen, path: str, report: ExamplesReport) -> None:
    """Every test with what fails in it, then the rules that no example exercises."""
    from htdbu.cli.screen import count

    if not report.tests:
        screen.say(f"{path}: no tests")
        return
    for test in report.tests:
        _show_test(screen, test)
    covered = report.coverage.to_dict()
    screen.say()
    for said, key in (("never met", "fired"), ("never rejected", "rejected")):
        names = [line["name"] for line in covered["by_rule"] if not line[key]]
        if names:
            screen.say(f"{said} by an example: {', '.join(names)}")
    failed = sum(not test.passed for test in report.tests)
    undecided = sum(test.passed and bool(test.undecided) for test in report.tests)
    numbers = [f"{number:,} {word}" for number, word in ((failed, "failed"), (undecided, "undecided")) if number]
    screen.say(
        f"{path}: {count(len(report.tests), 'test')}, {', '.join(numbers) or 'all passed'}; "
        f"of {count(covered['rules'], 'rule')} {covered['fired']:,} met and {covered['rejected']:,} rejected"
    )


def _show_test(screen: Screen, test: TestOutcome) -> None:
    """A line for a test, and one for each of its examples that does not hold."""
    told = test.to_dict()
    word, color = ("FAIL", "red") if not test.passed else ("open", "yellow") if test.undecided else ("pass", "green")
    screen.say(f"{word}  {test.test.title}", color)
    for line in told["failures"]:
        screen.say(f"      {line}")
    for line in told["undecided"]:
        screen.say(f"      undecided: {line}", "yellow")
