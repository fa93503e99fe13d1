"""Compiled narrowing of what a variable or a node may be."""

from __future__ import annotations

from htdbu.solver.compiled.jit import Numbers, compiled
from htdbu.solver.compiled.layout import (
    HI,
    KNOWN,
    LO,
    MASK,
    ST,
    UNKNOWN,
    V_LOW,
    V_MASKED,
    V_N_RANGES,
    V_RANGES,
)
from htdbu.solver.compiled.ranges import first_inside, last_inside


@compiled
def keep(work: Numbers, at: int, states: int) -> bool:
    """Leave only some states to a node or variable; whether any is left."""
    work[at + ST] &= states
    return work[at + ST] != 0


@compiled
def bound(work: Numbers, at: int, low: int, high: int) -> bool:
    """Narrow the value of a node, where it is known; whether anything is left."""
    if low > work[at + LO]:
        work[at + LO] = low
    if high < work[at + HI]:
        work[at + HI] = high
    if work[at + LO] > work[at + HI]:
        work[at + ST] &= ~KNOWN
    return work[at + ST] != 0


@compiled
def bound_variable(code: Numbers, work: Numbers, var: int, at: int, low: int, high: int) -> bool:
    """Narrow the value of a variable to a range, and its ends to values of its domain; whether anything is left."""
    if low <= work[at + LO] and high >= work[at + HI]:
        return work[at + ST] != 0
    low, high = max(low, work[at + LO]), min(high, work[at + HI])
    if low <= high:
        if code[var + V_MASKED]:
            base = code[var + V_LOW]
            return set_mask(
                code, work, var, at, work[at + MASK] & ~((1 << (low - base)) - 1) & ((2 << (high - base)) - 1)
            )
        if code[var + V_N_RANGES] > 1:
            low = first_inside(code, code[var + V_RANGES], code[var + V_N_RANGES], low)
            high = last_inside(code, code[var + V_RANGES], code[var + V_N_RANGES], high)
    if low > high:
        work[at + ST] &= ~KNOWN
        return work[at + ST] != 0
    work[at + LO], work[at + HI] = low, high
    return work[at + ST] != 0


@compiled
def set_mask(code: Numbers, work: Numbers, var: int, at: int, mask: int) -> bool:
    """Narrow a masked variable to a set; whether anything is left."""
    mask &= work[at + MASK]
    if mask == work[at + MASK]:
        return work[at + ST] != 0
    if mask == 0:
        work[at + ST] &= ~KNOWN
        return work[at + ST] != 0
    base = code[var + V_LOW]
    low, high = work[at + LO], work[at + HI]
    while not (mask >> (low - base)) & 1:
        low += 1
    while not (mask >> (high - base)) & 1:
        high -= 1
    work[at + LO], work[at + HI], work[at + MASK] = low, high, mask
    return work[at + ST] != 0


@compiled
def is_known(work: Numbers, at: int) -> bool:
    """Whether a node or variable has a value for sure."""
    return work[at + ST] == KNOWN


@compiled
def may_be_unknown(work: Numbers, at: int) -> bool:
    """Whether a node or variable may be unknown."""
    return (work[at + ST] & UNKNOWN) != 0
