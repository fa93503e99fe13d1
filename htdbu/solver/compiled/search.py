"""Compiled branch and bound: the best repair of each row of a block.

A frame is a box: a domain for every variable, and the rules that still have something to say. Its cheapest point is
known at once, since prices separate. If that point breaks no rule, nothing better lies in the box; else one variable of
a broken rule is split: at the point, below and above it. A variable keeps its value first, so that the first repairs
found are those that change little. What cannot beat the best repair so far is cut off, ties being decided as the
language reference does (section 5), so that the answer is one definite row.
"""

from __future__ import annotations

from htdbu.solver.cells import Mode
from htdbu.solver.compiled.branching import leaving, split, split_soft
from htdbu.solver.compiled.jit import Numbers, compiled
from htdbu.solver.compiled.layout import (
    ACTIVE,
    ALL,
    BEST,
    CELLS,
    DOMAIN_SIZE,
    F_CAUSE,
    F_PAID,
    FALSE,
    FRAME_SIZE,
    FRAMES,
    FREE,
    HI,
    KNOWN,
    LO,
    MASK,
    N_FRAMES,
    N_MUTABLE,
    N_RULES,
    N_VARS,
    ORDER,
    PAID,
    POINT,
    R_PRICE,
    ROOT,
    RULE_SIZE,
    RULES,
    ST,
    UNKNOWN,
    V_FRESH,
    V_LITERALS,
    V_LOW,
    V_MUTABLE,
    V_NULLABLE,
    V_SIZE,
    V_TEXT,
    VARS,
)
from htdbu.solver.compiled.points import is_better, settle_all
from htdbu.solver.compiled.propagate import judge, propagate

SOLVED, IMPOSSIBLE, TIRED = 0, 1, 2
_NONE = 1 << 62


@compiled
def solve_rows(
    code: Numbers,
    work: Numbers,
    modes: Numbers,
    values: Numbers,
    limit: int,
    statuses: Numbers,
    prices: Numbers,
    new: Numbers,
    nulls: Numbers,
) -> None:
    """Solve rows one after another, into the last four arrays.

    Args:
        modes, values: the cells, shape (variables, rows).
        limit: how many boxes may be looked at for one row before it is given up.
        new, nulls: the cells of mutable variables, shape (mutable variables, rows).
    """
    n_vars = code[N_VARS]
    for row in range(modes.shape[1]):
        for i in range(n_vars):
            work[code[CELLS] + 2 * i] = modes[i, row]
            work[code[CELLS] + 2 * i + 1] = values[i, row]
        status, price = solve_row(code, work, limit)
        statuses[row] = status
        if status == SOLVED:
            prices[row] = price
            for k in range(code[N_MUTABLE]):
                best = code[BEST] + code[code[ORDER] + k] * DOMAIN_SIZE
                nulls[k, row] = work[best + ST] == UNKNOWN
                new[k, row] = 0 if work[best + ST] == UNKNOWN else work[best + LO]


@compiled
def solve_row(code: Numbers, work: Numbers, limit: int) -> tuple[int, int]:
    """The status and the price of the best repair of the row in `CELLS`; the repair itself lies in `BEST`."""
    n_vars, n_rules, size = code[N_VARS], code[N_RULES], code[FRAME_SIZE]
    first = code[FRAMES]
    for k in range(size):
        work[first + k] = code[code[ROOT] + k]
    best = _NONE
    if not _load(code, work, first):
        return IMPOSSIBLE, 0
    top, looked_at = 0, 0
    while top >= 0:
        frame = first + top * size
        looked_at += 1
        if looked_at > limit or top + 4 > code[N_FRAMES]:
            return TIRED, 0
        states = frame + n_vars * DOMAIN_SIZE
        extra = states + n_rules
        # A box that was cheap enough when it was laid aside may not be any more.
        price = settle_all(code, work, frame) + work[extra + F_PAID]
        if price > best or (price == best and not is_better(code, work)):
            top -= 1
            continue
        if not propagate(code, work, frame):
            top -= 1
            continue
        price = settle_all(code, work, frame) + work[extra + F_PAID]
        if price > best or (price == best and not is_better(code, work)):
            top -= 1
            continue
        rule, floor, soft = _broken(code, work, frame, states)
        if price + floor > best:
            top -= 1
            continue
        if rule < 0:
            best = _record(code, work, states, price, best)
            if soft < 0:
                top -= 1
                continue
            top = split_soft(code, work, frame, soft, top)
            continue
        top = split(code, work, frame, code[RULES] + rule * RULE_SIZE, top)
    return (IMPOSSIBLE, 0) if best == _NONE else (SOLVED, best)


@compiled
def _load(code: Numbers, work: Numbers, frame: int) -> bool:
    """Hold fixed cells, and give texts the codes that the row knows; whether the row may be solved at all."""
    changed, texts = False, 0
    for i in range(code[N_VARS]):
        cell = code[CELLS] + 2 * i
        if code[code[VARS] + i * V_SIZE + V_TEXT] and work[cell] == Mode.VALUE:
            texts |= 1 << work[cell + 1]
    for i in range(code[N_VARS]):
        var, at, cell = code[VARS] + i * V_SIZE, frame + i * DOMAIN_SIZE, code[CELLS] + 2 * i
        mode, value = work[cell], work[cell + 1]
        if code[var + V_TEXT]:
            mask = (texts | ((1 << code[var + V_LITERALS]) - 1) | code[var + V_FRESH]) & work[at + MASK]
            changed = True
            work[at + MASK] = mask
            if mask == 0:
                work[at + ST] &= ~KNOWN
            else:
                while not (mask >> work[at + LO]) & 1:
                    work[at + LO] += 1
                while not (mask >> work[at + HI]) & 1:
                    work[at + HI] -= 1
        if code[var + V_MUTABLE]:
            continue
        changed = True
        if mode == Mode.NULL:
            if not code[var + V_NULLABLE]:
                return False
            work[at + ST] &= UNKNOWN
        elif mode == Mode.VALUE:
            if not (work[at + ST] & KNOWN and work[at + LO] <= value <= work[at + HI]):
                return False
            bit = 1 << (value - code[var + V_LOW]) if work[at + MASK] else 0
            if work[at + MASK] and not work[at + MASK] & bit:
                return False
            work[at + LO] = work[at + HI] = value
            work[at + MASK], work[at + ST] = bit, KNOWN
        else:
            return False
        if work[at + ST] == 0:
            return False
    tail = frame + code[N_VARS] * DOMAIN_SIZE + code[N_RULES]
    work[tail + F_CAUSE] = ALL if changed else code[N_VARS]
    return True


@compiled
def _broken(code: Numbers, work: Numbers, frame: int, states: int) -> tuple[int, int, int]:
    """A hard rule that the point breaks (the one with the fewest free variables), and a soft one; -1 for none.

    Between them stands the least that it costs to mend broken hard rules that share no variable: each needs one of its
    variables to leave the point.
    """
    rule, fewest, soft, floor, used = -1, 1 << 30, -1, 0, 0
    for r in range(code[N_RULES]):
        state = work[states + r]
        if state != ACTIVE and (state != FREE or soft >= 0):
            continue
        record = code[RULES] + r * RULE_SIZE
        if judge(code, work, code[POINT], record) != FALSE:
            continue
        if state == FREE:
            soft = r
            continue
        least, free, which = leaving(code, work, frame, record)
        if not which & used:
            floor += least
            used |= which
        if free < fewest:
            rule, fewest = r, free
    return rule, floor, soft


@compiled
def _record(code: Numbers, work: Numbers, states: int, price: int, best: int) -> int:
    """Note the point, which breaks no hard rule, where it is better than the best one so far; the best price."""
    for r in range(code[N_RULES]):
        record = code[RULES] + r * RULE_SIZE
        state = work[states + r]
        if state in (FREE, PAID):
            fails = judge(code, work, code[POINT], record) == FALSE
            if fails and state == FREE:
                price += code[record + R_PRICE]
            elif state == PAID and not fails:
                price -= code[record + R_PRICE]
    if price < best or (price == best and is_better(code, work)):
        for k in range(code[N_VARS] * DOMAIN_SIZE):
            work[code[BEST] + k] = work[code[POINT] + k]
        return price
    return best
