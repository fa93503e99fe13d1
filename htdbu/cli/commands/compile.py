"""`htdbu compile`: what is wrong with rule files themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from htdbu.cli.errors import FINDINGS, WELL
from htdbu.cli.options import WithExample, delimiter_option, format_option, param_option
from htdbu.errors import UsageError

if TYPE_CHECKING:
    from pandas import DataFrame

    from htdbu.cli.screen import Screen
    from htdbu.compiler.compile import Compilation
    from htdbu.compiler.diagnostics.model import Diagnostic

EXAMPLE = """\
htdbu compile loans.htr
htdbu compile rules/*.htr --format json --fail-level warning
htdbu compile loans.htr --emit ir -o loans.json
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
@click.option("--emit", type=click.Choice(["ir"]), help="Write the compiled program: its JSON form.")
@click.option("-o", "--output", metavar="OUT", help="Where that goes; standard output by default.")
@param_option
@delimiter_option
@format_option("concise")
def command(
    rules: tuple[str, ...],
    data: str | None,
    fail_level: str,
    emit: str | None,
    output: str | None,
    params: dict[str, str],
    delimiter: str | None,
    style: str,
) -> int:
    """Parse, type and analyse RULES, files in the rule language or its JSON form, and report what is found."""
    from htdbu.cli.inputs import read_frame
    from htdbu.cli.screen import Screen
    from htdbu.cli.writing import Outputs, check_outputs
    from htdbu.compiler.compile import compile_file

    _check_call(rules, emit, output)
    check_outputs([output])
    frame = read_frame(data, delimiter)
    compilations = [compile_file(path, params) for path in rules]
    findings = [_with_data(compilation, frame) for compilation in compilations]
    if emit is not None and not compilations[0].errors:
        with Outputs() as outputs:
            outputs.text(output or "-", compilations[0].program.model_dump_json(indent=2) + "\n")
    emitted_to_stdout = emit is not None and output in (None, "-")
    _show(Screen(errors=emitted_to_stdout), style, rules, compilations, findings)
    reached = LEVELS[: LEVELS.index(fail_level) + 1]
    return FINDINGS if any(f.severity in reached for group in findings for f in group) else WELL


def _check_call(rules: Sequence[str], emit: str | None, output: str | None) -> None:
    """Refuse options that do not go together."""
    if emit is not None and len(rules) > 1:
        raise UsageError("--emit takes one rule file", "call it once for each file")
    if emit is None and output is not None:
        raise UsageError("-o says where --emit writes", "add --emit ir, or leave -o out")


def _with_data(compilation: Compilation, frame: DataFrame | None) -> list[Diagnostic]:
    """The findings of a file, with those of a declared column that the data do not have."""
    from htdbu.compiler.diagnostics.kinds.htr704_data_misses_column import missing
    from htdbu.compiler.diagnostics.suggest import closest

    if frame is None:
        return list(compilation.diagnostics)
    headers = [str(header) for header in frame.columns]
    absent = [c for c in compilation.program.columns if c.header not in headers and c.derived is None]
    found = [missing(c.name, c.header, c.span, closest(c.header, headers)) for c in absent if c.span is not None]
    return [*compilation.diagnostics, *found]


def _show(
    screen: Screen,
    style: str,
    rules: Sequence[str],
    compilations: Sequence[Compilation],
    findings: Sequence[Sequence[Diagnostic]],
) -> None:
    """Write all findings in one of the styles."""
    from htdbu.compiler.diagnostics.render import render_concise, render_human, to_json

    sources = {name: source for compilation in compilations for name, source in compilation.sources.items()}
    flat = [finding for group in findings for finding in group]
    if style == "json":
        screen.json(to_json(flat, sources, rules))
        return
    if flat:
        text = render_concise(flat, sources) if style == "concise" else render_human(flat, sources, screen.color)
        screen.raw(text + ("\n" if style == "concise" else "\n\n"))
    if style == "human":
        screen.say(_summary(rules, compilations, flat))


def _summary(rules: Sequence[str], compilations: Sequence[Compilation], findings: Sequence[Diagnostic]) -> str:
    """One line: what the files declare and how many findings of each severity there are."""
    from htdbu.cli.screen import count

    programs = [compilation.program for compilation in compilations]
    size = f"{count(sum(len(p.columns) for p in programs), 'column')}, "
    size += count(sum(len(p.rules) for p in programs), "rule")
    numbers = [(level, sum(f.severity == level for f in findings)) for level in LEVELS]
    found = ", ".join(count(n, {"info": "note"}.get(level, level)) for level, n in numbers if n) or "no findings"
    return f"{rules[0] if len(rules) == 1 else count(len(rules), 'file')}: {size}; {found}"
