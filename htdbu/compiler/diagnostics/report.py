"""What an output style is given, and what it is: a name and a function from findings to text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from htdbu.compiler.diagnostics.model import Diagnostic, Severity
from htdbu.grammar.source import Source, Span

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""From the worst down."""

Sources = Mapping[str, Source]

NO_TEXT = re.compile("[\ud800-\udfff]")
"""What UTF-8 cannot hold: bytes of file names that are no UTF-8, as `os.fsdecode` reads them."""


@dataclass(frozen=True)
class Report:
    """The findings of one call.

    Attributes:
        sources: the texts that the findings are in, by file.
        files: the files that were compiled, as they were named.
        fail_level: the least severe finding that makes the call fail.
        color: whether people see colours.
        fixed: how many findings `--fix` mended; None where it was not asked for.
        coverage: how data exercise each rule, as JSON has it; empty without data.
        proposals: shorter rules, as JSON has them; None where they were not asked for.
    """

    findings: Sequence[Diagnostic]
    sources: Sources
    files: Sequence[str] = ()
    fail_level: Severity = "error"
    color: bool = False
    fixed: int | None = None
    coverage: Sequence[Mapping[str, Any]] = ()
    proposals: Sequence[Mapping[str, Any]] | None = None

    def fails(self, finding: Diagnostic) -> bool:
        """Whether a finding makes the call fail."""
        return SEVERITIES.index(finding.severity) <= SEVERITIES.index(self.fail_level)

    def place(self, span: Span) -> Place:
        """Where a span begins and ends."""
        return place(span, self.sources)


@dataclass(frozen=True)
class Output:
    """An output style.

    Attributes:
        name: what `--format` calls it.
        render: all of the output; empty, or ending with a line end.
    """

    name: str
    render: Callable[[Report], str]


def nearby(file: str) -> str:
    """The path of a file from where the call was made, with `/`; the whole path where it lies elsewhere."""
    path = Path(file)
    is_below = path.is_absolute() and path.is_relative_to(Path.cwd())
    return (path.relative_to(Path.cwd()) if is_below else path).as_posix()


def replaced(text: str) -> str:
    """A text that UTF-8 can hold."""
    return NO_TEXT.sub("\ufffd", text)


class Place(NamedTuple):
    """Lines and columns of a stretch, from 1, in code points; the end is the first column behind it."""

    line: int
    column: int
    end_line: int
    end_column: int


def place(span: Span, sources: Sources) -> Place:
    """Where a span begins and ends; the beginning of a file that is not known."""
    source = sources.get(span.file)
    return Place(1, 1, 1, 1) if source is None else Place(*source.position(span.start), *source.position(span.end))
