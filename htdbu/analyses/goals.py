"""What a question asks for: a condition of the normal form, and whether it has to be true or false in some row."""

from __future__ import annotations

from dataclasses import dataclass

from htdbu.compiler.lowering.build import negated
from htdbu.compiler.normal import Bool, Intervals, IsNull, Or, Var, Within


@dataclass(frozen=True)
class Goal:
    """A condition that is wanted true, or false; unknown is neither."""

    node: Bool
    wanted: bool = True


def broken(outcome: Bool) -> Goal:
    """A rule is false."""
    return Goal(outcome, False)


def unbroken(outcome: Bool) -> Goal:
    """A rule is true or unknown."""
    return Goal(Or((outcome, IsNull(outcome))))


def inside(position: int, intervals: Intervals) -> Goal:
    """A column is known and lies in some intervals."""
    return Goal(Within(Var(position), intervals))


def differs(position: int, value: int | None) -> Goal:
    """A column is anything but a value; None is null."""
    null = IsNull(Var(position))
    if value is None:
        return Goal(negated(null))
    return Goal(Or((null, negated(Within(Var(position), ((value, value),))))))
