"""`htdbu compile`: what is wrong with rule files themselves."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from htdbu.cli.errors import FINDINGS, WELL
from htdbu.cli.options import WithExample, delimiter_option, format_option, param_option
from htdbu.compiler.diagnostics.registry import all_outputs
from htdbu.compiler.exports import names as export_names
from htdbu.errors import UsageError

if TYPE_CHECKING:
    from pandas import DataFrame

    from htdbu.cli.findings import FileFindings
    from htdbu.cli.mending import MendedFile
    from htdbu.cli.screen import Screen
    from htdbu.cli.simplifying import SimplifiedFile
    from htdbu.compiler.compile import Compilation
    from htdbu.compiler.diagnostics.model import Diagnostic
    from htdbu.grammar.source import Source

EXAMPLE = """\
htdbu compile loans.htr
htdbu compile rules/*.htr --format json --fail-level warning
htdbu compile loans.htr --emit ir -o loans.json
htdbu compile loans.htr --emit sql --dialect duckdb -o loans.sql
htdbu compile loans.htr --fix --diff
htdbu compile loans.htr --simplify
htdbu compile - --fix < draft.htr > loans.htr
"""
LEVELS = ("error", "warning", "info")


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.argument("rules", nargs=-1, required=True)
@click.option(
    "--data", metavar="FILE", help="Data that the rules are meant for: how they fare, and how they exercise the rules."
)
@click.option(
    "--fail-level",
    type=click.Choice(LEVELS),
    default="error",
    show_default=True,
    help="The least severe finding that makes the exit code 1.",
)
@click.option("--emit", type=click.Choice(export_names()), help="Write the program in another form (docs/exports.md).")
@click.option(
    "--dialect",
    metavar="NAME",
    help="Of --emit sql: postgres (the default), duckdb, sqlite or mysql. Of --emit gbnf and llguidance: file (the "
    "default), or rules, without the table.",
)
@click.option("-o", "--output", metavar="OUT", help="Where that goes; standard output by default.")
@click.option("--proofs/--no-proofs", default=True, help="Whether to prove what can be proved about the rules.")
@click.option("--fix", is_flag=True, help="First carry out the helps that are meant beyond doubt, in the files.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: those too that are only a good guess.")
@click.option("--diff", is_flag=True, help="Only show what --fix would change, or --simplify.")
@click.option("--simplify", is_flag=True, help="Propose shorter rules that are proved to say the same.")
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
    proofs: bool,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    simplify: bool,
    params: dict[str, str],
    delimiter: str | None,
    style: str,
) -> int:
    """Parse, type and analyse RULES, files in the rule language or its JSON form, and report what is found.

    - reads standard input; with --fix the mended text goes to standard output, and what is found to standard error.
    """
    from htdbu.cli.inputs import read_frame
    from htdbu.cli.rule_files import read_rules
    from htdbu.cli.screen import Screen
    from htdbu.cli.simplifying import check_simplifying, simplify_files
    from htdbu.cli.writing import Outputs, check_outputs
    from htdbu.compiler.exports import check_export, render

    mends_input = fix and not diff and "-" in rules
    _check_call(rules, emit, output, mends_input, data)
    check_simplifying(simplify, fix, unsafe_fixes, emit, style)
    _check_mending(fix, unsafe_fixes, diff)
    if emit is not None or dialect is not None:
        check_export(emit, dialect)
    _check_diff(diff, emit, style)
    check_outputs([output], kept=[*rules, data])
    frame = read_frame(data, delimiter)
    sources = read_rules(rules)
    judged = partial(_judged, params=params, frame=frame)
    mended: list[MendedFile] | None = None
    if (fix or diff) and not simplify:
        from htdbu.cli.mending import mend_files, mended_sources, write_mended

        mended = mend_files(sources, lambda source: judged(source, False).findings, unsafe_fixes)
        if not diff:
            write_mended(mended)
            sources = mended_sources(sources, mended)
    files = [judged(source, proofs and emit is None) for source in sources]
    if emit is not None and not files[0].compilation.errors:
        text = render(emit, files[0].compilation.program, dialect=dialect, omitted=_tell_omitted)
        with Outputs() as outputs:
            outputs.text(output or "-", text)
    simplified = simplify_files(sources, params) if simplify else None
    screen = Screen(errors=_goes_out(emit, output) or mends_input)
    if diff:
        _show_diff(screen, mended or [], simplified)
    else:
        _show(screen, style, [source.name for source in sources], files, fail_level, mended, simplified)
    reached = LEVELS[: LEVELS.index(fail_level) + 1]
    return FINDINGS if any(f.severity in reached for file in files for f in file.findings) else WELL


def _judged(source: Source, proofs: bool, params: dict[str, str], frame: DataFrame | None) -> FileFindings:
    """All that is found in a rule file."""
    from htdbu.cli.findings import all_findings
    from htdbu.cli.rule_files import compile_rules

    return all_findings(compile_rules(source, params), frame, proofs)


def _check_call(
    rules: Sequence[str], emit: str | None, output: str | None, mends_input: bool, data: str | None
) -> None:
    """Refuse options that do not go together."""
    if emit is not None and len(rules) > 1:
        raise UsageError("--emit takes one rule file", "call it once for each file")
    if emit is None and output is not None:
        raise UsageError("-o says where --emit writes", "add --emit ir, or leave -o out")
    if mends_input and _goes_out(emit, output):
        raise UsageError("standard output takes the mended rules, so --emit has to write elsewhere", "add -o FILE")
    if "-" in rules and data == "-":
        raise UsageError("standard input cannot be both the rules and the data", "name a file for one of them")


def _check_mending(fix: bool, unsafe_fixes: bool, diff: bool) -> None:
    """Fixes that are only a good guess are carried out where fixes are."""
    if unsafe_fixes and not (fix or diff):
        raise UsageError("--unsafe-fixes says what --fix may do", "add --fix, or --diff to see it first")


def _goes_out(emit: str | None, output: str | None) -> bool:
    """Whether an export goes to standard output."""
    return emit is not None and output in (None, "-")


def _tell_omitted(name: str, reason: str) -> None:
    """Say on standard error what an export leaves out."""
    click.echo(f"not expressed: {name}: {reason}", err=True)


def _check_diff(diff: bool, emit: str | None, style: str) -> None:
    """A diff is an output of its own."""
    if diff and (emit is not None or style != "human"):
        other = "--emit" if emit is not None else "--format"
        raise UsageError(f"--diff shows a diff and nothing else, so {other} does not go with it", f"leave {other} out")


def _show(
    screen: Screen,
    style: str,
    names: Sequence[str],
    files: Sequence[FileFindings],
    fail_level: str,
    mended: Sequence[MendedFile] | None,
    simplified: Sequence[SimplifiedFile] | None,
) -> None:
    """Write all findings in one of the styles, and, for people, how data exercise the rules, and shorter rules."""
    from htdbu.cli.coverage import show_coverage
    from htdbu.cli.mending import fixed_count, summary
    from htdbu.cli.simplifying import as_data, as_text
    from htdbu.compiler.diagnostics.colors import wants_color
    from htdbu.compiler.diagnostics.report import SEVERITIES, Report

    compilations = [file.compilation for file in files]
    sources = {name: source for compilation in compilations for name, source in compilation.sources.items()}
    flat = [finding for file in files for finding in file.findings]
    level = next(severity for severity in SEVERITIES if severity == fail_level)
    fixed = None if mended is None else fixed_count(mended)
    color = style == "human" and wants_color(screen.stream, os.environ)
    coverage = [rule.to_dict() for file in files for rule in file.coverage]
    proposals = None if simplified is None else as_data(simplified)
    screen.raw(all_outputs()[style].render(Report(flat, sources, names, level, color, fixed, coverage, proposals)))
    if style == "human":
        if simplified is not None:
            screen.raw(f"{as_text(simplified)}\n")
        for file in files:
            show_coverage(screen, file.coverage)
        screen.say(_summary(names, compilations, flat, mended))
    elif mended is not None:
        click.echo(summary(mended, "fixed"), err=True)


def _show_diff(screen: Screen, mended: Sequence[MendedFile], simplified: Sequence[SimplifiedFile] | None) -> None:
    """Write what --fix would do, or what --simplify proposes."""
    from htdbu.cli.mending import as_diff, summary
    from htdbu.cli.screen import count
    from htdbu.cli.simplifying import NOTHING, as_unified_diff

    if simplified is not None:
        screen.raw(as_unified_diff(simplified))
        number = sum(len(file.proposals) for file in simplified)
        click.echo(count(number, "proposal") if number else NOTHING, err=True)
        return
    screen.raw(as_diff(mended))
    click.echo(summary(mended, "would fix"), err=True)


def _summary(
    names: Sequence[str],
    compilations: Sequence[Compilation],
    findings: Sequence[Diagnostic],
    mended: Sequence[MendedFile] | None,
) -> str:
    """One line: what the files declare, how many findings of each severity there are, and what --fix did or can do."""
    from htdbu.cli.mending import offer, summary
    from htdbu.cli.screen import count
    from htdbu.compiler.diagnostics.colors import visible_name

    programs = [compilation.program for compilation in compilations]
    size = f"{count(sum(len(p.columns) for p in programs), 'column')}, "
    size += count(sum(len(p.rules) for p in programs), "rule")
    numbers = [(level, sum(f.severity == level for f in findings)) for level in LEVELS]
    found = ", ".join(count(n, {"info": "note"}.get(level, level)) for level, n in numbers if n) or "no findings"
    mendable = [finding for finding in findings if not finding.kind.is_proved]  # proofs are for their author to act on
    more = offer(mendable, set(names)) if mended is None else summary(mended, "fixed")
    end = "" if more is None else f"; {more}"
    return f"{visible_name(names[0]) if len(names) == 1 else count(len(names), 'file')}: {size}; {found}{end}"
