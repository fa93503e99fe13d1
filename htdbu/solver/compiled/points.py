"""Compiled prices and points: the cheapest point of a box, and which of two points is the better one."""

from __future__ import annotations

from htdbu.solver.cells import Mode
from htdbu.solver.compiled.domains import put_point
from htdbu.solver.compiled.jit import Numbers, compiled
from htdbu.solver.compiled.layout import (
    BEST,
    CELLS,
    DOMAIN_SIZE,
    DOMAINS,
    HI,
    KNOWN,
    LO,
    MASK,
    N_MUTABLE,
    ORDER,
    POINT,
    PRICE,
    SCALARS,
    ST,
    TOTAL,
    UNKNOWN,
    V_CHARGE,
    V_HALF,
    V_LOW,
    V_MASKED,
    V_N_RANGES,
    V_NULL,
    V_RANGES,
    V_SIZE,
    V_STEP,
    VARS,
)
from htdbu.solver.compiled.ranges import first_inside, last_inside

_VALUE, _NULL, _OUTSIDE = int(Mode.VALUE), int(Mode.NULL), int(Mode.OUTSIDE)


@compiled
def nearest(code: Numbers, work: Numbers, var: int, at: int, value: int) -> int:
    """The value of a domain that is nearest to another; of two as near, the smaller."""
    low, high = work[at + LO], work[at + HI]
    if value <= low:
        return low
    if value >= high:
        return high
    if code[var + V_MASKED]:
        base, mask = code[var + V_LOW], work[at + MASK]
        down = up = value
        while not (mask >> (down - base)) & 1:
            down -= 1
        while not (mask >> (up - base)) & 1:
            up += 1
        return down if value - down <= up - value else up
    ranges, n = code[var + V_RANGES], code[var + V_N_RANGES]
    if n > 1:
        down, up = last_inside(code, ranges, n, value), first_inside(code, ranges, n, value)
        return down if value - down <= up - value else up
    return value


@compiled
def is_kept(work: Numbers, at: int, mode: int, value: int) -> bool:
    """Whether a point leaves a cell as it was."""
    if work[at + ST] == UNKNOWN:
        return mode == _NULL
    return mode == _VALUE and work[at + LO] == value


@compiled
def stays(code: Numbers, work: Numbers, i: int) -> bool:
    """Whether the point leaves a variable as it was."""
    cell = code[CELLS] + 2 * i
    return is_kept(work, code[POINT] + i * DOMAIN_SIZE, work[cell], work[cell + 1])


@compiled
def settle(code: Numbers, work: Numbers, i: int) -> bool:
    """Put the cheapest value of a variable's domain into the point, and its price; whether the point moved."""
    x = i * DOMAIN_SIZE
    var, at, to = code[VARS] + i * V_SIZE, code[DOMAINS] + x, code[POINT] + x
    cell = code[CELLS] + 2 * i
    mode, value = work[cell], work[cell + 1]
    state, chosen, price = UNKNOWN, 0, 0
    if not (mode == _NULL and work[at + ST] & UNKNOWN):
        if work[at + ST] & KNOWN:
            state, chosen, price = KNOWN, work[at + LO], code[var + V_HALF]
            if mode == _VALUE or mode == _OUTSIDE:
                near = nearest(code, work, var, at, value)
                if mode == _VALUE and near == value:
                    chosen, price = value, 0
                elif code[var + V_STEP]:
                    chosen, price = near, code[var + V_CHARGE] + code[var + V_STEP] * abs(near - value)
        else:
            price = code[var + V_NULL]
    work[code[SCALARS] + TOTAL] += price - work[at + PRICE]
    work[at + PRICE] = price
    if work[to + ST] == state and (state == UNKNOWN or work[to + LO] == chosen):
        return False
    put_point(code, work, x, chosen, state)
    return True


@compiled
def is_better(code: Numbers, work: Numbers) -> bool:
    """Whether the point is better than the best one, of the same price: see the language reference, section 5."""
    order, n = code[ORDER], code[N_MUTABLE]
    for k in range(n):
        i = code[order + k]
        cell = code[CELLS] + 2 * i
        mine = stays(code, work, i)
        theirs = is_kept(work, code[BEST] + i * DOMAIN_SIZE, work[cell], work[cell + 1])
        if mine != theirs:
            return not mine
    for k in range(n):
        i = code[order + k]
        at, best = code[POINT] + i * DOMAIN_SIZE, code[BEST] + i * DOMAIN_SIZE
        if work[at + ST] != work[best + ST]:
            return work[at + ST] == UNKNOWN
        if work[at + ST] == KNOWN and work[at + LO] != work[best + LO]:
            return work[at + LO] < work[best + LO]
    return False
