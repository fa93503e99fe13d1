"""Rule files mended in place: `htdbu compile --fix`, and what it would do as a diff."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from htdbu.cli.rule_files import STANDARD_INPUT
from htdbu.cli.writing import Outputs
from htdbu.compiler.diagnostics.fixes import Mended, mend, safe_fixes, unsafe_fixes
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


def mend_files(sources: Sequence[Source], findings_of: FindingsOf, with_unsafe: bool) -> list[MendedFile]:
    """Carry out the fixes of some rule files, in memory; a file that is named twice counts once.

    Args:
        with_unsafe: whether those too that are only a good guess.

    Raises:
        UsageError: a file holds the JSON form, which has no text to mend.
    """
    for source in sources:
        if Path(source.name).suffix == ".json":
            message = f"{source.name} holds the JSON form, which --fix cannot mend"
            raise UsageError(message, "mend the .htr file it came from")
    once = {os.path.realpath(source.name): source for source in reversed(sources)}
    return [_mended(source, findings_of, with_unsafe) for source in reversed(once.values())]


def _mended(source: Source, findings_of: FindingsOf, with_unsafe: bool) -> MendedFile:
    def compiled(text: str) -> Sequence[Diagnostic]:
        return findings_of(Source(source.name, text))

    return MendedFile(source.name, source.text, mend(source.text, source.name, compiled, with_unsafe))


def mended_sources(sources: Sequence[Source], files: Sequence[MendedFile]) -> list[Source]:
    """The sources with their mended texts."""
    texts = {os.path.realpath(file.path): file.mended.text for file in files}
    return [Source(source.name, texts[os.path.realpath(source.name)]) for source in sources]


def write_mended(files: Sequence[MendedFile]) -> None:
    """Put the mended texts in place of the old ones; a byte order mark, line ends and permissions stay.

    Standard input has no place: its text, changed or not, goes to standard output.
    """
    with Outputs() as outputs:
        for file in files:
            if file.path == STANDARD_INPUT:
                outputs.text("-", file.mended.text)
            elif file.is_changed:
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
    """What was done, or would be, in one line."""
    refused = sum(len(file.mended.refused) for file in files)
    left = f"; left {refused} whose fix would bring a new error" if refused else ""
    return f"{verb} {fixed_count(files)}{left}"


def offer(findings: Sequence[Diagnostic], files: Collection[str]) -> str | None:
    """What --fix could do, in one line; None where it could do nothing."""
    safe = sum(len(safe_fixes(findings, file)) for file in files)
    unsafe = sum(len(unsafe_fixes(findings, file)) for file in files)
    if not unsafe:
        return f"--fix can mend {safe}" if safe else None
    return f"--fix can mend {safe}, --unsafe-fixes {unsafe} more" if safe else f"--fix --unsafe-fixes can mend {unsafe}"
