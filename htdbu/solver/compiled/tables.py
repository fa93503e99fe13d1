"""Compiled finite tables. A node's ranges hold one line an entry: its keys, then its value; the first key ascends."""

from __future__ import annotations

from htdbu.solver.compiled.jit import Numbers, compiled
from htdbu.solver.compiled.layout import (
    ARGS,
    HI,
    KNOWN,
    LO,
    N_ARGS,
    N_RANGES,
    RANGES,
    ST,
    UNKNOWN,
)


@compiled
def entry_from(code: Numbers, node: int, key: int) -> int:
    """The number of the first entry whose first key is not below the given one."""
    at, count, size = code[node + RANGES], code[node + N_RANGES], code[node + N_ARGS] + 1
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if code[at + middle * size] < key:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def matches(code: Numbers, work: Numbers, node: int, entry: int, nodes: int) -> bool:
    """Whether all keys of an entry lie within what the key nodes may be."""
    n = code[node + N_ARGS]
    at = code[node + RANGES] + entry * (n + 1)
    for k in range(n):
        arg = nodes + code[code[node + ARGS] + k]
        if not work[arg + LO] <= code[at + k] <= work[arg + HI]:
            return False
    return True


@compiled
def table_range(code: Numbers, work: Numbers, node: int, at: int, nodes: int) -> None:
    """Set what a table's value may be."""
    n, args = code[node + N_ARGS], code[node + ARGS]
    states, width = KNOWN, 1
    for k in range(n):
        arg = nodes + code[args + k]
        if work[arg + ST] & UNKNOWN:
            states |= UNKNOWN
        if not work[arg + ST] & KNOWN:
            work[at + ST] = UNKNOWN
            return
        span = work[arg + HI] - work[arg + LO] + 1
        width = width * span if width < 1_000_000 and span < 1_000_000 else 1_000_000
    first = nodes + code[args]
    values, count = code[node + RANGES] + n, code[node + N_RANGES]
    low, high, found = 1, 0, 0
    for entry in range(entry_from(code, node, work[first + LO]), count):
        if code[values - n + entry * (n + 1)] > work[first + HI]:
            break
        if matches(code, work, node, entry, nodes):
            value = code[values + entry * (n + 1)]
            low, high = (value, value) if not found else (min(low, value), max(high, value))
            found += 1
    if not found:
        states = UNKNOWN
    elif found < width:
        states |= UNKNOWN
    work[at + LO], work[at + HI], work[at + ST] = low, high, states


@compiled
def narrow_keys(code: Numbers, work: Numbers, node: int, at: int, nodes: int) -> bool:
    """Leave the keys of a table whose value must be known only what its entries allow; whether anything is left."""
    n, args = code[node + N_ARGS], code[node + ARGS]
    first = nodes + code[args]
    values, count = code[node + RANGES] + n, code[node + N_RANGES]
    for k in range(n):
        arg = nodes + code[args + k]
        low, high, found = 0, -1, False
        for entry in range(entry_from(code, node, work[first + LO]), count):
            line = values - n + entry * (n + 1)
            if code[line] > work[first + HI]:
                break
            if work[at + LO] <= code[line + n] <= work[at + HI] and matches(code, work, node, entry, nodes):
                key = code[line + k]
                low, high = (key, key) if not found else (min(low, key), max(high, key))
                found = True
        if not found:
            return False
        work[arg + LO], work[arg + HI], work[arg + ST] = low, high, KNOWN
    return True


@compiled
def looked_up(code: Numbers, work: Numbers, node: int, at: int, nodes: int) -> None:
    """Set the value of a table whose keys all have one value."""
    n, args = code[node + N_ARGS], code[node + ARGS]
    work[at + ST] = UNKNOWN
    for k in range(n):
        if work[nodes + code[args + k] + ST] != KNOWN:
            return
    first = work[nodes + code[args] + LO]
    line = code[node + RANGES]
    for entry in range(entry_from(code, node, first), code[node + N_RANGES]):
        start = line + entry * (n + 1)
        if code[start] != first:
            return
        same = True
        for k in range(1, n):
            same = same and code[start + k] == work[nodes + code[args + k] + LO]
        if same:
            work[at + LO] = work[at + HI] = code[start + n]
            work[at + ST] = KNOWN
            return
