"""`htdbu fmt`: rule files laid out in the one way there is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from htdbu.cli.errors import CANNOT_RUN, FINDINGS, WELL
from htdbu.cli.options import WithExample, format_option
from htdbu.errors import UsageError

if TYPE_CHECKING:
    from htdbu.cli.mending import MendedFile
    from htdbu.cli.screen import Screen
    from htdbu.compiler.diagnostics.model import Diagnostic
    from htdbu.grammar.source import Source

EXAMPLE = """\
htdbu fmt loans.htr
htdbu fmt rules/*.htr --check
htdbu fmt loans.htr --diff
htdbu fmt - < draft.htr > loans.htr
"""


@dataclass(frozen=True)
class Formatted:
    """A rule file: its text after formatting, and its syntax errors; where it has some, the text is as it was."""

    source: Source
    text: str
    errors: tuple[Diagnostic, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether formatting changes it."""
        return self.text != self.source.text


@click.command(cls=WithExample, epilog=EXAMPLE)
@click.argument("rules", nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Change nothing; report the files that are not formatted (exit code 1).")
@click.option("--diff", is_flag=True, help="Change nothing; show what would change.")
@format_option()
def command(rules: tuple[str, ...], check: bool, diff: bool, style: str) -> int:
    """Lay RULES out in the one way there is, in place; - reads standard input and writes standard output.

    Only the space between words changes; comments stay. A file with syntax errors is left as it is.
    """
    from htdbu.cli.screen import Screen

    _check_call(rules, check, diff, style)
    files = [_formatted(source) for source in _sources(rules)]
    errors = Screen(errors=True)
    if not (check or diff):
        _write(files)
    if style == "json":
        _show_json(files, check)
    else:
        _show(errors, [error for file in files for error in file.errors], files)
        if diff:
            _show_diff(files)
        elif check:
            _show(Screen(), _unformatted(files), files)
        if rules != ("-",):
            (errors if diff else Screen()).say(_summary(files, is_done=not (check or diff)))
    if any(file.errors for file in files):
        return CANNOT_RUN
    return FINDINGS if check and any(file.is_changed for file in files) else WELL


def _check_call(rules: Sequence[str], check: bool, diff: bool, style: str) -> None:
    """Refuse what cannot work before anything is done."""
    if "-" in rules and len(rules) > 1:
        raise UsageError("- stands for standard input and goes with no other file", "call it once for each")
    if diff and style == "json":
        raise UsageError("--diff shows a diff and nothing else, so --format does not go with it", "leave --format out")
    if "-" in rules and style == "json" and not check:
        raise UsageError("standard output takes the formatted text, so --format json needs --check", "add --check")
    for path in rules:
        if Path(path).suffix == ".json":
            raise UsageError(f"{path} holds the JSON form, which has no layout", "format the .htr file it came from")


def _sources(rules: Sequence[str]) -> list[Source]:
    """Read all files, each once, before any is changed."""
    from htdbu.cli.rule_files import standard_input
    from htdbu.compiler.compile import read_source

    if rules == ("-",):
        return [standard_input("standard input")]
    once = {os.path.realpath(path): path for path in reversed(rules)}
    return [read_source(path) for path in reversed(once.values())]


def _formatted(source: Source) -> Formatted:
    """Format a text in memory."""
    from htdbu.compiler.checks import report_syntax
    from htdbu.compiler.context import Context
    from htdbu.grammar.formatting import format_source
    from htdbu.grammar.parser import parse

    tree = parse(source)
    text = format_source(source, tree)
    if text is not None:
        return Formatted(source, text)
    context = Context(source, tree, {})
    report_syntax(context)
    return Formatted(source, source.text, tuple(context.findings))


def _write(files: Sequence[Formatted]) -> None:
    """Put the formatted texts in place; standard input goes to standard output."""
    from htdbu.cli.mending import write_mended
    from htdbu.cli.writing import Outputs

    if [file.source.name for file in files] == ["standard input"]:
        if not files[0].errors:
            with Outputs() as outputs:
                outputs.text("-", files[0].text)
        return
    write_mended(_as_mended(files))


def _as_mended(files: Sequence[Formatted]) -> list[MendedFile]:
    from htdbu.cli.mending import MendedFile
    from htdbu.compiler.diagnostics.fixes import Mended

    return [MendedFile(file.source.name, file.source.text, Mended(file.text, (), ())) for file in files]


def _unformatted(files: Sequence[Formatted]) -> list[Diagnostic]:
    """A finding for every file that formatting changes."""
    from htdbu.compiler.diagnostics.kinds.htr801_not_formatted import not_formatted

    return [not_formatted(file.source, file.text) for file in files if file.is_changed]


def _show(screen: Screen, findings: Sequence[Diagnostic], files: Sequence[Formatted]) -> None:
    """Write findings as people read them."""
    from htdbu.compiler.diagnostics.colors import wants_color
    from htdbu.compiler.diagnostics.registry import all_outputs
    from htdbu.compiler.diagnostics.report import Report

    sources = {file.source.name: file.source for file in files}
    color = wants_color(screen.stream, os.environ)
    screen.raw(all_outputs()["human"].render(Report(findings, sources, color=color)))


def _show_diff(files: Sequence[Formatted]) -> None:
    """Write what formatting would change."""
    from htdbu.cli.mending import as_diff
    from htdbu.cli.screen import Screen

    Screen().raw(as_diff(_as_mended(files)))


def _show_json(files: Sequence[Formatted], check: bool) -> None:
    """Write which files change, and the findings."""
    from htdbu.cli.screen import Screen
    from htdbu.compiler.diagnostics.render import to_json

    findings = [error for file in files for error in file.errors] + (_unformatted(files) if check else [])
    names = [file.source.name for file in files]
    shown = to_json(findings, {file.source.name: file.source for file in files}, names)
    changed = [{"file": file.source.name, "changed": file.is_changed} for file in files]
    Screen().json({"files": changed, "diagnostics": shown["diagnostics"]})


def _summary(files: Sequence[Formatted], is_done: bool) -> str:
    """One line: how many files were, or would be, changed, and how many could not be read as rules."""
    from htdbu.cli.screen import count

    broken = sum(bool(file.errors) for file in files)
    changed = sum(file.is_changed for file in files)
    same = len(files) - changed - broken
    said = [f"{count(changed, 'file')} {'formatted' if is_done else 'would change'}"] if changed else []
    said += [f"{count(same, 'file')} left as {'it is' if same == 1 else 'they are'}"] if same else []
    said += [f"{count(broken, 'file')} with syntax errors"] if broken else []
    return ", ".join(said)
