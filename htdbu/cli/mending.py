"""Rule files mended in place: `htdbu compile --fix`, and what it would do as a diff."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from htdbu.cli.writing import Outputs
from htdbu.compiler.compile import read_source
from htdbu.compiler.diagnostics.fixes import Mended, mend
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.errors import UsageError
from htdbu.grammar.source import Source

FindingsOf = Callable[[Source], Sequence[Diagnostic]]


@dataclass(frozen=True)
class MendedFile:
    """A rule file, and its text before and after."""

    path: str
    before: str
    mended: Mended

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to write."""
        return self.before != self.mended.text


def mend_files(paths: Sequence[str], findings_of: FindingsOf) -> list[MendedFile]:
    """Carry out the safe fixes of some rule files, in memory; a file that is named twice counts once.

    Raises:
        DataError: a file cannot be read.
        UsageError: a file holds the JSON form, which has no text to mend.
    """
    for path in paths:
        if Path(path).suffix == ".json":
            raise UsageError(f"{path} holds the JSON form, which --fix cannot mend", "mend the .htr file it came from")
    once = {os.path.realpath(path): path for path in reversed(paths)}
    return [_mended(path, findings_of) for path in reversed(once.values())]


def _mended(path: str, findings_of: FindingsOf) -> MendedFile:
    text = read_source(path).text
    return MendedFile(path, text, mend(text, path, lambda text: findings_of(Source(path, text))))


def write_mended(files: Sequence[MendedFile]) -> None:
    """Put the mended texts in place of the old ones; a byte order mark, line ends and permissions stay."""
    with Outputs() as outputs:
        for file in files:
            if file.is_changed:
                mark = codecs.BOM_UTF8 if Path(file.path).read_bytes().startswith(codecs.BOM_UTF8) else b""
                outputs.bytes(file.path, mark + file.mended.text.encode())


def as_diff(files: Sequence[MendedFile]) -> str:
    """What changes, as a unified diff that `patch` takes."""
    lines = []
    for file in files:
        before, after = (_lines(text) for text in (file.before, file.mended.text))
        for line in unified_diff(before, after, file.path, file.path):
            lines.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(lines)


def _lines(text: str) -> list[str]:
    """The lines with their ends; only a newline ends one."""
    lines = [f"{line}\n" for line in text.split("\n")]
    return lines[:-1] if text.endswith("\n") or not text else [*lines[:-1], lines[-1][:-1]]


def fixed_count(files: Sequence[MendedFile]) -> int:
    """How many findings were mended."""
    return sum(len(file.mended.fixed) for file in files)


def summary(files: Sequence[MendedFile], verb: str) -> str:
    """What was done, in one line."""
    refused = sum(len(file.mended.refused) for file in files)
    left = f"; left {refused} whose fix would bring a new error" if refused else ""
    return f"{verb} {fixed_count(files)}{left}"
