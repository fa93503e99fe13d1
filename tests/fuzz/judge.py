"""What must hold of the compiler on any input at all."""

from __future__ import annotations

import time

from htdbu.compiler.compile import Compilation, compile_source
from htdbu.compiler.diagnostics import render_concise, render_human, to_json
from htdbu.errors import HtdbuError
from htdbu.grammar.source import Source, Span

SLOWEST = 1.0
"""Seconds of CPU that an input may take."""


class FuzzError(AssertionError):
    """An input that the compiler does not stand."""


def judge(text: str) -> Compilation:
    """Compile an input and render what is found.

    Raises:
        FuzzError: where that raises, takes too long, or a finding lies outside of the file.
    """
    before = time.process_time()
    try:
        found = compile_source(Source("fuzz.htr", text))
        render_human(found.diagnostics, found.sources, color=True)
        render_concise(found.diagnostics, found.sources)
        to_json(found.diagnostics, found.sources, ["fuzz.htr"])
        if not found.errors:
            found.program.model_dump_json()
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


def _lies_inside(span: Span, text: str) -> bool:
    return span.file != "fuzz.htr" or 0 <= span.start <= span.end <= len(text)
