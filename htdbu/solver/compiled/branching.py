"""Compiled branching: which variable of a broken rule is split, and into which parts."""

from __future__ import annotations

from htdbu.solver.cells import Mode
from htdbu.solver.compiled.floors import is_free, steer
from htdbu.solver.compiled.jit import Numbers, compiled
from htdbu.solver.compiled.layout import (
    C_LIST,
    C_PARTS,
    C_WHAT,
    CELLS,
    DOMAIN_SIZE,
    DOMAINS,
    HI,
    KNOWN,
    LO,
    POINT,
    R_CLAUSE,
    R_N_VARS,
    R_VARS,
    ST,
    UNKNOWN,
    V_CHARGE,
    V_MASKED,
    V_SIZE,
    VARS,
    WITHOUT,
)
from htdbu.solver.compiled.points import stays

_KEPT_FIRST = 1 << 61
_VALUE = int(Mode.VALUE)
_NARROW = 3
"""Ranges of a moved variable that are no wider than this are split value by value."""


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
    need, rising = 0, False
    if code[rule + R_CLAUSE] and not stays(code, work, i):
        steered, steps, direction = steer(code, work, rule)
        if steered >= 0 and steps > 0:
            i, need, rising = steered, steps, direction > 0
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
    elif need:
        # As far as it has to go, or, where that is as far as it can, the farther half.
        far = need if need < high - low else (high - low + 1) // 2
        if rising:
            _part(work, at, point + far, high, KNOWN)
            _part(work, at, low, point + far - 1, KNOWN)
        else:
            _part(work, at, low, point - far, KNOWN)
            _part(work, at, point - far + 1, high, KNOWN)
    elif (work[cell] != _VALUE or work[cell + 1] != point) and high - low > _NARROW and point in (low, high):
        middle = low + (high - low) // 2
        if point == low:
            _part(work, at, low, middle, KNOWN)
            _part(work, at, middle + 1, high, KNOWN)
        else:
            _part(work, at, middle + 1, high, KNOWN)
            _part(work, at, low, middle, KNOWN)
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
