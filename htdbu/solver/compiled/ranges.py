"""Compiled helpers: exact division, and lists of ranges."""

from __future__ import annotations

from htdbu.solver.compiled.jit import Numbers, compiled


@compiled
def ceil_div(a: int, b: int) -> int:
    """The least integer not below `a / b`, for a positive `b`."""
    return -((-a) // b)


@compiled
def round_div(a: int, b: int) -> int:
    """`a / b` for a positive `b`, rounded to the nearest integer, halves to even."""
    low = a // b
    doubled = 2 * (a - low * b)
    if doubled > b or (doubled == b and low & 1):
        return low + 1
    return low


@compiled
def inside(code: Numbers, at: int, count: int, value: int) -> bool:
    """Whether a value lies in one of the ranges at a position."""
    for k in range(count):
        if value <= code[at + 2 * k + 1]:
            return value >= code[at + 2 * k]
    return False


@compiled
def first_inside(code: Numbers, at: int, count: int, value: int) -> int:
    """The least value of the ranges that is not below the given one; the value 1 above all of them where none is."""
    for k in range(count):
        if value <= code[at + 2 * k + 1]:
            return max(value, code[at + 2 * k])
    return code[at + 2 * count - 1] + 1 if count else value


@compiled
def last_inside(code: Numbers, at: int, count: int, value: int) -> int:
    """The greatest value of the ranges that is not above the given one; 1 below all of them where none is."""
    for k in range(count - 1, -1, -1):
        if value >= code[at + 2 * k]:
            return min(value, code[at + 2 * k + 1])
    return code[at] - 1 if count else value


@compiled
def first_outside(code: Numbers, at: int, count: int, value: int) -> int:
    """The least value not below the given one that lies in none of the ranges."""
    for k in range(count):
        if code[at + 2 * k] <= value <= code[at + 2 * k + 1]:
            value = code[at + 2 * k + 1] + 1
    return value


@compiled
def last_outside(code: Numbers, at: int, count: int, value: int) -> int:
    """The greatest value not above the given one that lies in none of the ranges."""
    for k in range(count - 1, -1, -1):
        if code[at + 2 * k] <= value <= code[at + 2 * k + 1]:
            value = code[at + 2 * k] - 1
    return value


@compiled
def touches(code: Numbers, at: int, count: int, low: int, high: int) -> bool:
    """Whether some value of `low..high` lies in the ranges."""
    for k in range(count):
        if high < code[at + 2 * k]:
            return False
        if low <= code[at + 2 * k + 1]:
            return True
    return False


@compiled
def covers(code: Numbers, at: int, count: int, low: int, high: int) -> bool:
    """Whether every value of `low..high` lies in the ranges, of which no two touch each other."""
    for k in range(count):
        if low <= code[at + 2 * k + 1]:
            return code[at + 2 * k] <= low and high <= code[at + 2 * k + 1]
    return False
