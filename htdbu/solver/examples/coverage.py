"""What the examples of a rule file exercise: whose premises they meet, and which rules they show failing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from htdbu.compiler.program import Example, Program
from htdbu.solver.examples.verdict import Judge, Judgement, Verdict


@dataclass(frozen=True)
class RuleCoverage:
    """A rule, how many examples meet its premise, and how many it rejects.

    An example meets a premise where it gives all that the rule reads and the premise is true; a rule without a premise
    is met where it is not unknown. What an example rejects it also meets.
    """

    name: str
    fired: int
    rejected: int


@dataclass(frozen=True)
class Coverage:
    """The coverage of the stated rules, in their order; those that a factor makes are left out."""

    rules: tuple[RuleCoverage, ...]

    def to_dict(self) -> dict[str, Any]:
        """The contract's form, with the figures of every rule."""
        return {
            "rules": len(self.rules),
            "fired": sum(rule.fired > 0 for rule in self.rules),
            "rejected": sum(rule.rejected > 0 for rule in self.rules),
            "by_rule": [{"name": r.name, "fired": r.fired, "rejected": r.rejected} for r in self.rules],
        }


def cover(program: Program, judge: Judge, examples: Sequence[Example], found: Sequence[Judgement]) -> Coverage:
    """Count what the examples exercise; only those that hold show a rule failing."""
    pairs = list(zip(examples, found, strict=True))
    rejected = [example.by if judgement.verdict is Verdict.HOLDS else None for example, judgement in pairs]
    counts = []
    for name in (rule.name for rule in program.rules if rule.origin != "factor"):
        fired = [rejected[row] == name or _fires(judge, name, row, example) for row, example in enumerate(examples)]
        counts.append(RuleCoverage(name, sum(fired), rejected.count(name)))
    return Coverage(tuple(counts))


def _fires(judge: Judge, name: str, row: int, example: Example) -> bool:
    outcome = judge.outcomes[name]
    return bool(outcome.fired[row] and not outcome.unknown[row]) and judge.is_decided(name, example)
