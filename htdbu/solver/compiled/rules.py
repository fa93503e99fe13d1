"""Compiled judging and imposing of one rule."""

from __future__ import annotations

from htdbu.solver.compiled import ops
from htdbu.solver.compiled.backward import backward, impose
from htdbu.solver.compiled.forward import condition, forward
from htdbu.solver.compiled.jit import Numbers, compiled
from htdbu.solver.compiled.layout import (
    ARGS,
    COEFS,
    FALSE,
    KNOWN,
    LO,
    MASK,
    N_ARGS,
    N_RANGES,
    NODE_SIZE,
    NODES,
    OP,
    POINT,
    R_CLAUSE,
    R_N_STEPS,
    R_STEPS,
    RANGES,
    ST,
    STATE_SIZE,
    STATES,
    TRUE,
    X,
)
from htdbu.solver.compiled.ranges import inside


@compiled
def judge(code: Numbers, work: Numbers, domains: int, rule: int) -> tuple[int, int]:
    """What a rule may be, and the only atom of a clause that may be anything but false (-1 where there is no such).

    A clause that may be unknown counts as true.

    Args:
        domains: where the domains (or the point) lie that the rule is judged by.
    """
    steps, nodes, count = code[rule + R_STEPS], code[NODES], code[rule + R_N_STEPS]
    if code[rule + R_CLAUSE]:
        left, last = 0, -1
        for k in range(count):
            node = nodes + code[steps + k] * NODE_SIZE
            state = condition(code, work, domains, node, code[STATES], code[node + OP])
            if not state & FALSE:
                return TRUE, -1
            if state != FALSE:
                left += 1
                last = node
        if left == 0:
            return FALSE, -1
        return TRUE | FALSE, last if left == 1 else -1
    node = 0
    for k in range(count):
        node = code[steps + k]
        forward(code, work, domains, nodes + node * NODE_SIZE, code[STATES])
    return work[code[STATES] + STATE_SIZE * node + ST], -1


@compiled
def is_broken(code: Numbers, work: Numbers, rule: int) -> bool:
    """Whether a rule fails at the point."""
    if not code[rule + R_CLAUSE]:
        return judge(code, work, code[POINT], rule)[0] == FALSE
    steps, nodes = code[rule + R_STEPS], code[NODES]
    for k in range(code[rule + R_N_STEPS]):
        if not _fails(code, work, nodes + code[steps + k] * NODE_SIZE):
            return False
    return True


@compiled
def _fails(code: Numbers, work: Numbers, node: int) -> bool:
    """Whether an atom over variables is false at the point: `condition`, where there is one cell left of everything."""
    op, point = code[node + OP], code[POINT]
    if op == ops.VAR_IN_MASK:
        at = point + code[node + X]
        return work[at + ST] == KNOWN and not work[at + MASK] & code[code[node + ARGS]]
    if op == ops.SUM_WITHIN:
        total = code[node + X]
        args, coefs = code[node + ARGS], code[node + COEFS]
        for k in range(code[node + N_ARGS]):
            at = point + code[args + k]
            if work[at + ST] != KNOWN:
                return False
            total += code[coefs + k] * work[at + LO]
        return not inside(code, code[node + RANGES], code[node + N_RANGES], total)
    if op == ops.VAR_WITHIN:
        at = point + code[node + X]
        if work[at + ST] != KNOWN:
            return False
        return not inside(code, code[node + RANGES], code[node + N_RANGES], work[at + LO])
    return condition(code, work, point, node, code[STATES], op) == FALSE


@compiled
def enforce(code: Numbers, work: Numbers, rule: int, atom: int) -> bool:
    """Narrow domains so that a rule that was just judged does not fail; whether anything is left."""
    nodes = code[NODES]
    if code[rule + R_CLAUSE]:
        return atom < 0 or impose(code, work, atom, code[STATES], code[atom + OP], ~FALSE & 7)
    steps, n = code[rule + R_STEPS], code[rule + R_N_STEPS]
    work[code[STATES] + STATE_SIZE * code[steps + n - 1] + ST] &= ~FALSE
    for k in range(n - 1, -1, -1):
        if not backward(code, work, nodes + code[steps + k] * NODE_SIZE, code[STATES]):
            return False
    return True
