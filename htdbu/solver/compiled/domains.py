"""Compiled narrowing of what a variable or a node may be."""

from __future__ import annotations

from htdbu.solver.compiled.jit import Numbers, compiled
from htdbu.solver.compiled.layout import (
    CHANGED,
    DOMAIN_SIZE,
    DOMAINS,
    HI,
    IS_CHANGED,
    KNOWN,
    LEVEL,
    LO,
    MASK,
    N_CHANGED,
    POINT,
    PRICE,
    SCALARS,
    ST,
    STAMP,
    TRAIL,
    TRAIL_SIZE,
    TRAIL_TOP,
    UNKNOWN,
    V_LOW,
    V_MASKED,
    V_N_RANGES,
    V_RANGES,
    V_SIZE,
    VARS,
)
from htdbu.solver.compiled.ranges import first_inside, last_inside


@compiled
def keep(work: Numbers, at: int, states: int) -> bool:
    """Leave only some states to a node; whether any is left."""
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
def save(code: Numbers, work: Numbers, x: int) -> int:
    """Note a variable that is about to be narrowed; where its domain lies.

    Args:
        x: how far the domain is behind the first one.
    """
    at, scalars = code[DOMAINS] + x, code[SCALARS]
    if work[at + STAMP] != work[scalars + LEVEL]:
        point = code[POINT] + x
        entry = code[TRAIL] + work[scalars + TRAIL_TOP]
        work[entry] = x
        work[entry + 1], work[entry + 2] = work[at + LO], work[at + HI]
        work[entry + 3], work[entry + 4] = work[at + ST], work[at + MASK]
        work[entry + 5], work[entry + 6] = work[at + STAMP], work[at + PRICE]
        work[entry + 7], work[entry + 8] = work[point + LO], work[point + ST]
        work[scalars + TRAIL_TOP] += TRAIL_SIZE
        work[at + STAMP] = work[scalars + LEVEL]
    if not work[at + IS_CHANGED]:
        work[at + IS_CHANGED] = 1
        work[code[CHANGED] + work[scalars + N_CHANGED]] = x
        work[scalars + N_CHANGED] += 1
    return at


@compiled
def restore(code: Numbers, work: Numbers, mark: int) -> None:
    """Put all variables back that were noted since a mark."""
    scalars = code[SCALARS]
    top = work[scalars + TRAIL_TOP]
    while top > mark:
        top -= TRAIL_SIZE
        entry = code[TRAIL] + top
        x = work[entry]
        at = code[DOMAINS] + x
        work[at + LO], work[at + HI] = work[entry + 1], work[entry + 2]
        work[at + ST], work[at + MASK] = work[entry + 3], work[entry + 4]
        work[at + STAMP], work[at + PRICE] = work[entry + 5], work[entry + 6]
        put_point(code, work, x, work[entry + 7], work[entry + 8])
    work[scalars + TRAIL_TOP] = top


@compiled
def put_point(code: Numbers, work: Numbers, x: int, value: int, state: int) -> None:
    """Put a value, or null, into the point."""
    point, var = code[POINT] + x, code[VARS] + x // DOMAIN_SIZE * V_SIZE
    work[point + LO] = work[point + HI] = value
    work[point + ST] = state
    if code[var + V_MASKED] and state == KNOWN:
        work[point + MASK] = 1 << (value - code[var + V_LOW])


@compiled
def keep_variable(code: Numbers, work: Numbers, x: int, states: int) -> bool:
    """Leave only some states to a variable; whether any is left."""
    at = code[DOMAINS] + x
    if work[at + ST] & ~states:
        save(code, work, x)
        work[at + ST] &= states
    return work[at + ST] != 0


@compiled
def bound_variable(code: Numbers, work: Numbers, x: int, low: int, high: int) -> bool:
    """Narrow the value of a variable to a range, and its ends to values of its domain; whether anything is left."""
    at, var = code[DOMAINS] + x, code[VARS] + x // DOMAIN_SIZE * V_SIZE
    if not work[at + ST] & KNOWN or (low <= work[at + LO] and high >= work[at + HI]):
        return work[at + ST] != 0
    low, high = max(low, work[at + LO]), min(high, work[at + HI])
    if low <= high and code[var + V_MASKED]:
        base = code[var + V_LOW]
        mask = work[at + MASK] & ~((1 << (low - base)) - 1) & ((2 << (high - base)) - 1)
        return set_mask(code, work, x, mask)
    if low <= high and code[var + V_N_RANGES] > 1:
        low = first_inside(code, code[var + V_RANGES], code[var + V_N_RANGES], low)
        high = last_inside(code, code[var + V_RANGES], code[var + V_N_RANGES], high)
    if low > high:
        return keep_variable(code, work, x, UNKNOWN)
    save(code, work, x)
    work[at + LO], work[at + HI] = low, high
    return True


@compiled
def set_mask(code: Numbers, work: Numbers, x: int, mask: int) -> bool:
    """Narrow a masked variable to a set; whether anything is left."""
    at, var = code[DOMAINS] + x, code[VARS] + x // DOMAIN_SIZE * V_SIZE
    mask &= work[at + MASK]
    if mask == work[at + MASK] or not work[at + ST] & KNOWN:
        return work[at + ST] != 0
    if mask == 0:
        return keep_variable(code, work, x, UNKNOWN)
    save(code, work, x)
    base = code[var + V_LOW]
    low, high = work[at + LO], work[at + HI]
    while not (mask >> (low - base)) & 1:
        low += 1
    while not (mask >> (high - base)) & 1:
        high -= 1
    work[at + LO], work[at + HI], work[at + MASK] = low, high, mask
    return True
