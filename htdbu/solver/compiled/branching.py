"""Compiled branching: which variable of a broken rule is split, and into which parts."""

from __future__ import annotations

from htdbu.solver.cells import Mode
from htdbu.solver.compiled.jit import Numbers, compiled
from htdbu.solver.compiled.layout import (
    ARGS,
    C_LIST,
    C_PARTS,
    C_WHAT,
    CELLS,
    COEFS,
    DOMAIN_SIZE,
    DOMAINS,
    HI,
    KNOWN,
    LO,
    N_ARGS,
    N_RANGES,
    NODE_SIZE,
    NODES,
    OP,
    POINT,
    R_CLAUSE,
    R_N_STEPS,
    R_N_VARS,
    R_STEPS,
    R_VARS,
    RANGES,
    ST,
    UNKNOWN,
    V_CHARGE,
    V_HALF,
    V_MASKED,
    V_SIZE,
    V_STEP,
    VARS,
    WITHOUT,
    X,
)
from htdbu.solver.compiled.ops import SUM_WITHIN
from htdbu.solver.compiled.points import is_kept
from htdbu.solver.compiled.ranges import first_inside, last_inside

_KEPT_FIRST = 1 << 61
_VALUE = int(Mode.VALUE)
_NARROW = 3
"""Ranges of a moved variable that are no wider than this are split value by value."""


@compiled
def is_free(work: Numbers, at: int) -> bool:
    """Whether a domain holds more than one cell."""
    state = work[at + ST]
    return state & KNOWN != 0 and (state & UNKNOWN != 0 or work[at + LO] != work[at + HI])


@compiled
def stays(code: Numbers, work: Numbers, i: int) -> bool:
    """Whether the point leaves a variable as it was."""
    cell = code[CELLS] + 2 * i
    return is_kept(work, code[POINT] + i * DOMAIN_SIZE, work[cell], work[cell + 1])


@compiled
def choice(code: Numbers, work: Numbers, rule: int) -> int:
    """The free variable of a rule to be split, -1 where there is none.

    Those that the point leaves as they were come first, the dearest and last declared of them: what then remains to
    move is cheap, and declared early. Of the others the one with the widest range.
    """
    found, best = -1, -1
    for k in range(code[rule + R_N_VARS]):
        i = code[code[rule + R_VARS] + k]
        at = code[DOMAINS] + i * DOMAIN_SIZE
        if not is_free(work, at):
            continue
        score = work[at + HI] - work[at + LO]
        if stays(code, work, i):
            score = _KEPT_FIRST + code[code[VARS] + i * V_SIZE + V_CHARGE]
        if score >= best:
            found, best = i, score
    return found


@compiled
def leaving(code: Numbers, work: Numbers, rule: int) -> tuple[int, int, int]:
    """The least that it costs to move a variable of a rule off the point, how many may move, and which, as a set."""
    least, count, which = -1, 0, 0
    for k in range(code[rule + R_N_VARS]):
        i = code[code[rule + R_VARS] + k]
        if not is_free(work, code[DOMAINS] + i * DOMAIN_SIZE):
            continue
        count += 1
        which |= 1 << (i & 63)
        var = code[VARS] + i * V_SIZE
        price = code[var + V_STEP]
        if stays(code, work, i):
            price = code[var + V_CHARGE] + price if price else code[var + V_HALF]
        if least < 0 or price < least:
            least = price
    return max(least, 0), count, which


@compiled
def split(code: Numbers, work: Numbers, rule: int, at: int) -> bool:
    """Write down how a variable of a broken rule is split at the point, the likeliest part first.

    Args:
        at: where the choice is written.

    Returns:
        False where the point is all that is left of the rule's variables.
    """
    i = choice(code, work, rule)
    if i < 0:
        return False
    domain, to, cell = code[DOMAINS] + i * DOMAIN_SIZE, code[POINT] + i * DOMAIN_SIZE, code[CELLS] + 2 * i
    low, high, state = work[domain + LO], work[domain + HI], work[domain + ST]
    null, point = work[to + ST] == UNKNOWN, work[to + LO]
    work[at + C_WHAT], work[at + C_PARTS] = i, 0
    if null:
        _part(work, at, 1, 0, UNKNOWN)
        _part(work, at, low, high, KNOWN)
        return True
    if code[code[VARS] + i * V_SIZE + V_MASKED]:
        _part(work, at, point, point, KNOWN)
        _part(work, at, point, point, WITHOUT)
    elif (work[cell] != _VALUE or work[cell + 1] != point) and high - low > _NARROW and point in (low, high):
        middle = _cut(code, work, rule, i, low, high, point == low)
        if point == low:
            _part(work, at, middle + 1, high, KNOWN)
            _part(work, at, low, middle, KNOWN)
        else:
            _part(work, at, low, middle, KNOWN)
            _part(work, at, middle + 1, high, KNOWN)
    else:
        _part(work, at, point, point, KNOWN)
        if low < point:
            _part(work, at, low, point - 1, KNOWN)
        if point < high:
            _part(work, at, point + 1, high, KNOWN)
    if state & UNKNOWN:
        _part(work, at, 1, 0, UNKNOWN)
    return True


@compiled
def _part(work: Numbers, at: int, low: int, high: int, state: int) -> None:
    place = at + C_LIST + 3 * work[at + C_PARTS]
    work[place], work[place + 1], work[place + 2] = low, high, state
    work[at + C_PARTS] += 1


@compiled
def _cut(code: Numbers, work: Numbers, rule: int, i: int, low: int, high: int, rising: bool) -> int:
    """Where to halve a variable that moved: before the value that mends a broken sum all by itself, else midway."""
    middle = low + (high - low) // 2
    if not code[rule + R_CLAUSE]:
        return middle
    for k in range(code[rule + R_N_STEPS]):
        node = code[NODES] + code[code[rule + R_STEPS] + k] * NODE_SIZE
        if code[node + OP] != SUM_WITHIN:
            continue
        for j in range(code[node + N_ARGS]):
            if code[code[node + ARGS] + j] == i * DOMAIN_SIZE:
                need = _needed(code, work, node, code[code[node + COEFS] + j], rising)
                if rising and 0 < need <= high - low:
                    return low + need - 1
                if not rising and 0 < need <= high - low:
                    return high - need
    return middle


@compiled
def _needed(code: Numbers, work: Numbers, node: int, coefficient: int, rising: bool) -> int:
    """How many steps of one variable take a sum into its ranges from where the point has it; 0 where none do."""
    total = code[node + X]
    for j in range(code[node + N_ARGS]):
        total += code[code[node + COEFS] + j] * work[code[POINT] + code[code[node + ARGS] + j] + LO]
    ranges, n = code[node + RANGES], code[node + N_RANGES]
    if n == 0:
        return 0
    size = abs(coefficient)
    if (coefficient > 0) == rising:
        gap = first_inside(code, ranges, n, total) - total
    else:
        gap = total - last_inside(code, ranges, n, total)
    return (gap + size - 1) // size
