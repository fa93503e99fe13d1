"""Rules made shorter, to the end: every step is proved, and the result once more as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from htdbu.analyses.block import EFFORT
from htdbu.analyses.simplify.blocks import Common, common_premises
from htdbu.analyses.simplify.confirm import confirmed
from htdbu.analyses.simplify.proposals import Proposal, Writing
from htdbu.analyses.simplify.rule_file import rule_file
from htdbu.analyses.simplify.search import shorten
from htdbu.analyses.simplify.whole import delete, merge, name_what_stays
from htdbu.analyses.simplify.work import Work
from htdbu.compiler.incremental import Session
from htdbu.grammar.source import Source

_MOST_ROUNDS = 20


def simplify(source: Source, params: Mapping[str, object] | None = None, effort: float = EFFORT) -> list[Proposal]:
    """Shorter forms of the rules of a file that compiles, in the order of the file.

    Args:
        effort: deterministic time for one question; what it leaves open is not proposed.
    """
    session = Session()
    compilation = session.compile(source, params)
    if compilation.errors or session.context is None:
        return []
    work = Work(rule_file(compilation, session.context), compilation.program, effort)
    for _ in range(_MOST_ROUNDS):
        if not _round(work):
            break
    name_what_stays(work)
    commons: Sequence[Common] = list(common_premises(work, session.tree.statements))
    found = Writing(work, session.tree, commons).proposals()
    return confirmed(work, found, source, params)


def _round(work: Work) -> bool:
    """Shorten all parts, by themselves and then together; whether anything changed."""
    before = dict(work.parts)
    for name in reversed(list(work.parts)):
        delete(work, name)
    for together in (False, True):
        for name in reversed(list(work.parts)):
            while shorten(work, name, together=together):
                pass
    while merge(work):
        pass
    return work.parts != before
