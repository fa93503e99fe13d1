"""What must hold of the compiler on any input at all."""

from __future__ import annotations

import time

from htdbu.compiler.compile import Compilation, compile_source
from htdbu.compiler.diagnostics.registry import all_outputs
from htdbu.compiler.diagnostics.report import Report
from htdbu.errors import HtdbuError
from htdbu.grammar.formatting import format_source
from htdbu.grammar.source import Source, Span

SLOWEST = 1.0
"""Seconds of CPU that an input may take."""


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


def _format(source: Source) -> None:
    """Lay a sound file out twice: the second time nothing may change."""
    once = format_source(source)
    if once is None or format_source(Source(source.name, once)) != once:
        raise FuzzError("formatting is not stable")


def _lies_inside(span: Span, text: str) -> bool:
    return span.file != "fuzz.htr" or 0 <= span.start <= span.end <= len(text)
