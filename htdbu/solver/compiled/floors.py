"""Compiled lower bounds: the least that it costs to mend a rule that the point of a box breaks."""

from __future__ import annotations

from htdbu.solver.cells import Mode
from htdbu.solver.compiled.forward import condition
from htdbu.solver.compiled.jit import Numbers, compiled
from htdbu.solver.compiled.layout import (
    ARGS,
    BEST,
    CELLS,
    COEFS,
    DOMAIN_SIZE,
    DOMAINS,
    FALSE,
    HI,
    KNOWN,
    LO,
    N_ARGS,
    N_MUTABLE,
    N_RANGES,
    NODE_SIZE,
    NODES,
    OP,
    ORDER,
    POINT,
    PRICE,
    R_CLAUSE,
    R_N_STEPS,
    R_N_VARS,
    R_STEPS,
    R_VARS,
    RANGES,
    ST,
    STATES,
    UNKNOWN,
    V_CHARGE,
    V_HALF,
    V_NULL,
    V_SIZE,
    V_STEP,
    VARS,
    X,
)
from htdbu.solver.compiled.ops import SUM_WITHIN
from htdbu.solver.compiled.points import is_kept, stays
from htdbu.solver.compiled.ranges import first_inside, last_inside

_NULL, _BROKEN = int(Mode.NULL), int(Mode.BROKEN)
MOVED = 1 << 20
"""Ranks from here on are those of rules whose variables that may move have all left their values."""
NEVER = 1 << 61
"""No repair costs so much."""


@compiled
def is_free(work: Numbers, at: int) -> bool:
    """Whether a domain holds more than one cell."""
    state = work[at + ST]
    return state & KNOWN != 0 and (state & UNKNOWN != 0 or work[at + LO] != work[at + HI])


@compiled
def step_price(code: Numbers, work: Numbers, i: int) -> int:
    """What each step of a variable off the point costs at least.

    That is nothing where the data hold no value to measure from, and where the point lies on one side of that value
    while the domain has others on the other side, which may be just as near.
    """
    mode, value = work[code[CELLS] + 2 * i], work[code[CELLS] + 2 * i + 1]
    if mode in (_NULL, _BROKEN):
        return 0
    at, point = code[DOMAINS] + i * DOMAIN_SIZE, code[POINT] + i * DOMAIN_SIZE
    if work[point + ST] == KNOWN and work[point + LO] != value and work[at + LO] < value < work[at + HI]:
        return 0
    return code[code[VARS] + i * V_SIZE + V_STEP]


@compiled
def charge(code: Numbers, work: Numbers, i: int) -> int:
    """The least that it costs that a variable becomes another value than it was, its steps left out."""
    var = code[VARS] + i * V_SIZE
    return code[var + V_CHARGE] if step_price(code, work, i) else code[var + V_HALF]


@compiled
def leaving(code: Numbers, work: Numbers, i: int) -> int:
    """The least that it costs to move a variable off the point."""
    price = step_price(code, work, i)
    return charge(code, work, i) + price if stays(code, work, i) else price


@compiled
def mending(code: Numbers, work: Numbers, rule: int, exactly: bool) -> tuple[int, int, int]:
    """The least that it costs to mend a broken rule, a rank, and which of its variables may move, as a set.

    Rules rank first in which a variable still has to be moved or kept, then those with few variables that may move.

    Args:
        exactly: whether the price is asked for; else it may be too low.
    """
    least, count, which, kept = NEVER, 0, 0, False
    for k in range(code[rule + R_N_VARS]):
        i = code[code[rule + R_VARS] + k]
        if is_free(work, code[DOMAINS] + i * DOMAIN_SIZE):
            count += 1
            which |= 1 << (i & 63)
            least = min(least, leaving(code, work, i))
            kept = kept or stays(code, work, i)
    rank = count if kept else count + MOVED
    if count == 0 or not exactly or not code[rule + R_CLAUSE]:
        return (NEVER if count == 0 else least), rank, which
    best = NEVER
    for k in range(code[rule + R_N_STEPS]):
        node = code[NODES] + code[code[rule + R_STEPS] + k] * NODE_SIZE
        if condition(code, work, code[DOMAINS], node, code[STATES], code[node + OP]) == FALSE:
            continue
        if code[node + OP] == SUM_WITHIN:
            best = min(best, _moving(code, work, node))
        else:
            best = min(best, leaving(code, work, code[node + X] // DOMAIN_SIZE))
    return max(least, best), rank, which


@compiled
def total_of(code: Numbers, work: Numbers, node: int) -> int:
    """A sum at the point."""
    total = code[node + X]
    for j in range(code[node + N_ARGS]):
        total += code[code[node + COEFS] + j] * work[code[POINT] + code[code[node + ARGS] + j] + LO]
    return total


@compiled
def gaps(code: Numbers, work: Numbers, node: int) -> tuple[int, int]:
    """How far a sum must rise, and how far it must fall, from where the point has it into its ranges; 0: no way."""
    ranges, n = code[node + RANGES], code[node + N_RANGES]
    if n == 0:
        return 0, 0
    total = total_of(code, work, node)
    up = down = 0
    if total < code[ranges + 2 * n - 1]:
        up = first_inside(code, ranges, n, total) - total
    if total > code[ranges]:
        down = total - last_inside(code, ranges, n, total)
    return up, down


@compiled
def _moving(code: Numbers, work: Numbers, node: int) -> int:
    """The least that it costs to take a sum from where the point has it into its ranges, or to make it unknown."""
    up, down = gaps(code, work, node)
    best = NEVER
    if up:
        best = _raising(code, work, node, up, 1)
    if down:
        best = min(best, _raising(code, work, node, down, -1))
    for j in range(code[node + N_ARGS]):
        x = code[code[node + ARGS] + j]
        at = code[DOMAINS] + x
        if work[at + ST] & UNKNOWN:
            best = min(best, code[code[VARS] + x // DOMAIN_SIZE * V_SIZE + V_NULL] - work[at + PRICE])
    return best


@compiled
def steer(code: Numbers, work: Numbers, rule: int) -> tuple[int, int, int]:
    """The moved variable of a clause that mends a broken sum at the least price, its steps, and their direction.

    -1 where no sum can be mended by variables that have moved.
    """
    for k in range(code[rule + R_N_STEPS]):
        node = code[NODES] + code[code[rule + R_STEPS] + k] * NODE_SIZE
        if code[node + OP] != SUM_WITHIN:
            continue
        up, down = gaps(code, work, node)
        rise = _filling(code, work, node, up, 1, False) if up else NEVER
        fall = _filling(code, work, node, down, -1, False) if down else NEVER
        if min(rise, fall) == NEVER:
            continue
        gap, sign = (up, 1) if rise <= fall else (down, -1)
        j = _cheapest(code, work, node, sign, False, 0)
        c = code[code[node + COEFS] + j]
        need = min((gap + abs(c) - 1) // abs(c), room(code, work, node, j, sign))
        return code[code[node + ARGS] + j] // DOMAIN_SIZE, need, 1 if c * sign > 0 else -1
    return -1, 0, 0


@compiled
def _raising(code: Numbers, work: Numbers, node: int, gap: int, sign: int) -> int:
    """The least that it costs to raise a sum (lower it, where the sign is -1) by a gap.

    Either variables that have left their value do it, or one more leaves its value, which costs its charge.
    """
    least = NEVER
    for j in range(code[node + N_ARGS]):
        i = code[code[node + ARGS] + j] // DOMAIN_SIZE
        if room(code, work, node, j, sign) > 0 and stays(code, work, i):
            least = min(least, charge(code, work, i))
    moved = _filling(code, work, node, gap, sign, False)
    return moved if least == NEVER else min(moved, least + _filling(code, work, node, gap, sign, True))


@compiled
def room(code: Numbers, work: Numbers, node: int, j: int, sign: int) -> int:
    """How many steps the j-th variable of a sum may go to raise it (lower it, where the sign is -1)."""
    x = code[code[node + ARGS] + j]
    at, point = code[DOMAINS] + x, code[POINT] + x
    c = code[code[node + COEFS] + j]
    if c == 0 or not work[at + ST] & KNOWN or work[point + ST] != KNOWN:
        return 0
    if c * sign > 0:
        return work[at + HI] - work[point + LO]
    return work[point + LO] - work[at + LO]


@compiled
def _cheapest(code: Numbers, work: Numbers, node: int, sign: int, kept_too: bool, done: int) -> int:
    """The variable whose steps raise a sum at the least price, -1 where there is none.

    Of equally cheap ones the first declared that falls, or else the last that rises: values should be small, those of
    early columns first.

    Args:
        done: the set of those that are out.
    """
    best, steps, size, rises, declared = -1, 0, 1, False, 0
    for j in range(code[node + N_ARGS]):
        i = code[code[node + ARGS] + j] // DOMAIN_SIZE
        if (done >> j) & 1 or room(code, work, node, j, sign) <= 0 or (not kept_too and stays(code, work, i)):
            continue
        step, c = step_price(code, work, i), code[code[node + COEFS] + j]
        up, mine, theirs = c * sign > 0, step * size, steps * abs(c)
        better = mine < theirs
        if mine == theirs:
            better = i > declared if up and rises else rises if up != rises else i < declared
        if best < 0 or better:
            best, steps, size, rises, declared = j, step, abs(c), up, i
    return best


@compiled
def _filling(code: Numbers, work: Numbers, node: int, gap: int, sign: int, kept_too: bool) -> int:
    """The price of steps that raise a sum by a gap, the cheapest ones first, parts of a step counted as parts."""
    total, done = 0, 0
    while gap > 0:
        best = _cheapest(code, work, node, sign, kept_too, done)
        if best < 0:
            return NEVER
        done |= 1 << best
        i = code[code[node + ARGS] + best] // DOMAIN_SIZE
        step, size = step_price(code, work, i), abs(code[code[node + COEFS] + best])
        whole, part = gap // size, gap % size
        available = room(code, work, node, best, sign)
        if available > whole:
            return total + whole * step + part * step // size
        total += available * step
        gap -= available * size
    return total


@compiled
def could_win(code: Numbers, work: Numbers, money: int) -> bool:
    """Whether some point of the box might be better than the best one, of the same price.

    Args:
        money: what may be spent beyond the price of the point; a variable that costs more to move stays.
    """
    order, n = code[ORDER], code[N_MUTABLE]
    for k in range(n):
        i = code[order + k]
        cell = code[CELLS] + 2 * i
        theirs = not is_kept(work, code[BEST] + i * DOMAIN_SIZE, work[cell], work[cell + 1])
        mine = not stays(code, work, i) or _may_move(code, work, i, money)
        if mine != theirs:
            return mine
    for k in range(n):
        i = code[order + k]
        at, best, point = code[DOMAINS] + i * DOMAIN_SIZE, code[BEST] + i * DOMAIN_SIZE, code[POINT] + i * DOMAIN_SIZE
        null, least = work[point + ST] == UNKNOWN, work[point + LO]
        if _may_move(code, work, i, money):
            null, least = work[at + ST] & UNKNOWN != 0, _least(code, work, i, money)
        if null != (work[best + ST] == UNKNOWN):
            return null
        if not null and least != work[best + LO]:
            return least < work[best + LO]
    return False


@compiled
def _may_move(code: Numbers, work: Numbers, i: int, money: int) -> bool:
    """Whether a variable may leave the point for so much money."""
    if not is_free(work, code[DOMAINS] + i * DOMAIN_SIZE):
        return False
    if code[code[VARS] + i * V_SIZE + V_CHARGE] > money and stays(code, work, i):
        return False
    return leaving(code, work, i) <= money


@compiled
def _least(code: Numbers, work: Numbers, i: int, money: int) -> int:
    """The least value that a variable may move to for so much money."""
    at, point, step = code[DOMAINS] + i * DOMAIN_SIZE, code[POINT] + i * DOMAIN_SIZE, step_price(code, work, i)
    if step == 0 or work[point + ST] == UNKNOWN:
        return work[at + LO]
    return max(work[at + LO], work[point + LO] - money // step)
