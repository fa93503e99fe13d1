"""Compiled prices and points: the cheapest point of a box, and which of two points is the better one."""

from __future__ import annotations

from htdbu.solver.cells import Mode
from htdbu.solver.compiled.jit import Numbers, compiled
from htdbu.solver.compiled.layout import (
    BEST,
    CELLS,
    DOMAIN_SIZE,
    HI,
    KNOWN,
    LO,
    MASK,
    N_MUTABLE,
    N_VARS,
    ORDER,
    POINT,
    ST,
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

_VALUE, _NULL, _BROKEN = int(Mode.VALUE), int(Mode.NULL), int(Mode.BROKEN)


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
def settle(code: Numbers, work: Numbers, frame: int, i: int) -> int:
    """Put the cheapest value of a variable's domain into the point; its price."""
    var, at, to = code[VARS] + i * V_SIZE, frame + i * DOMAIN_SIZE, code[POINT] + i * DOMAIN_SIZE
    cell = code[CELLS] + 2 * i
    mode, value = work[cell], work[cell + 1]
    state = work[at + ST]
    if mode == _NULL and state & UNKNOWN:
        work[to + ST] = UNKNOWN
        return 0
    if not state & KNOWN:
        work[to + ST] = UNKNOWN
        return code[var + V_NULL]
    work[to + ST] = KNOWN
    price = code[var + V_HALF]
    if mode in (_NULL, _BROKEN):
        chosen = work[at + LO]
    else:
        chosen = nearest(code, work, var, at, value)
        if mode == _VALUE and chosen == value:
            price = 0
        elif code[var + V_STEP]:
            price = code[var + V_CHARGE] + code[var + V_STEP] * abs(chosen - value)
        else:
            chosen = work[at + LO]
    work[to + LO] = work[to + HI] = chosen
    if code[var + V_MASKED]:
        work[to + MASK] = 1 << (chosen - code[var + V_LOW])
    return price


@compiled
def settle_all(code: Numbers, work: Numbers, frame: int) -> int:
    """Put the cheapest point of a frame's box into the point; its price. Of equally cheap ones it is the best."""
    total = 0
    for i in range(code[N_VARS]):
        total += settle(code, work, frame, i)
    return total


@compiled
def is_better(code: Numbers, work: Numbers) -> bool:
    """Whether the point is better than the best one, of the same price: see the language reference, section 5."""
    order, n = code[ORDER], code[N_MUTABLE]
    for k in range(n):
        i = code[order + k]
        cell = code[CELLS] + 2 * i
        mine = is_kept(work, code[POINT] + i * DOMAIN_SIZE, work[cell], work[cell + 1])
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
