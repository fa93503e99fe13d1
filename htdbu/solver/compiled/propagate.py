"""Compiled propagation: rules narrow domains until nothing moves, or something is left with nothing."""

from __future__ import annotations

from htdbu.solver.compiled.jit import Numbers, compiled
from htdbu.solver.compiled.layout import (
    ACTIVE,
    CHANGED,
    CURRENT,
    DOMAIN_SIZE,
    DOMAINS,
    EAGER,
    FALSE,
    FEES,
    FREE,
    IS_CHANGED,
    LEVEL,
    N_CHANGED,
    N_RULES,
    PAID,
    PATIENCE,
    QUEUE,
    R_PRICE,
    RULE_ENTRY,
    RULE_SIZE,
    RULE_TRAIL,
    RULE_TRAIL_TOP,
    RULES,
    S_BROKEN,
    S_QUEUED,
    S_STAMP,
    S_STATE,
    SCALARS,
    SETTLED,
    STATUS,
    STATUS_SIZE,
    V_N_WATCH,
    V_SIZE,
    V_WATCH,
    VARS,
)
from htdbu.solver.compiled.rules import enforce, judge


@compiled
def set_status(code: Numbers, work: Numbers, rule: int, state: int, broken: int) -> None:
    """Change the status of a rule, and note what it was."""
    at, scalars = code[STATUS] + rule * STATUS_SIZE, code[SCALARS]
    if work[at + S_STAMP] != work[scalars + LEVEL]:
        entry = code[RULE_TRAIL] + work[scalars + RULE_TRAIL_TOP]
        work[entry], work[entry + 1] = rule, work[at + S_STATE]
        work[entry + 2], work[entry + 3] = work[at + S_BROKEN], work[at + S_STAMP]
        work[scalars + RULE_TRAIL_TOP] += RULE_ENTRY
        work[at + S_STAMP] = work[scalars + LEVEL]
    work[at + S_STATE], work[at + S_BROKEN] = state, broken


@compiled
def restore_rules(code: Numbers, work: Numbers, mark: int) -> None:
    """Put the status of all rules back that was noted since a mark."""
    scalars = code[SCALARS]
    top = work[scalars + RULE_TRAIL_TOP]
    while top > mark:
        top -= RULE_ENTRY
        entry = code[RULE_TRAIL] + top
        at = code[STATUS] + work[entry] * STATUS_SIZE
        work[at + S_STATE], work[at + S_BROKEN] = work[entry + 1], work[entry + 2]
        work[at + S_STAMP] = work[entry + 3]
    work[scalars + RULE_TRAIL_TOP] = top


@compiled
def ask(code: Numbers, work: Numbers, rule: int, tail: int) -> int:
    """Put a rule into the queue unless it is there or has nothing more to say; its new end."""
    at = code[STATUS] + rule * STATUS_SIZE
    if work[at + S_QUEUED] == 0 and (work[at + S_STATE] == ACTIVE or work[at + S_STATE] == FREE):
        work[at + S_QUEUED] = 1
        work[code[QUEUE] + tail] = rule
        tail += 1
    return tail


@compiled
def _ask_watchers(code: Numbers, work: Numbers, tail: int) -> int:
    """Put the rules that read a narrowed variable into the queue; the queue's new end.

    The one that narrowed it is left out, and, unless the search is eager, those that hold at the point: they say
    nothing of the cheapest way to go on.
    """
    scalars = code[SCALARS]
    current, eager = work[scalars + CURRENT], work[scalars + EAGER]
    for k in range(work[scalars + N_CHANGED]):
        x = work[code[CHANGED] + k]
        work[code[DOMAINS] + x + IS_CHANGED] = 0
        var = code[VARS] + x // DOMAIN_SIZE * V_SIZE
        for j in range(code[var + V_N_WATCH]):
            rule = code[code[var + V_WATCH] + j]
            if rule != current and (eager or work[code[STATUS] + rule * STATUS_SIZE + S_BROKEN]):
                tail = ask(code, work, rule, tail)
    work[scalars + N_CHANGED] = 0
    return tail


@compiled
def propagate(code: Numbers, work: Numbers, tail: int) -> bool:
    """Narrow the domains, from what was narrowed and what is in the queue; whether anything is left."""
    n_rules, scalars = code[N_RULES], code[SCALARS]
    work[scalars + CURRENT] = -1
    head, left, alive = 0, PATIENCE * n_rules, True
    tail = _ask_watchers(code, work, tail)
    while head < tail:
        rule = work[code[QUEUE] + head]
        head += 1
        status = code[STATUS] + rule * STATUS_SIZE
        work[status + S_QUEUED] = 0
        left -= 1
        if not alive or left < 0:
            continue
        record = code[RULES] + rule * RULE_SIZE
        may_be, atom = judge(code, work, code[DOMAINS], record)
        if not may_be & FALSE:
            set_status(code, work, rule, SETTLED, 0)
        elif work[status + S_STATE] == FREE:
            if may_be == FALSE:
                set_status(code, work, rule, PAID, 0)
                work[scalars + FEES] += code[record + R_PRICE]
        elif may_be == FALSE:
            alive = False
        else:
            work[scalars + CURRENT] = rule
            alive = enforce(code, work, record, atom)
            if alive:
                tail = _ask_watchers(code, work, tail)
            work[scalars + CURRENT] = -1
    forget(code, work, 0)
    return alive


@compiled
def forget(code: Numbers, work: Numbers, tail: int) -> None:
    """Empty the queue of rules up to its end, and the list of narrowed variables."""
    for k in range(tail):
        work[code[STATUS] + work[code[QUEUE] + k] * STATUS_SIZE + S_QUEUED] = 0
    scalars = code[SCALARS]
    for k in range(work[scalars + N_CHANGED]):
        work[code[DOMAINS] + work[code[CHANGED] + k] + IS_CHANGED] = 0
    work[scalars + N_CHANGED] = 0
