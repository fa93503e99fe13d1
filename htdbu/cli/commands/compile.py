"""`htdbu compile`: what is wrong with rule files themselves."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from htdbu.cli.errors import FINDINGS, WELL
from htdbu.cli.options import WithExample, delimiter_option, format_option, param_option
from htdbu.compiler.diagnostics.registry import all_outputs
from htdbu.compiler.exports import names as export_names
from htdbu.errors import UsageError

if TYPE_CHECKING:
    from pandas import DataFrame

    from htdbu.cli.mending import MendedFile
    from htdbu.cli.screen import Screen
    from htdbu.compiler.compile import Compilation
    from htdbu.compiler.diagnostics.model import Diagnostic

EXAMPLE = """\
htdbu compile loans.htr
htdbu compile rules/*.htr --format json --fail-level warning
htdbu compile loans.htr --emit ir -o loans.json
htdbu compile loans.htr --emit sql --dialect duckdb -o loans.sql
htdbu compile loans.htr --fix --diff
"""
LEVELS = ("error", "warning", "info")


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.argument("rules", nargs=-1, required=True)
@click.option("--data", metavar="FILE", help="A data file that the rules are meant for; its columns are compared.")
@click.option(
    "--fail-level",
    type=click.Choice(LEVELS),
    default="error",
    show_default=True,
    help="The least severe finding that makes the exit code 1.",
)
@click.option("--emit", type=click.Choice(export_names()), help="Write the program in another form (docs/exports.md).")
@click.option("--dialect", metavar="NAME", help="Of --emit sql: postgres (the default), duckdb, sqlite or mysql.")
@click.option("-o", "--output", metavar="OUT", help="Where that goes; standard output by default.")
@click.option("--fix", is_flag=True, help="First carry out the helps that are meant beyond doubt, in the files.")
@click.option("--diff", is_flag=True, help="Only show what --fix would change.")
@param_option
@delimiter_option
@format_option(*(name for name in all_outputs() if name not in ("human", "json")))
def command(
    rules: tuple[str, ...],
    data: str | None,
    fail_level: str,
    emit: str | None,
    dialect: str | None,
    output: str | None,
    fix: bool,
    diff: bool,
    params: dict[str, str],
    delimiter: str | None,
    style: str,
) -> int:
    """Parse, type and analyse RULES, files in the rule language or its JSON form, and report what is found."""
    from htdbu.cli.inputs import read_frame
    from htdbu.cli.screen import Screen
    from htdbu.cli.writing import Outputs, check_outputs
    from htdbu.compiler.compile import compile_file, compile_source
    from htdbu.compiler.exports import check_export, render

    _check_call(rules, emit, output)
    if emit is not None or dialect is not None:
        check_export(emit, dialect)
    _check_diff(diff, emit, style)
    check_outputs([output])
    frame = read_frame(data, delimiter)
    mended: list[MendedFile] | None = None
    if fix or diff:
        from htdbu.cli.mending import mend_files, write_mended

        mended = mend_files(rules, lambda source: _with_data(compile_source(source, params), frame))
        write_mended([] if diff else mended)
    compilations = [compile_file(path, params) for path in rules]
    findings = [_with_data(compilation, frame) for compilation in compilations]
    if emit is not None and not compilations[0].errors:
        text = render(emit, compilations[0].program, dialect=dialect, omitted=_tell_omitted)
        with Outputs() as outputs:
            outputs.text(output or "-", text)
    emitted_to_stdout = emit is not None and output in (None, "-")
    screen = Screen(errors=emitted_to_stdout)
    if diff:
        _show_diff(screen, mended or [])
    else:
        _show(screen, style, rules, compilations, findings, fail_level, mended)
    reached = LEVELS[: LEVELS.index(fail_level) + 1]
    return FINDINGS if any(f.severity in reached for group in findings for f in group) else WELL


def _check_call(rules: Sequence[str], emit: str | None, output: str | None) -> None:
    """Refuse options that do not go together."""
    if emit is not None and len(rules) > 1:
        raise UsageError("--emit takes one rule file", "call it once for each file")
    if emit is None and output is not None:
        raise UsageError("-o says where --emit writes", "add --emit ir, or leave -o out")


def _tell_omitted(name: str, reason: str) -> None:
    """Say on standard error what an export leaves out."""
    click.echo(f"not expressed: {name}: {reason}", err=True)


def _check_diff(diff: bool, emit: str | None, style: str) -> None:
    """A diff is an output of its own."""
    if diff and (emit is not None or style != "human"):
        other = "--emit" if emit is not None else "--format"
        raise UsageError(f"--diff shows a diff and nothing else, so {other} does not go with it", f"leave {other} out")


def _with_data(compilation: Compilation, frame: DataFrame | None) -> list[Diagnostic]:
    """The findings of a file, with those of its tests, and of a declared column that the data do not have."""
    from htdbu.compiler.diagnostics.kinds.htr704_data_misses_column import missing
    from htdbu.compiler.diagnostics.view import View

    if frame is None:
        return compilation.with_later(_failed_tests(compilation))
    headers = [str(header) for header in frame.columns]
    absent = [c for c in compilation.program.columns if c.header not in headers and c.derived is None]
    found = [
        missing(c.name, c.header, c.span, headers, View(compilation.sources[c.span.file]))
        for c in absent
        if c.span is not None
    ]
    return compilation.with_later([*found, *_failed_tests(compilation)])


def _failed_tests(compilation: Compilation) -> list[Diagnostic]:
    """HTR901 for the `test` blocks of a sound file that do not hold, HTR390 for those left undecided."""
    if compilation.errors or not compilation.program.tests:
        return []
    from htdbu.solver.examples import findings, run_tests

    return findings(run_tests(compilation.program), next(iter(compilation.sources)))


def _show(
    screen: Screen,
    style: str,
    rules: Sequence[str],
    compilations: Sequence[Compilation],
    findings: Sequence[Sequence[Diagnostic]],
    fail_level: str,
    mended: Sequence[MendedFile] | None,
) -> None:
    """Write all findings in one of the styles."""
    from htdbu.cli.mending import fixed_count, summary
    from htdbu.compiler.diagnostics.colors import wants_color
    from htdbu.compiler.diagnostics.report import SEVERITIES, Report

    sources = {name: source for compilation in compilations for name, source in compilation.sources.items()}
    flat = [finding for group in findings for finding in group]
    level = next(severity for severity in SEVERITIES if severity == fail_level)
    fixed = None if mended is None else fixed_count(mended)
    color = style == "human" and wants_color(screen.stream, os.environ)
    screen.raw(all_outputs()[style].render(Report(flat, sources, rules, level, color, fixed)))
    if style == "human":
        screen.say(_summary(rules, compilations, flat, mended))
    elif mended is not None:
        click.echo(summary(mended, "fixed"), err=True)


def _show_diff(screen: Screen, mended: Sequence[MendedFile]) -> None:
    """Write what --fix would do."""
    from htdbu.cli.mending import as_diff, summary

    screen.raw(as_diff(mended))
    click.echo(summary(mended, "would fix"), err=True)


def _summary(
    rules: Sequence[str],
    compilations: Sequence[Compilation],
    findings: Sequence[Diagnostic],
    mended: Sequence[MendedFile] | None,
) -> str:
    """One line: what the files declare, how many findings of each severity there are, and what --fix did or can do."""
    from htdbu.cli.mending import summary
    from htdbu.cli.screen import count
    from htdbu.compiler.diagnostics.fixes import safe_fixes

    programs = [compilation.program for compilation in compilations]
    size = f"{count(sum(len(p.columns) for p in programs), 'column')}, "
    size += count(sum(len(p.rules) for p in programs), "rule")
    numbers = [(level, sum(f.severity == level for f in findings)) for level in LEVELS]
    found = ", ".join(count(n, {"info": "note"}.get(level, level)) for level, n in numbers if n) or "no findings"
    fixable = sum(len(safe_fixes(findings, path)) for path in set(rules))
    more = f"; {summary(mended, 'fixed')}" if mended is not None else f"; --fix can mend {fixable}" if fixable else ""
    return f"{rules[0] if len(rules) == 1 else count(len(rules), 'file')}: {size}; {found}{more}"
