"""Compiled branch and bound: the best repair of each row of a block.

The search looks at boxes: a domain for every variable, and the rules that still have something to say. The cheapest
point of a box is known at once, since prices separate. If it breaks no rule, nothing better lies in the box; else one
variable of a broken rule is split: at the point, below and above it. A variable keeps its value first, so that the
first repairs found are those that change little. What cannot beat the best repair so far is cut off, ties being decided
as the language reference does (section 5), so that the answer is one definite row.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from htdbu.solver.cells import Mode
from htdbu.solver.compiled.branching import split
from htdbu.solver.compiled.domains import bound_variable, keep_variable, restore, set_mask
from htdbu.solver.compiled.floors import MOVED, NEVER, could_win, mending
from htdbu.solver.compiled.jit import Numbers, compiled, pointer, program
from htdbu.solver.compiled.layout import (
    ACTIVE,
    BEST,
    C_FEES,
    C_LIST,
    C_NEXT,
    C_PARTS,
    C_RULE_TRAIL,
    C_TOTAL,
    C_TRAIL,
    C_WHAT,
    CELLS,
    CHOICE_SIZE,
    DEPTH,
    DOMAIN_SIZE,
    DOMAINS,
    EAGER,
    FEES,
    FREE,
    KNOWN,
    LEVEL,
    LO,
    MASK,
    N_CHANGED,
    N_MUTABLE,
    N_RULES,
    N_SCALARS,
    N_VARS,
    ORDER,
    PAID,
    POINT,
    PRICE,
    PURE,
    R_PRICE,
    ROOT,
    RULE_SIZE,
    RULE_TRAIL_TOP,
    RULES,
    S_BROKEN,
    S_STATE,
    SCALARS,
    ST,
    STACK,
    STATUS,
    STATUS_SIZE,
    TOTAL,
    TRAIL,
    TRAIL_SIZE,
    TRAIL_TOP,
    UNKNOWN,
    V_FRESH,
    V_LITERALS,
    V_LOW,
    V_MUTABLE,
    V_N_WATCH,
    V_SIZE,
    V_TEXT,
    V_WATCH,
    VARS,
    WITHOUT,
)
from htdbu.solver.compiled.points import is_better, settle
from htdbu.solver.compiled.propagate import ask, forget, propagate, restore_rules, set_status
from htdbu.solver.compiled.rules import is_broken

SOLVED, IMPOSSIBLE, TIRED = 0, 1, 2
PLAIN = 40
"""After so many boxes a row is no easy one, and pays for more reasoning."""
_NONE = 1 << 62
_LAST = 1 << 30


@program
def solve_rows(
    tape: Numbers,
    room: Numbers,
    modes: NDArray[np.int8],
    values: Numbers,
    limit: int,
    statuses: Numbers,
    prices: Numbers,
    new: Numbers,
    nulls: NDArray[np.bool_],
    boxes: Numbers,
) -> None:
    """Solve rows one after another, into the last five arrays.

    Args:
        tape, room: `code` and `work`, see `layout`.
        modes, values: the cells, shape (variables, rows).
        limit: how many boxes may be looked at for one row before it is given up.
        new, nulls: the cells of mutable variables, shape (mutable variables, rows).
        boxes: how many boxes were looked at.
    """
    code, work = pointer(tape), pointer(room)
    n_vars = code[N_VARS]
    _rewind(code, work)
    for row in range(modes.shape[1]):
        for i in range(n_vars):
            work[code[CELLS] + 2 * i] = modes[i, row]
            work[code[CELLS] + 2 * i + 1] = values[i, row]
        status, price, boxes[row] = solve_row(code, work, limit)
        restore(code, work, 0)
        restore_rules(code, work, 0)
        work[code[SCALARS] + FEES] = code[code[ROOT] + n_vars * DOMAIN_SIZE + code[N_RULES] * STATUS_SIZE]
        statuses[row] = status
        if status == SOLVED:
            prices[row] = price
            for k in range(code[N_MUTABLE]):
                best = code[BEST] + code[code[ORDER] + k] * DOMAIN_SIZE
                nulls[k, row] = work[best + ST] == UNKNOWN
                new[k, row] = 0 if work[best + ST] == UNKNOWN else work[best + LO]


@compiled
def solve_row(code: Numbers, work: Numbers, limit: int) -> tuple[int, int, int]:
    """The status, the price and the boxes looked at for the row in `CELLS`; its best repair lies in `BEST`."""
    scalars = code[SCALARS]
    best, depth, looked_at = _NONE, 0, 1
    work[scalars + EAGER] = 0
    alive = _start(code, work)
    while True:
        top = code[STACK] + depth * CHOICE_SIZE
        if alive:
            best, rule, soft = _look(code, work, best)
            alive = rule >= 0 or soft >= 0
            if rule >= 0:
                alive = split(code, work, code[RULES] + rule * RULE_SIZE, top)
            elif soft >= 0:
                work[top + C_WHAT], work[top + C_PARTS] = ~soft, 2
            if alive:
                work[top + C_NEXT] = 0
                work[top + C_TRAIL], work[top + C_RULE_TRAIL] = (
                    work[scalars + TRAIL_TOP],
                    work[scalars + RULE_TRAIL_TOP],
                )
                work[top + C_TOTAL], work[top + C_FEES] = work[scalars + TOTAL], work[scalars + FEES]
                depth += 1
        # The next part of the innermost choice that has one.
        while depth > 0:
            top = code[STACK] + (depth - 1) * CHOICE_SIZE
            if not alive:
                restore(code, work, work[top + C_TRAIL])
                restore_rules(code, work, work[top + C_RULE_TRAIL])
                work[scalars + TOTAL], work[scalars + FEES] = work[top + C_TOTAL], work[top + C_FEES]
            if work[top + C_NEXT] < work[top + C_PARTS]:
                break
            depth -= 1
            alive = False
        if depth == 0:
            return (IMPOSSIBLE, 0, looked_at) if best == _NONE else (SOLVED, best, looked_at)
        if looked_at >= limit or depth >= DEPTH:
            return TIRED, 0, looked_at
        looked_at += 1
        if looked_at == PLAIN:
            work[scalars + EAGER] = 1
        work[scalars + LEVEL] += 1
        alive = _enter(code, work, top, best)
        work[top + C_NEXT] += 1


@program
def prime(tape: Numbers, room: Numbers) -> None:
    """Apply the rules to the domains that all rows start from, once and for all; arguments as for `solve_rows`."""
    code, work = pointer(tape), pointer(room)
    n_vars, n_rules, scalars = code[N_VARS], code[N_RULES], code[SCALARS]
    _rewind(code, work)
    tail = 0
    for rule in range(n_rules):
        tail = ask(code, work, rule, tail)
    if not propagate(code, work, tail):
        return
    root = code[ROOT]
    for i in range(n_vars):
        for k in range(MASK + 1):
            code[root + i * DOMAIN_SIZE + k] = work[code[DOMAINS] + i * DOMAIN_SIZE + k]
    for r in range(n_rules):
        code[root + n_vars * DOMAIN_SIZE + r * STATUS_SIZE] = work[code[STATUS] + r * STATUS_SIZE]
    code[root + n_vars * DOMAIN_SIZE + n_rules * STATUS_SIZE] = work[scalars + FEES]
    code[PURE] = 1
    for i in range(n_vars):
        var = code[VARS] + i * V_SIZE
        if not code[var + V_MUTABLE] or code[var + V_TEXT]:
            code[PURE] = 0


@compiled
def _rewind(code: Numbers, work: Numbers) -> None:
    """Go back to where all rows start."""
    n_vars, n_rules, scalars, root = code[N_VARS], code[N_RULES], code[SCALARS], code[ROOT]
    for k in range(n_vars * DOMAIN_SIZE):
        work[code[DOMAINS] + k] = code[root + k]
    root += n_vars * DOMAIN_SIZE
    for k in range(n_rules * STATUS_SIZE):
        work[code[STATUS] + k] = code[root + k]
    for k in range(N_SCALARS):
        work[scalars + k] = 0
    work[scalars + FEES] = code[root + n_rules * STATUS_SIZE]
    work[scalars + LEVEL] = 1
    work[scalars + EAGER] = 1


@compiled
def _start(code: Numbers, work: Numbers) -> bool:
    """Set everything up for the row in `CELLS`; whether it may be solved at all."""
    n_vars, n_rules = code[N_VARS], code[N_RULES]
    if not code[PURE]:
        _rewind(code, work)
        if not _hold(code, work):
            return False
        tail = 0
        for rule in range(n_rules):
            tail = ask(code, work, rule, tail)
        if not propagate(code, work, tail):
            return False
    work[code[SCALARS] + TOTAL] = 0
    for i in range(n_vars):
        work[code[DOMAINS] + i * DOMAIN_SIZE + PRICE] = 0
        settle(code, work, i)
    for rule in range(n_rules):
        status = code[STATUS] + rule * STATUS_SIZE
        state = work[status + S_STATE]
        if state == ACTIVE or state == FREE:
            work[status + S_BROKEN] = is_broken(code, work, code[RULES] + rule * RULE_SIZE)
    return True


@compiled
def _hold(code: Numbers, work: Numbers) -> bool:
    """Hold fixed cells, and give texts the codes that the row knows; whether the row may be solved at all."""
    texts = 0
    for i in range(code[N_VARS]):
        cell = code[CELLS] + 2 * i
        if code[code[VARS] + i * V_SIZE + V_TEXT] and work[cell] == Mode.VALUE:
            texts |= 1 << work[cell + 1]
    for i in range(code[N_VARS]):
        var, cell, x = code[VARS] + i * V_SIZE, code[CELLS] + 2 * i, i * DOMAIN_SIZE
        mode, value = work[cell], work[cell + 1]
        if code[var + V_TEXT]:
            codes = texts | ((1 << code[var + V_LITERALS]) - 1) | code[var + V_FRESH]
            if not set_mask(code, work, x, codes):
                return False
        if code[var + V_MUTABLE]:
            continue
        if mode == Mode.NULL:
            if not keep_variable(code, work, x, UNKNOWN):
                return False
        elif mode == Mode.VALUE:
            if not (keep_variable(code, work, x, KNOWN) and bound_variable(code, work, x, value, value)):
                return False
        else:
            return False
    return True


@compiled
def _enter(code: Numbers, work: Numbers, top: int, best: int) -> bool:
    """Take the next part of a choice: narrow, settle the point, and see what it breaks; whether it may be any good."""
    scalars = code[SCALARS]
    what = work[top + C_WHAT]
    tail = 0
    if what < 0:
        rule = ~what
        if work[top + C_NEXT] == 0:
            set_status(code, work, rule, ACTIVE, 1)
            tail = ask(code, work, rule, 0)
        else:
            work[scalars + FEES] += code[code[RULES] + rule * RULE_SIZE + R_PRICE]
            set_status(code, work, rule, PAID, 0)
    else:
        part = top + C_LIST + 3 * work[top + C_NEXT]
        low, high, state = work[part], work[part + 1], work[part + 2]
        x = what * DOMAIN_SIZE
        if state == WITHOUT:
            if not set_mask(code, work, x, ~(1 << (low - code[code[VARS] + what * V_SIZE + V_LOW]))):
                return False
            if not keep_variable(code, work, x, KNOWN):
                return False
        elif not keep_variable(code, work, x, state) or (
            state == KNOWN and not bound_variable(code, work, x, low, high)
        ):
            return False
    return _narrowed(code, work, work[top + C_TRAIL], tail, best)


@compiled
def _narrowed(code: Numbers, work: Numbers, mark: int, tail: int, best: int) -> bool:
    """Settle the point and propagate in turn until neither has anything more to do; whether the box is any good.

    Args:
        mark: where the trail of this box begins.
        tail: the end of the queue of rules.
    """
    scalars = code[SCALARS]
    while True:
        tail = _resettle(code, work, mark, tail)
        if work[scalars + TOTAL] + work[scalars + FEES] > best:
            forget(code, work, tail)
            return False
        if tail == 0 and work[scalars + N_CHANGED] == 0:
            return True
        if not propagate(code, work, tail):
            return False
        tail = 0


@compiled
def _resettle(code: Numbers, work: Numbers, mark: int, tail: int) -> int:
    """Settle the variables that were narrowed since a mark, and judge the rules that read them at the new point.

    Returns:
        The end of the queue of rules, into which those go that were found to be broken.
    """
    scalars = code[SCALARS]
    for entry in range(mark, work[scalars + TRAIL_TOP], TRAIL_SIZE):
        i = work[code[TRAIL] + entry] // DOMAIN_SIZE
        if not settle(code, work, i):
            continue
        var = code[VARS] + i * V_SIZE
        for k in range(code[var + V_N_WATCH]):
            rule = code[code[var + V_WATCH] + k]
            status = code[STATUS] + rule * STATUS_SIZE
            state = work[status + S_STATE]
            if state == ACTIVE or state == FREE:
                broken = 1 if is_broken(code, work, code[RULES] + rule * RULE_SIZE) else 0
                if broken != work[status + S_BROKEN]:
                    set_status(code, work, rule, state, broken)
                if broken and not work[scalars + EAGER]:
                    tail = ask(code, work, rule, tail)
    return tail


@compiled
def _look(code: Numbers, work: Numbers, best: int) -> tuple[int, int, int]:
    """What to do with a box: the best price so far, and a hard and a soft rule to branch on; -1 for none.

    The hard rule is the first by rank. Broken rules that share no variable are each mended by themselves, or paid for,
    which bounds the price of the box from below.
    """
    scalars = code[SCALARS]
    price = work[scalars + TOTAL] + work[scalars + FEES]
    if price > best or (price == best and not is_better(code, work)):
        return best, -1, -1
    rule, first, soft, floor, used = -1, _LAST, -1, 0, 0
    for r in range(code[N_RULES]):
        status = code[STATUS] + r * STATUS_SIZE
        if not work[status + S_BROKEN]:
            continue
        record = code[RULES] + r * RULE_SIZE
        least, rank, which = mending(code, work, record, best < _NONE)
        if work[status + S_STATE] == FREE:
            soft, least, rank = r, min(least, code[record + R_PRICE]), _LAST
        elif least == NEVER:
            return best, -1, -1
        if not which & used:
            floor += least
            used |= which
        if rank < first:
            rule, first = r, rank
    if rule < 0:
        best = _record(code, work, price, best)
    if price + floor > best or (price + floor == best and not could_win(code, work, best - price)):
        return best, -1, -1
    # Whether a soft rule is paid for is settled before values are, as all choices between few cases are.
    if soft >= 0 and first >= MOVED:
        return best, -1, soft
    return best, rule, -1


@compiled
def _record(code: Numbers, work: Numbers, price: int, best: int) -> int:
    """Note the point, which breaks no hard rule, where it is better than the best one so far; the best price."""
    for r in range(code[N_RULES]):
        status, record = code[STATUS] + r * STATUS_SIZE, code[RULES] + r * RULE_SIZE
        state = work[status + S_STATE]
        if state == FREE and work[status + S_BROKEN]:
            price += code[record + R_PRICE]
        elif state == PAID and not is_broken(code, work, record):
            price -= code[record + R_PRICE]
    if price < best or (price == best and is_better(code, work)):
        for i in range(code[N_VARS]):
            point, to = code[POINT] + i * DOMAIN_SIZE, code[BEST] + i * DOMAIN_SIZE
            work[to + LO], work[to + ST] = work[point + LO], work[point + ST]
        return price
    return best
