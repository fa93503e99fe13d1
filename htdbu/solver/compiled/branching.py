"""Compiled branching: which variable of a broken rule is split, and into which parts."""

from __future__ import annotations

from htdbu.solver.cells import Mode
from htdbu.solver.compiled.jit import Numbers, compiled
from htdbu.solver.compiled.layout import (
    ACTIVE,
    CELLS,
    DOMAIN_SIZE,
    F_CAUSE,
    F_PAID,
    FRAME_SIZE,
    FRAMES,
    HI,
    KNOWN,
    LO,
    MASK,
    N_FRAMES,
    N_RULES,
    N_VARS,
    PAID,
    POINT,
    R_N_VARS,
    R_PRICE,
    R_VARS,
    RULE_SIZE,
    RULES,
    ST,
    UNKNOWN,
    V_CHARGE,
    V_HALF,
    V_LOW,
    V_MASKED,
    V_N_RANGES,
    V_RANGES,
    V_SIZE,
    V_STEP,
    VARS,
)
from htdbu.solver.compiled.points import is_kept
from htdbu.solver.compiled.ranges import first_inside, last_inside

_KEPT_FIRST = 1 << 61
_VALUE = int(Mode.VALUE)
_BISECTED = 3
"""Ranges of a moved variable that are wider than this are halved."""


@compiled
def is_free(work: Numbers, at: int) -> bool:
    """Whether a domain holds more than one cell."""
    state = work[at + ST]
    return state & KNOWN != 0 and (state & UNKNOWN != 0 or work[at + LO] != work[at + HI])


@compiled
def choice(code: Numbers, work: Numbers, frame: int, rule: int) -> int:
    """The free variable of a rule to be split, -1 where there is none.

    Those that the point leaves as they were come first, the dearest and last declared of them: what then remains to
    move is cheap, and declared early. Of the others the one with the widest range.
    """
    found, best = -1, -1
    for k in range(code[rule + R_N_VARS]):
        i = code[code[rule + R_VARS] + k]
        at = frame + i * DOMAIN_SIZE
        if not is_free(work, at):
            continue
        var, cell = code[VARS] + i * V_SIZE, code[CELLS] + 2 * i
        score = work[at + HI] - work[at + LO]
        if is_kept(work, code[POINT] + i * DOMAIN_SIZE, work[cell], work[cell + 1]):
            score = _KEPT_FIRST + code[var + V_CHARGE]
        if score >= best:
            found, best = i, score
    return found


@compiled
def leaving(code: Numbers, work: Numbers, frame: int, rule: int) -> tuple[int, int, int]:
    """The least that it costs to move a variable of a rule off the point, how many may move, and which, as a set."""
    least, count, which = -1, 0, 0
    for k in range(code[rule + R_N_VARS]):
        i = code[code[rule + R_VARS] + k]
        if not is_free(work, frame + i * DOMAIN_SIZE):
            continue
        count += 1
        which |= 1 << (i & 63)
        var, cell = code[VARS] + i * V_SIZE, code[CELLS] + 2 * i
        price = code[var + V_STEP]
        if is_kept(work, code[POINT] + i * DOMAIN_SIZE, work[cell], work[cell + 1]):
            price = code[var + V_CHARGE] + price if price else code[var + V_HALF]
        if least < 0 or price < least:
            least = price
    return max(least, 0), count, which


@compiled
def _copy(work: Numbers, source: int, target: int, size: int) -> None:
    for k in range(size):
        work[target + k] = work[source + k]


@compiled
def split_soft(code: Numbers, work: Numbers, frame: int, rule: int, top: int) -> int:
    """A soft rule holds, or is paid for; the new top of the stack."""
    size, n = code[FRAME_SIZE], code[N_RULES]
    states = frame + code[N_VARS] * DOMAIN_SIZE
    _copy(work, frame, frame + size, size)
    work[states + rule] = PAID
    work[states + n + F_PAID] += code[code[RULES] + rule * RULE_SIZE + R_PRICE]
    work[states + n + F_CAUSE] = code[N_VARS]
    work[states + size + rule] = ACTIVE
    work[states + size + n + F_CAUSE] = ~rule
    return top + 1


@compiled
def split(code: Numbers, work: Numbers, frame: int, rule: int, top: int) -> int:
    """Split a variable of a broken rule at the point, the likeliest part on top; the new top of the stack."""
    i = choice(code, work, frame, rule)
    if i < 0:
        return top - 1  # the point is all that is left of the box
    source = code[FRAMES] + code[N_FRAMES] * code[FRAME_SIZE]
    _copy(work, frame, source, code[FRAME_SIZE])
    at, to, cell = source + i * DOMAIN_SIZE, code[POINT] + i * DOMAIN_SIZE, code[CELLS] + 2 * i
    low, high, state = work[at + LO], work[at + HI], work[at + ST]
    null, point = work[to + ST] == UNKNOWN, work[to + LO]
    # From the part to be looked at last to the first.
    new = top
    if null:
        new = _part(code, work, new, i, low, high, KNOWN)
        return _part(code, work, new, i, 1, 0, UNKNOWN) - 1
    if state & UNKNOWN:
        new = _part(code, work, new, i, 1, 0, UNKNOWN)
    moved = work[cell] != _VALUE or work[cell + 1] != point
    if code[code[VARS] + i * V_SIZE + V_MASKED]:
        new = _part(code, work, new, i, point, point, 0)
        return _part(code, work, new, i, point, point, KNOWN) - 1
    if moved and high - low > _BISECTED and point in (low, high):
        middle = low + (high - low) // 2
        if point == low:
            new = _part(code, work, new, i, middle + 1, high, KNOWN)
            return _part(code, work, new, i, low, middle, KNOWN) - 1
        new = _part(code, work, new, i, low, middle, KNOWN)
        return _part(code, work, new, i, middle + 1, high, KNOWN) - 1
    new = _part(code, work, new, i, point + 1, high, KNOWN)
    new = _part(code, work, new, i, low, point - 1, KNOWN)
    return _part(code, work, new, i, point, point, KNOWN) - 1


@compiled
def _part(code: Numbers, work: Numbers, place: int, i: int, low: int, high: int, state: int) -> int:
    """Lay a part of the box aside where it is not empty; the next place.

    Args:
        low, high: what is left of the values of variable i.
        state: `KNOWN`, `UNKNOWN`, or 0 for every value of a masked variable but `low`.
    """
    size, var = code[FRAME_SIZE], code[VARS] + i * V_SIZE
    source, target = code[FRAMES] + code[N_FRAMES] * size, code[FRAMES] + place * size
    at = target + i * DOMAIN_SIZE
    if state != UNKNOWN and code[var + V_MASKED]:
        base, mask = code[var + V_LOW], work[source + i * DOMAIN_SIZE + MASK]
        if state == 0:
            mask &= ~(1 << (low - base))
            low, high = work[source + i * DOMAIN_SIZE + LO], work[source + i * DOMAIN_SIZE + HI]
            state = KNOWN
        else:
            mask &= ~((1 << (low - base)) - 1) & ((2 << (high - base)) - 1)
        if mask == 0:
            return place
        while not (mask >> (low - base)) & 1:
            low += 1
        while not (mask >> (high - base)) & 1:
            high -= 1
        _copy(work, source, target, size)
        work[at + MASK] = mask
    else:
        if state == KNOWN and code[var + V_N_RANGES] > 1 and low <= high:
            low = first_inside(code, code[var + V_RANGES], code[var + V_N_RANGES], low)
            high = last_inside(code, code[var + V_RANGES], code[var + V_N_RANGES], high)
        if state == KNOWN and low > high:
            return place
        _copy(work, source, target, size)
    if state == KNOWN:
        work[at + LO], work[at + HI] = low, high
    work[at + ST] = state
    work[target + code[N_VARS] * DOMAIN_SIZE + code[N_RULES] + F_CAUSE] = i
    return place + 1
