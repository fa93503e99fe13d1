"""Compiled forward pass: what a node may be, from what its operands may be.

The answer may be too wide, never too narrow; where every variable has one value left it is that of `point`.
"""

from __future__ import annotations

from htdbu.solver.compiled import ops
from htdbu.solver.compiled.calendar import part_range
from htdbu.solver.compiled.jit import Numbers, compiled
from htdbu.solver.compiled.layout import (
    ARGS,
    COEFS,
    FALSE,
    HI,
    KNOWN,
    LO,
    MASK,
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
from htdbu.solver.compiled.ranges import covers, round_div, touches
from htdbu.solver.compiled.tables import table_range

_VALUE = TRUE | FALSE


@compiled
def forward(code: Numbers, work: Numbers, frame: int, node: int, nodes: int) -> None:
    """Set what a node may be.

    Args:
        frame: where the domains of the variables begin.
        node: the node's record in `code`.
        nodes: where the state of nodes begins in `work`; that of a node is as far behind as its record says.
    """
    op = code[node + OP]
    at = nodes + code[node + Y]
    if op >= ops.TRUTH:
        work[at + ST] = condition(code, work, frame, node, nodes, op)
        return
    args, n = code[node + ARGS], code[node + N_ARGS]
    if op == ops.VAR:
        var = frame + code[node + X]
        work[at + LO], work[at + HI], work[at + ST] = work[var + LO], work[var + HI], work[var + ST]
    elif op == ops.CONST:
        work[at + LO] = work[at + HI] = code[node + X]
        work[at + ST] = code[args]
    elif op == ops.LINEAR:
        low = high = code[node + X]
        states, any_states = KNOWN, 0
        coefs = code[node + COEFS]
        for k in range(n):
            arg, c = nodes + code[args + k], code[coefs + k]
            states &= work[arg + ST]
            any_states |= work[arg + ST]
            if c > 0:
                low += c * work[arg + LO]
                high += c * work[arg + HI]
            else:
                low += c * work[arg + HI]
                high += c * work[arg + LO]
        work[at + LO], work[at + HI], work[at + ST] = low, high, states | (any_states & UNKNOWN)
    elif op == ops.CHOOSE:
        _choose(work, at, nodes + code[args], nodes + code[args + 1], nodes + code[args + 2])
    elif op == ops.COALESCE:
        _coalesce(code, work, at, args, n, nodes)
    elif op == ops.COUNT or op == ops.INDICATOR:
        low = high = 0
        states, any_states = KNOWN, 0
        for k in range(n):
            state = work[nodes + code[args + k] + ST]
            low += state == TRUE
            high += (state & TRUE) != 0
            states &= (state & _VALUE) != 0
            any_states |= state
        work[at + LO], work[at + HI] = low, high
        work[at + ST] = states | (UNKNOWN if any_states & OPEN else 0)
    elif op == ops.TABLE:
        table_range(code, work, node, at, nodes)
    else:
        _arithmetic(code, work, node, at, nodes, op)


@compiled
def _arithmetic(code: Numbers, work: Numbers, node: int, at: int, nodes: int, op: int) -> None:
    """Nodes with one or more operands, all of which must be known."""
    args, n = code[node + ARGS], code[node + N_ARGS]
    a = nodes + code[args]
    low, high = work[a + LO], work[a + HI]
    states = work[a + ST]
    if n > 1:
        b = nodes + code[args + 1]
        states = (states & work[b + ST] & KNOWN) | ((states | work[b + ST]) & UNKNOWN)
        c, d = work[b + LO], work[b + HI]
        if op == ops.PRODUCT:
            p, q, r, s = low * c, low * d, high * c, high * d
            if a == b:
                q = r = 0 if low <= 0 <= high else p
            low, high = min(p, q, r, s), max(p, q, r, s)
        elif op == ops.FLOOR_DIV:
            c, d = max(c, 1), max(d, 1)
            p, q, r, s = low // c, low // d, high // c, high // d
            low, high = min(p, q, r, s), max(p, q, r, s)
        elif op == ops.ROUND_DIV:
            c, d = max(c, 1), max(d, 1)
            p, q, r, s = round_div(low, c), round_div(low, d), round_div(high, c), round_div(high, d)
            low, high = min(p, q, r, s), max(p, q, r, s)
        else:
            for k in range(1, n):
                b = nodes + code[args + k]
                states = (states & work[b + ST] & KNOWN) | ((states | work[b + ST]) & UNKNOWN)
                if op == ops.MIN:
                    low, high = min(low, work[b + LO]), min(high, work[b + HI])
                else:
                    low, high = max(low, work[b + LO]), max(high, work[b + HI])
    elif op == ops.ABS:
        if low < 0:
            low, high = (0 if high >= 0 else -high), max(-low, high)
    elif op != ops.MIN and op != ops.MAX:
        low, high = part_range(op, low, high)
    work[at + LO], work[at + HI], work[at + ST] = low, high, states


@compiled
def _choose(work: Numbers, at: int, condition: int, then: int, other: int) -> None:
    state = work[condition + ST]
    states = UNKNOWN if state & OPEN else 0
    low, high = 1, 0
    if state & TRUE:
        states |= work[then + ST]
        if work[then + ST] & KNOWN:
            low, high = work[then + LO], work[then + HI]
    if state & FALSE:
        states |= work[other + ST]
        if work[other + ST] & KNOWN:
            if low > high:
                low, high = work[other + LO], work[other + HI]
            else:
                low, high = min(low, work[other + LO]), max(high, work[other + HI])
    work[at + LO], work[at + HI], work[at + ST] = low, high, states


@compiled
def _coalesce(code: Numbers, work: Numbers, at: int, args: int, n: int, nodes: int) -> None:
    low, high, states = 1, 0, 0
    last = UNKNOWN
    for k in range(n):
        arg = nodes + code[args + k]
        if work[arg + ST] & KNOWN:
            states |= KNOWN
            if low > high:
                low, high = work[arg + LO], work[arg + HI]
            else:
                low, high = min(low, work[arg + LO]), max(high, work[arg + HI])
        last = work[arg + ST] & UNKNOWN
        if not last:
            break
    work[at + LO], work[at + HI], work[at + ST] = low, high, states | last


@compiled
def condition(code: Numbers, work: Numbers, frame: int, node: int, nodes: int, op: int) -> int:
    """The states of a condition; those of its operands are set."""
    args, n = code[node + ARGS], code[node + N_ARGS]
    if op == ops.VAR_IN_MASK:
        var = frame + code[node + X]
        state = OPEN if work[var + ST] & UNKNOWN else 0
        if work[var + ST] & KNOWN:
            state |= TRUE if work[var + MASK] & code[args] else 0
            state |= FALSE if work[var + MASK] & ~code[args] else 0
        return state
    if op == ops.VAR_WITHIN:
        var = frame + code[node + X]
        return _within(code, node, work[var + ST], work[var + LO], work[var + HI])
    if op == ops.SUM_WITHIN:
        low = high = code[node + X]
        states, any_states = KNOWN, 0
        coefs = code[node + COEFS]
        for k in range(n):
            var, c = frame + code[args + k], code[coefs + k]
            states &= work[var + ST]
            any_states |= work[var + ST]
            if c > 0:
                low += c * work[var + LO]
                high += c * work[var + HI]
            else:
                low += c * work[var + HI]
                high += c * work[var + LO]
        return _within(code, node, states | (any_states & UNKNOWN), low, high)
    if op == ops.VAR_IS_NULL or op == ops.VAR_IS_VALUE:
        state = work[frame + code[node + X] + ST]
        null, value = (TRUE, FALSE) if op == ops.VAR_IS_NULL else (FALSE, TRUE)
        return (null if state & UNKNOWN else 0) | (value if state & KNOWN else 0)
    if op == ops.TRUTH:
        return code[node + X]
    a = nodes + code[args]
    first = work[a + ST]
    if op == ops.WITHIN:
        return _within(code, node, first, work[a + LO], work[a + HI])
    if op == ops.IS_NULL:
        return (TRUE if first & UNKNOWN else 0) | (FALSE if first & KNOWN else 0)
    if op == ops.IS_OPEN:
        return (TRUE if first & OPEN else 0) | (FALSE if first & _VALUE else 0)
    if op == ops.NOT:
        return ((first & TRUE) << 1) | ((first & FALSE) >> 1) | (first & OPEN)
    if op == ops.IFF:
        second = work[nodes + code[args + 1] + ST]
        same = (first & second) & _VALUE
        differ = ((first & TRUE) << 1 & second) | ((first & FALSE) >> 1 & second)
        return (TRUE if same else 0) | (FALSE if differ else 0) | ((first | second) & OPEN)
    return _connective(code, work, args, n, nodes, TRUE if op == ops.OR else FALSE)


@compiled
def _connective(code: Numbers, work: Numbers, args: int, n: int, nodes: int, strong: int) -> int:
    """And, or: one operand of the strong value decides; the weak one needs all; else it is open."""
    weak = _VALUE ^ strong
    some, every, forced = 0, weak, False
    for k in range(n):
        state = work[nodes + code[args + k] + ST]
        some |= state
        every &= state
        forced |= state == strong
    if forced:
        return strong
    return (some & strong) | every | (some & OPEN)


@compiled
def _within(code: Numbers, node: int, states: int, low: int, high: int) -> int:
    """The states of an atom over a number."""
    at, count = code[node + RANGES], code[node + N_RANGES]
    state = OPEN if states & UNKNOWN else 0
    if states & KNOWN:
        if touches(code, at, count, low, high):
            state |= TRUE
        if not covers(code, at, count, low, high):
            state |= FALSE
    return state
