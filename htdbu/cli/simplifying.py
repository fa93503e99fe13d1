"""`htdbu compile --simplify`: shorter rules that are proved to say the same, shown; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from htdbu.errors import UsageError

if TYPE_CHECKING:
    from htdbu.analyses.simplify import Proposal
    from htdbu.grammar.source import Source

PROVED_BY_DOMAINS = "on every row of the declared domains"
NOTHING = "nothing to simplify"


@dataclass(frozen=True)
class SimplifiedFile:
    """A rule file and what is proposed for it."""

    source: Source
    proposals: Sequence[Proposal]


def check_simplifying(simplify: bool, fix: bool, unsafe_fixes: bool, emit: str | None, style: str) -> None:
    """Refuse what does not go with --simplify.

    Raises:
        UsageError: it would write, or its output has no place for proposals.
    """
    if not simplify:
        return
    if fix or unsafe_fixes:
        hint = "look at --simplify --diff, and take over what you like"
        raise UsageError("--simplify only proposes, since comments inside a rule would be lost", hint)
    if emit is not None:
        raise UsageError("--simplify and --emit are two outputs", "call it once for each")
    if style not in ("human", "json"):
        raise UsageError(f"--format {style} has no place for proposals", "take human or json")


def simplify_files(sources: Sequence[Source], params: Mapping[str, object]) -> list[SimplifiedFile]:
    """What is proposed for some rule files; nothing for one with errors.

    Raises:
        UsageError: a file holds the JSON form, which has no text to simplify.
    """
    from htdbu.analyses.simplify import simplify

    for source in sources:
        if Path(source.name).suffix == ".json":
            message = f"{source.name} holds the JSON form, which --simplify cannot show"
            raise UsageError(message, "name the .htr file it came from")
    return [SimplifiedFile(source, simplify(source, params)) for source in sources]


def as_text(files: Sequence[SimplifiedFile]) -> str:
    """All proposals for people: the place, the lines that go and come, why, and what proves it."""
    shown = ["\n".join(_lines(file, proposal)) for file in files for proposal in file.proposals]
    return "\n\n".join(shown or [NOTHING]) + "\n"


def _lines(file: SimplifiedFile, proposal: Proposal) -> Iterator[str]:
    from htdbu.compiler.diagnostics.colors import visible, visible_name
    from htdbu.compiler.diagnostics.proofs import listed

    line, column = file.source.position(proposal.span.start)
    yield f"{visible_name(file.source.name)}:{line}:{column}: `{proposal.rule}` can be {_what(proposal)}"
    yield from (f"  - {visible(text)}" for text in proposal.before.splitlines())
    yield from (f"  + {visible(text)}" for text in proposal.after.splitlines())
    yield f"  why: {visible(proposal.reason)}"
    by = f"on every row that keeps {listed(proposal.proved_by)}" if proposal.proved_by else PROVED_BY_DOMAINS
    yield f"  proved by CP-SAT {by}"
    if proposal.loses_comment:
        yield "  the comment inside goes with it"


def _what(proposal: Proposal) -> str:
    return "shorter" if proposal.after else "deleted"


def as_data(files: Sequence[SimplifiedFile]) -> list[dict[str, Any]]:
    """All proposals for programs."""
    return [_entry(file, proposal) for file in files for proposal in file.proposals]


def _entry(file: SimplifiedFile, proposal: Proposal) -> dict[str, Any]:
    line, column = file.source.position(proposal.span.start)
    return {
        "rule": proposal.rule,
        "rules": list(proposal.rules),
        "file": file.source.name,
        "line": line,
        "column": column,
        "before": proposal.before,
        "after": proposal.after,
        "reason": proposal.reason,
        "kind": proposal.kind,
        "proved_by": list(proposal.proved_by),
    }


def as_unified_diff(files: Sequence[SimplifiedFile]) -> str:
    """What the files would be, as a diff."""
    from htdbu.analyses.simplify import applied
    from htdbu.cli.mending import MendedFile, as_diff
    from htdbu.compiler.diagnostics.fixes import Mended

    texts = [(file.source, applied(file.source.text, file.proposals)) for file in files]
    return as_diff([MendedFile(source.name, source.text, Mended(text, (), ())) for source, text in texts])
