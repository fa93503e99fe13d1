"""Compiled backward pass: from what a node may be to what its operands may be. It narrows only what can be proved."""

from __future__ import annotations

from htdbu.solver.compiled import ops
from htdbu.solver.compiled.calendar import first_day
from htdbu.solver.compiled.domains import bound, bound_variable, keep, keep_variable, set_mask
from htdbu.solver.compiled.jit import Numbers, compiled
from htdbu.solver.compiled.layout import (
    ARGS,
    BIG,
    COEFS,
    DOMAINS,
    FALSE,
    HI,
    KNOWN,
    LO,
    N_ARGS,
    N_RANGES,
    OP,
    OPEN,
    RANGES,
    ST,
    TRUE,
    UNKNOWN,
    X,
    Y,
)
from htdbu.solver.compiled.ranges import ceil_div, first_inside, first_outside, last_inside, last_outside
from htdbu.solver.compiled.tables import narrow_keys

_VALUE = TRUE | FALSE


@compiled
def backward(code: Numbers, work: Numbers, node: int, nodes: int) -> bool:
    """Narrow the operands of a node; whether anything is left of all of them. Arguments as for `forward`."""
    op = code[node + OP]
    at = nodes + code[node + Y]
    if op == ops.VAR:
        x = code[node + X]
        if not keep_variable(code, work, x, work[at + ST]):
            return False
        return bound_variable(code, work, x, work[at + LO], work[at + HI]) if work[at + ST] & KNOWN else True
    if op >= ops.TRUTH:
        return impose(code, work, node, nodes, op, work[at + ST])
    if op == ops.CONST:
        return True
    args, n = code[node + ARGS], code[node + N_ARGS]
    if op == ops.LINEAR:
        return _linear(code, work, node, at, nodes)
    if op == ops.CHOOSE:
        return _choose(work, at, nodes + code[args], nodes + code[args + 1], nodes + code[args + 2])
    if op == ops.COALESCE:
        return _coalesce(code, work, at, args, n, nodes)
    if op == ops.COUNT or op == ops.INDICATOR:
        return _count(code, work, at, args, n, nodes)
    known = work[at + ST] == KNOWN
    doubtful = 0
    for k in range(n):
        arg = nodes + code[args + k]
        if known and not keep(work, arg, KNOWN):
            return False
        doubtful += (work[arg + ST] & UNKNOWN) != 0
    if not work[at + ST] & KNOWN:
        return True
    if op == ops.TABLE:
        return narrow_keys(code, work, node, at, nodes) if known else True
    for k in range(n):
        arg = nodes + code[args + k]
        sure = doubtful == 0 or (doubtful == 1 and work[arg + ST] & UNKNOWN)
        if sure and not _narrow(code, work, nodes, op, at, args, n, k):
            return False
    return True


@compiled
def _linear(code: Numbers, work: Numbers, node: int, at: int, nodes: int) -> bool:
    """Each term lies where the sum of the others leaves room; true only where those are known."""
    args, n, coefs = code[node + ARGS], code[node + N_ARGS], code[node + COEFS]
    known = work[at + ST] == KNOWN
    low = high = code[node + X]
    doubtful = 0
    for k in range(n):
        arg, c = nodes + code[args + k], code[coefs + k]
        if known and not keep(work, arg, KNOWN):
            return False
        doubtful += (work[arg + ST] & UNKNOWN) != 0
        low += c * (work[arg + LO] if c > 0 else work[arg + HI])
        high += c * (work[arg + HI] if c > 0 else work[arg + LO])
    if not work[at + ST] & KNOWN:
        return True
    over, under = high - work[at + HI], work[at + LO] - low
    if over <= 0 and under <= 0:
        return True
    for k in range(n):
        arg, c = nodes + code[args + k], code[coefs + k]
        if c and (doubtful == 0 or (doubtful == 1 and work[arg + ST] & UNKNOWN)):
            first, last = _slack(c, work[arg + LO], work[arg + HI], work[at + LO] - high, work[at + HI] - low)
            if not bound(work, arg, first, last):
                return False
    return True


@compiled
def _slack(c: int, low: int, high: int, least: int, most: int) -> tuple[int, int]:
    """Where a term `c * x` may be, given how far the sum of all must fall from its top and may rise from its bottom."""
    if c > 0:
        return max(low, high + ceil_div(least, c)), min(high, low + most // c)
    return max(low, high - most // -c), min(high, low - ceil_div(least, -c))


@compiled
def _narrow(code: Numbers, work: Numbers, nodes: int, op: int, at: int, args: int, n: int, k: int) -> bool:
    """Narrow one operand of a node that is known wherever that operand is."""
    arg = nodes + code[args + k]
    low, high = work[at + LO], work[at + HI]
    if op == ops.PRODUCT:
        other = nodes + code[args + 1 - k]
        c, d = work[other + LO], work[other + HI]
        if arg == other or (c <= 0 <= d):
            return True
        if d < 0:
            c, d, low, high = -d, -c, -high, -low
        first = ceil_div(low, d if low > 0 else c)
        last = high // (c if high > 0 else d)
        return bound(work, arg, first, last)
    if op == ops.FLOOR_DIV or op == ops.ROUND_DIV:
        if k == 1:
            return bound(work, arg, 1, BIG)
        c, d = max(work[nodes + code[args + 1] + LO], 1), max(work[nodes + code[args + 1] + HI], 1)
        if op == ops.FLOOR_DIV:
            first = low * (c if low > 0 else d)
            last = (high + 1) * (d if high + 1 > 0 else c) - 1
        else:
            first = ceil_div((2 * low - 1) * (c if low > 0 else d), 2)
            last = ((2 * high + 1) * (d if high >= 0 else c)) // 2
        return bound(work, arg, first, last)
    if op == ops.ABS:
        if work[arg + LO] > -low and not bound(work, arg, low, BIG):
            return False
        if work[arg + HI] < low and not bound(work, arg, -BIG, -low):
            return False
        return bound(work, arg, -high, high)
    if op == ops.YEAR:
        return bound(work, arg, first_day(low, 1), first_day(high + 1, 1) - 1)
    if op == ops.MONTH or op == ops.DAY:
        return True
    return _extreme(code, work, nodes, op, args, n, k, low, high)


@compiled
def _extreme(code: Numbers, work: Numbers, nodes: int, op: int, args: int, n: int, k: int, low: int, high: int) -> bool:
    """One operand of a least or greatest value."""
    arg = nodes + code[args + k]
    alone = True
    for j in range(n):
        other = nodes + code[args + j]
        if j != k:
            alone = alone and (work[other + HI] < low if op == ops.MAX else work[other + LO] > high)
    if op == ops.MAX:
        return bound(work, arg, low if alone else -BIG, high)
    return bound(work, arg, low, high if alone else BIG)


@compiled
def _fits(work: Numbers, at: int, arg: int) -> bool:
    """Whether a node may be what one of its operands may be."""
    if work[at + ST] & work[arg + ST] & UNKNOWN:
        return True
    both = work[at + ST] & work[arg + ST] & KNOWN
    return both != 0 and work[at + LO] <= work[arg + HI] and work[arg + LO] <= work[at + HI]


@compiled
def _same(work: Numbers, at: int, arg: int) -> bool:
    """Narrow the operand that a node is equal to."""
    if not keep(work, arg, work[at + ST]):
        return False
    return bound(work, arg, work[at + LO], work[at + HI]) if work[arg + ST] & KNOWN else True


@compiled
def _choose(work: Numbers, at: int, condition: int, then: int, other: int) -> bool:
    allowed = OPEN if work[at + ST] & UNKNOWN else 0
    if _fits(work, at, then):
        allowed |= TRUE
    if _fits(work, at, other):
        allowed |= FALSE
    if not keep(work, condition, allowed):
        return False
    if work[condition + ST] == TRUE:
        return _same(work, at, then)
    if work[condition + ST] == FALSE:
        return _same(work, at, other)
    return True


@compiled
def _coalesce(code: Numbers, work: Numbers, at: int, args: int, n: int, nodes: int) -> bool:
    """Operands before the first that may be known are out; that one's value, if it has one, is the result's."""
    for k in range(n):
        arg = nodes + code[args + k]
        if work[arg + ST] == UNKNOWN:
            continue
        if not work[at + ST] & KNOWN:
            return keep(work, arg, UNKNOWN)
        if k == n - 1:
            return _same(work, at, arg)
        return bound(work, arg, work[at + LO], work[at + HI])
    return (work[at + ST] & UNKNOWN) != 0


@compiled
def _count(code: Numbers, work: Numbers, at: int, args: int, n: int, nodes: int) -> bool:
    low = high = doubtful = 0
    known = work[at + ST] == KNOWN
    for k in range(n):
        arg = nodes + code[args + k]
        if known and not keep(work, arg, _VALUE):
            return False
        state = work[arg + ST]
        low += state == TRUE
        high += (state & TRUE) != 0
        doubtful += (state & OPEN) != 0
    if not work[at + ST] & KNOWN:
        return True
    for k in range(n):
        arg = nodes + code[args + k]
        state = work[arg + ST]
        if state & TRUE and state != TRUE and (doubtful == 0 or (doubtful == 1 and state & OPEN)):
            if low == work[at + HI] and not keep(work, arg, ~TRUE):
                return False
            if high == work[at + LO] and not keep(work, arg, ~FALSE):
                return False
    return True


@compiled
def impose(code: Numbers, work: Numbers, node: int, nodes: int, op: int, states: int) -> bool:
    """Operands of a condition that may only be in some states."""
    args, n = code[node + ARGS], code[node + N_ARGS]
    if op == ops.OR or op == ops.AND:
        return _connective(code, work, args, n, nodes, TRUE if op == ops.OR else FALSE, states)
    if op == ops.VAR_IN_MASK or op == ops.VAR_WITHIN:
        return _variable(code, work, node, op, states)
    if op == ops.SUM_WITHIN:
        return _sum_within(code, work, node, states)
    if op == ops.VAR_IS_NULL or op == ops.VAR_IS_VALUE:
        null, value = (TRUE, FALSE) if op == ops.VAR_IS_NULL else (FALSE, TRUE)
        left = (UNKNOWN if states & null else 0) | (KNOWN if states & value else 0)
        return keep_variable(code, work, code[node + X], left)
    if op == ops.TRUTH:
        return True
    a = nodes + code[args]
    if op == ops.WITHIN:
        if not states & OPEN and not keep(work, a, KNOWN):
            return False
        if not states & _VALUE:
            return keep(work, a, UNKNOWN)
        if states & _VALUE != _VALUE and work[a + ST] & KNOWN:
            low, high = _ends(code, node, states, work[a + LO], work[a + HI])
            return bound(work, a, low, high)
        return True
    if op == ops.IS_NULL:
        return keep(work, a, (UNKNOWN if states & TRUE else 0) | (KNOWN if states & FALSE else 0))
    if op == ops.IS_OPEN:
        return keep(work, a, (OPEN if states & TRUE else 0) | (_VALUE if states & FALSE else 0))
    if op == ops.NOT:
        return keep(work, a, ((states & TRUE) << 1) | ((states & FALSE) >> 1) | (states & OPEN))
    return _iff(work, a, nodes + code[args + 1], states)


@compiled
def _variable(code: Numbers, work: Numbers, node: int, op: int, states: int) -> bool:
    """An atom over a variable."""
    x = code[node + X]
    if not states & OPEN and not keep_variable(code, work, x, KNOWN):
        return False
    if not states & _VALUE:
        return keep_variable(code, work, x, UNKNOWN)
    if states & _VALUE == _VALUE:
        return True
    if op == ops.VAR_IN_MASK:
        mask = code[code[node + ARGS]]
        return set_mask(code, work, x, mask if states & TRUE else ~mask)
    at = code[DOMAINS] + x
    low, high = _ends(code, node, states, work[at + LO], work[at + HI])
    return bound_variable(code, work, x, low, high)


@compiled
def _ends(code: Numbers, node: int, states: int, low: int, high: int) -> tuple[int, int]:
    """The ends of a number that lies in (or, where the condition may not be true, outside of) a node's ranges."""
    at, count = code[node + RANGES], code[node + N_RANGES]
    if states & TRUE:
        if count == 0:
            return 1, 0
        return first_inside(code, at, count, low), last_inside(code, at, count, high)
    return first_outside(code, at, count, low), last_outside(code, at, count, high)


@compiled
def _iff(work: Numbers, left: int, right: int, states: int) -> bool:
    if not states & OPEN and not (keep(work, left, _VALUE) and keep(work, right, _VALUE)):
        return False
    for _ in range(2):
        if work[left + ST] == TRUE or work[left + ST] == FALSE:
            other = _VALUE ^ work[left + ST]
            if not states & FALSE and not keep(work, right, ~other):
                return False
            if not states & TRUE and not keep(work, right, ~work[left + ST]):
                return False
        left, right = right, left
    return True


@compiled
def _connective(code: Numbers, work: Numbers, args: int, n: int, nodes: int, strong: int, states: int) -> bool:
    """And, or; `strong` is the value that one operand forces on the whole."""
    weak = _VALUE ^ strong
    if not states & strong:
        for k in range(n):
            if not keep(work, nodes + code[args + k], ~strong):
                return False
    # What every operand but one rules out for itself, the last one must bring.
    for wanted in (strong | OPEN, strong):
        if states & ~wanted:
            continue
        count, last = 0, 0
        for k in range(n):
            if work[nodes + code[args + k] + ST] & wanted:
                count += 1
                last = nodes + code[args + k]
        if count == 0:
            return False
        if count == 1 and not keep(work, last, wanted):
            return False
    if states == weak:
        for k in range(n):
            if not keep(work, nodes + code[args + k], weak):
                return False
    return True


@compiled
def _sum_within(code: Numbers, work: Numbers, node: int, states: int) -> bool:
    """An atom over a sum of variables, in one step."""
    args, n, coefs = code[node + ARGS], code[node + N_ARGS], code[node + COEFS]
    if not states & _VALUE:
        return True
    low = high = code[node + X]
    doubtful, last = 0, 0
    for k in range(n):
        x, c = code[args + k], code[coefs + k]
        var = code[DOMAINS] + x
        if not states & OPEN and not keep_variable(code, work, x, KNOWN):
            return False
        if work[var + ST] & UNKNOWN:
            doubtful += 1
            last = k
        low += c * (work[var + LO] if c > 0 else work[var + HI])
        high += c * (work[var + HI] if c > 0 else work[var + LO])
    if states & _VALUE == _VALUE or doubtful > 1:
        return True
    first, final = _ends(code, node, states, low, high)
    if first <= low and final >= high:
        return True
    for k in range(last if doubtful else 0, last + 1 if doubtful else n):
        x, c = code[args + k], code[coefs + k]
        var = code[DOMAINS] + x
        if first > final:
            if not keep_variable(code, work, x, UNKNOWN):
                return False
            continue
        if c == 0:
            continue
        a, b = _slack(c, work[var + LO], work[var + HI], first - high, final - low)
        if not bound_variable(code, work, x, a, b):
            return False
    return True
