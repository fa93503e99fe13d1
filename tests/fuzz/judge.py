"""What must hold of the compiler on any input at all."""

from __future__ import annotations

import time

import pandas as pd

from htdbu.compiler.compile import Compilation, compile_json, compile_source
from htdbu.compiler.diagnostics.registry import all_outputs
from htdbu.compiler.diagnostics.report import Report
from htdbu.compiler.lowering import lower_program
from htdbu.compiler.program import Program
from htdbu.errors import HtdbuError
from htdbu.grammar.formatting import format_source
from htdbu.grammar.source import Source, Span
from htdbu.solver.check import check

SLOWEST = 20.0
"""Seconds of CPU that an input may take: far more than any needs, and far less than one that explodes."""


class FuzzError(AssertionError):
    """An input that the compiler does not stand."""


def judge(text: str) -> Compilation:
    """Compile an input, render what is found in every style, and lay it out where it is sound.

    Raises:
        FuzzError: where that raises, takes too long, or a finding lies outside of the file.
    """
    before = time.process_time()
    try:
        source = Source("fuzz.htr", text)
        found = compile_source(source)
        report = Report(found.diagnostics, found.sources, ["fuzz.htr"], color=True)
        for output in all_outputs().values():
            output.render(report)
        if not found.errors:
            found.program.model_dump_json()
            _format(source)
    except HtdbuError as error:
        raise FuzzError(f"an error for the caller instead of a finding: {error}") from error
    except Exception as error:
        raise FuzzError(f"{type(error).__name__}: {error}") from error
    taken = time.process_time() - before
    if taken > SLOWEST:
        raise FuzzError(f"took {taken:.2f} s")
    for finding in found.diagnostics:
        spans = [finding.span, *(label.span for label in finding.related)]
        spans += [edit.span for edit in finding.fix.edits] if finding.fix else []
        if not all(_lies_inside(span, text) for span in spans):
            raise FuzzError(f"{finding.code} lies outside of the file: {spans}")
    return found


def judge_json(text: str) -> Compilation:
    """Compile the JSON form of a program, and where it is sound, lower it and check rows with it.

    Raises:
        FuzzError: where that raises anything but a `HtdbuError`, takes too long, or a finding lies outside of the file.
    """
    before = time.process_time()
    try:
        found = compile_json(Source("fuzz.htr", text))
        beginning = {"fuzz.htr": Source("fuzz.htr", text[:80])}  # there all findings are
        report = Report(found.diagnostics, beginning, ["fuzz.htr"])
        for output in all_outputs().values():
            output.render(report)
        if not found.errors:
            lower_program(found.program, lambda finding: None)
            for rows in (0, 3):
                _check(found.program, rows)
    except Exception as error:
        raise FuzzError(f"{type(error).__name__}: {error}") from error
    taken = time.process_time() - before
    if taken > SLOWEST:
        raise FuzzError(f"took {taken:.2f} s")
    if not all(_lies_inside(finding.span, text) for finding in found.diagnostics):
        raise FuzzError("a finding lies outside of the file")
    return found


def _check(program: Program, rows: int) -> None:
    """Check rows of odd cells; that they are refused in words is well."""
    cells = ["1", "", "x"][:rows]
    try:
        check(program, pd.DataFrame({column.header: cells for column in program.columns}, dtype="object"))
    except HtdbuError:
        return


def _format(source: Source) -> None:
    """Lay a sound file out twice: the second time nothing may change."""
    once = format_source(source)
    if once is None or format_source(Source(source.name, once)) != once:
        raise FuzzError("formatting is not stable")


def _lies_inside(span: Span, text: str) -> bool:
    return span.file != "fuzz.htr" or 0 <= span.start <= span.end <= len(text)
