"""Compiled judging and imposing of one rule."""

from __future__ import annotations

from htdbu.solver.compiled.backward import backward, impose
from htdbu.solver.compiled.forward import condition, forward
from htdbu.solver.compiled.jit import Numbers, compiled
from htdbu.solver.compiled.layout import (
    FALSE,
    NODE_SIZE,
    NODES,
    OP,
    R_CLAUSE,
    R_N_STEPS,
    R_STEPS,
    ST,
    STATE_SIZE,
    STATES,
    TRUE,
)


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
def is_broken(code: Numbers, work: Numbers, domains: int, rule: int) -> bool:
    """Whether a rule fails at a point."""
    steps, nodes, count = code[rule + R_STEPS], code[NODES], code[rule + R_N_STEPS]
    if code[rule + R_CLAUSE]:
        for k in range(count):
            node = nodes + code[steps + k] * NODE_SIZE
            if condition(code, work, domains, node, code[STATES], code[node + OP]) != FALSE:
                return False
        return True
    return judge(code, work, domains, rule)[0] == FALSE


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
