"""What a tuning gives back: every round of it, the settled set-up, the patch, and the rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import unified_diff
from typing import Any, Literal

import pandas as pd

from htdbu.evaluation.tuning.cause import Cause
from htdbu.evaluation.tuning.setup import Setup

Ending = Literal["within floors", "nothing to blame", "nothing improves", "nothing to do", "max rounds"]


@dataclass(frozen=True)
class Round:
    """One round: what was done, what was measured after it, and what was then found at fault.

    Attributes:
        number: counted from 1.
        action: what was done before measuring.
        scores: by metric the value, the floor, and whether it is within.
        causes: what is at fault now.
        patch: what was done to the rule file, as a unified diff against the round before; None for nothing.
        accepted: whether the change is kept.
    """

    number: int
    action: str
    scores: dict[str, dict[str, Any]]
    causes: tuple[Cause, ...]
    patch: str | None
    accepted: bool

    def to_dict(self) -> dict[str, Any]:
        """The log's entry."""
        return {
            "round": self.number,
            "action": self.action,
            "scores": self.scores,
            "causes": [cause.to_dict() for cause in self.causes],
            "patch": self.patch,
            "accepted": self.accepted,
        }


@dataclass(frozen=True)
class Tuning:
    """The rounds, the set-up that they began with and the one that they settled on, and why they ended."""

    rounds: tuple[Round, ...]
    before: Setup
    after: Setup
    ending: Ending

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Everything that was at fault in any round that was kept, each once, as it was first found."""
        found: dict[tuple[str, str], Cause] = {}
        for each in self.rounds:
            for cause in each.causes if each.accepted else ():
                found.setdefault(cause.key, cause)
        return tuple(found.values())

    @property
    def patch(self) -> str | None:
        """What was done to the rule file, as a unified diff that `patch` takes; None for nothing."""
        return diff(self.before, self.after)


def diff(before: Setup, after: Setup) -> str | None:
    """The change of the rule file from one set-up to another."""
    if before.source.text == after.source.text:
        return None
    name = before.source.name
    sides = (setup.source.text.split("\n") for setup in (before, after))
    one, other = ([f"{line}\n" for line in side[:-1]] + ([side[-1]] if side[-1] else []) for side in sides)
    lines = unified_diff(one, other, name, name)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


@dataclass(frozen=True)
class TuneResult:
    """The outcome of `tune`.

    Attributes:
        data: the rows.
        tuning: the rounds.
        synthesis: how the rows came about, as `SynthesisReport.to_dict` gives it.
        patched: whether the rows obey the patched rules; else they obey the rule file as it stands.
        seconds: wall-clock time.
    """

    data: pd.DataFrame = field(repr=False)
    tuning: Tuning
    synthesis: dict[str, Any]
    patched: bool
    seconds: float

    @property
    def rounds(self) -> list[dict[str, Any]]:
        """The log."""
        return [each.to_dict() for each in self.tuning.rounds]

    @property
    def patch(self) -> str | None:
        """The proposed change of the rule file, a unified diff; None for nothing."""
        return self.tuning.patch

    @property
    def rules_text(self) -> str:
        """The text of the rule file with the patch."""
        return self.tuning.after.source.text

    def to_dict(self) -> dict[str, Any]:
        """The contract's `tune --format json`."""
        tuning = self.tuning
        return {
            "rows": len(self.data),
            "ending": tuning.ending,
            "causes": [cause.to_dict() for cause in tuning.causes],
            "generator": {"before": tuning.before.recipe.said, "after": tuning.after.recipe.said},
            "patch": self.patch,
            "patched": self.patched,
            "rounds": self.rounds,
            "violations": self.synthesis["violations"],
            "seconds": self.seconds,
        }
