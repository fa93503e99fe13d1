"""Compiled propagation: rules narrow domains until nothing moves, or something is left with nothing."""

from __future__ import annotations

from htdbu.solver.compiled.backward import backward
from htdbu.solver.compiled.forward import forward
from htdbu.solver.compiled.jit import Numbers, compiled
from htdbu.solver.compiled.layout import (
    ACTIVE,
    ALL,
    DOMAIN_SIZE,
    F_CAUSE,
    F_PAID,
    FALSE,
    FREE,
    HI,
    LO,
    MASK,
    N_RULES,
    N_VARS,
    NODE_SIZE,
    NODES,
    PAID,
    QUEUE,
    R_N_STEPS,
    R_N_VARS,
    R_PRICE,
    R_STEPS,
    R_VARS,
    RULE_SIZE,
    RULES,
    SETTLED,
    ST,
    STATES,
    V_N_WATCH,
    V_SIZE,
    V_WATCH,
    VARS,
)

PATIENCE = 12
"""How often each rule is looked at in one go on average, since bounds may creep; the search goes on without."""


@compiled
def judge(code: Numbers, work: Numbers, frame: int, rule: int) -> int:
    """What a rule may be, from the domains of a frame."""
    steps, nodes = code[rule + R_STEPS], code[NODES]
    node = 0
    for k in range(code[rule + R_N_STEPS]):
        node = code[steps + k]
        forward(code, work, frame, nodes + node * NODE_SIZE, code[STATES])
    return work[code[STATES] + DOMAIN_SIZE * node + ST]


@compiled
def impose(code: Numbers, work: Numbers, frame: int, rule: int) -> bool:
    """Narrow domains so that a rule that was just judged does not fail; whether anything is left."""
    steps, nodes = code[rule + R_STEPS], code[NODES]
    n = code[rule + R_N_STEPS]
    work[code[STATES] + DOMAIN_SIZE * code[steps + n - 1] + ST] &= ~FALSE
    for k in range(n - 1, -1, -1):
        if not backward(code, work, frame, nodes + code[steps + k] * NODE_SIZE, code[STATES]):
            return False
    return True


@compiled
def _ask(code: Numbers, work: Numbers, states: int, var: int, tail: int) -> int:
    """Put the rules that read a variable into the queue; its new end."""
    record = code[VARS] + var * V_SIZE
    for k in range(code[record + V_N_WATCH]):
        tail = ask_rule(code, work, states, code[code[record + V_WATCH] + k], tail)
    return tail


@compiled
def ask_rule(code: Numbers, work: Numbers, states: int, rule: int, tail: int) -> int:
    """Put a rule into the queue unless it is there or has nothing more to say; its new end."""
    flag, n = code[QUEUE] + rule, code[N_RULES]
    state = work[states + rule]
    if work[flag] == 0 and state in (ACTIVE, FREE):
        work[flag] = 1
        work[code[QUEUE] + n + tail % (n + 1)] = rule
        tail += 1
    return tail


@compiled
def propagate(code: Numbers, work: Numbers, frame: int) -> bool:
    """Narrow the domains of a frame, from what changed in it last; whether anything is left."""
    n_vars, n_rules = code[N_VARS], code[N_RULES]
    states = frame + n_vars * DOMAIN_SIZE
    extra = states + n_rules
    ring = code[QUEUE] + n_rules
    cause = work[extra + F_CAUSE]
    head = tail = 0
    if cause == ALL:
        for rule in range(n_rules):
            tail = ask_rule(code, work, states, rule, tail)
    elif cause < 0:
        tail = ask_rule(code, work, states, ~cause, tail)
    elif cause < n_vars:
        tail = _ask(code, work, states, cause, tail)
    left = PATIENCE * n_rules
    alive = True
    while head < tail:
        rule = work[ring + head % (n_rules + 1)]
        head += 1
        work[code[QUEUE] + rule] = 0
        left -= 1
        if not alive or left < 0:
            continue
        record = code[RULES] + rule * RULE_SIZE
        may_be = judge(code, work, frame, record)
        if not may_be & FALSE:
            work[states + rule] = SETTLED
        elif work[states + rule] == FREE:
            if may_be == FALSE:
                work[states + rule] = PAID
                work[extra + F_PAID] += code[record + R_PRICE]
        elif may_be == FALSE:
            alive = False
        else:
            tail, alive = _impose_and_ask(code, work, frame, states, record, rule, tail)
    return alive


@compiled
def _impose_and_ask(
    code: Numbers, work: Numbers, frame: int, states: int, record: int, rule: int, tail: int
) -> tuple[int, bool]:
    """Impose a rule, and ask the others that read what it narrowed."""
    before = 0
    variables, n = code[record + R_VARS], code[record + R_N_VARS]
    for k in range(n):
        before += _print(work, frame + code[variables + k] * DOMAIN_SIZE)
    alive = impose(code, work, frame, record)
    after = 0
    for k in range(n):
        after += _print(work, frame + code[variables + k] * DOMAIN_SIZE)
    if alive and before != after:
        work[code[QUEUE] + rule] = 1  # it has just been looked at
        for k in range(n):
            tail = _ask(code, work, states, code[variables + k], tail)
        work[code[QUEUE] + rule] = 0
    return tail, alive


@compiled
def _print(work: Numbers, at: int) -> int:
    """A number that changes when a domain is narrowed: its ends only close in and its set only shrinks."""
    return work[at + HI] - work[at + LO] + work[at + ST] + work[at + MASK]
