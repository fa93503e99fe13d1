"""One part made shorter: all candidates, the shortest first, until one is proved."""

from __future__ import annotations

from dataclasses import replace

from htdbu.analyses.simplify.candidates import Part, Why
from htdbu.analyses.simplify.measure import Size
from htdbu.analyses.simplify.names import expanded
from htdbu.analyses.simplify.prover import NEVER_FALSE
from htdbu.analyses.simplify.rewrites import REWRITES
from htdbu.analyses.simplify.rule_file import affected
from htdbu.analyses.simplify.shapes import FALSE, TRUE, negated, tidy
from htdbu.analyses.simplify.work import Step, Work
from htdbu.compiler.diagnostics.proofs import listed


def shorten(work: Work, name: str, *, together: bool) -> bool:
    """Put the shortest candidate in a part's place that is proved the same; whether there is one.

    Args:
        together: whether the other hard rules may be what makes it the same.
    """
    if not work.may_change(name, together=together):
        return False
    given = work.others(affected(work.parts, name)) if together else {}
    for part, why in _candidates(work, work.parts[name]):
        pairs = work.pairs(part)
        if work.prover.same(pairs, given):
            rules = work.prover.implying(pairs, given) if together else ()
            step = Step(_reason(work, why, rules), "together" if rules else "same", rules)
            work.steps.setdefault(name, []).append(step)
            work.parts[name] = part
            return True
    return False


def _candidates(work: Work, part: Part) -> list[tuple[Part, Why]]:
    """What a part may become, the shortest first; the part itself where it is only written shorter."""
    found: dict[Part, Why] = {part: Why("it is the same, written shorter")}
    for rewrite in REWRITES:
        for candidate, why in rewrite(part, work.known):
            found.setdefault(replace(candidate, body=tidy(candidate.body)), why)
    limit = work.size(part.name)
    sized: list[tuple[Size, bool, int, Part, Why]] = []
    for number, (candidate, why) in enumerate(found.items()):
        size = work.file.size_written(candidate)
        if size < limit and candidate.body not in (TRUE, FALSE) and work.keeps_names(part, candidate):
            sized.append((size, candidate.origin == "forbid", number, candidate, why))
    return [(candidate, why) for *_, candidate, why in sorted(sized, key=lambda each: each[:3])]


def _reason(work: Work, why: Why, rules: tuple[str, ...]) -> str:
    """Why a candidate is the same, in words."""
    given = f"given {listed(rules)}, " if rules else ""
    if why.settled is not None:
        condition, truth = why.settled
        shown = f"`{work.file.shown(condition)}`"
        node = work.prover.lowered(expanded(condition if truth else negated(condition)))
        if not rules and work.prover.same([(node, NEVER_FALSE)]):
            return f"given the domains, {shown} {'always' if truth else 'never'} holds"
        return f"{given}{shown} makes no difference"
    shown_parts = [work.file.shown(part) for part in why.parts]
    pieces = why.text.split("{}")
    text = "".join(piece + shown for piece, shown in zip(pieces, [*shown_parts, ""], strict=False))
    return given + text
