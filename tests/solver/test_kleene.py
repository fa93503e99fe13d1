"""Kleene's tables, exhaustively, through compiled rules over nullable columns; null in arithmetic and functions."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pandas as pd
import pytest

import htdbu

Kleene = bool | None
TRUTHS: tuple[Kleene, ...] = (True, False, None)


def verdicts(declared: str, expr: str, frame: pd.DataFrame) -> list[Kleene]:
    """The outcome of a rule on every row: True for pass, False for fail, None for unknown."""
    program = htdbu.compile_text(f"table t {{ {declared} }}\nhard rule: {expr}\nhard known: ({expr}) is not null")
    report = program.check(frame)
    rule, known = (next(r for r in report.rules if r.name == name) for name in ("rule", "known"))
    failed, unknown = set(rule.rows.tolist()), set(known.rows.tolist())
    assert rule.unknown == len(unknown)
    assert not failed & unknown
    assert rule.passed == len(frame) - len(failed) - len(unknown)
    return [None if row in unknown else row not in failed for row in range(len(frame))]


def over_bools(expr: str, names: str = "abc") -> list[Kleene]:
    cells = list(product(TRUTHS, repeat=len(names)))
    frame = pd.DataFrame({name: pd.array([row[k] for row in cells], dtype="boolean") for k, name in enumerate(names)})
    return verdicts("  ".join(f"{name}: bool null" for name in names), expr, frame)


def no(a: Kleene) -> Kleene:
    return None if a is None else not a


def both(*args: Kleene) -> Kleene:
    return False if False in args else None if None in args else True


def either(*args: Kleene) -> Kleene:
    return True if True in args else None if None in args else False


def implies(a: Kleene, b: Kleene) -> Kleene:
    return either(no(a), b)


def same(a: Kleene, b: Kleene) -> Kleene:
    return None if a is None or b is None else a == b


def choose(condition: Kleene, then: Kleene, otherwise: Kleene) -> Kleene:
    return None if condition is None else then if condition else otherwise


def first(*args: Kleene) -> Kleene:
    return next((arg for arg in args if arg is not None), None)


def counted(*args: Kleene) -> int | None:
    return None if None in args else sum(map(bool, args))


THREE: dict[str, Callable[[Any, Any, Any], Kleene]] = {
    "not a": lambda a, b, c: no(a),
    "not not a": lambda a, b, c: a,
    "a and b": lambda a, b, c: both(a, b),
    "a or b": lambda a, b, c: either(a, b),
    "a => b": lambda a, b, c: implies(a, b),
    "a <=> b": lambda a, b, c: same(a, b),
    "a == b": lambda a, b, c: same(a, b),
    "a != b": lambda a, b, c: no(same(a, b)),
    "a == true": lambda a, b, c: a,
    "a == false": lambda a, b, c: no(a),
    "not (a and b)": lambda a, b, c: either(no(a), no(b)),
    "not (a or b)": lambda a, b, c: both(no(a), no(b)),
    "not (a => b)": lambda a, b, c: both(a, no(b)),
    "not (a <=> b)": lambda a, b, c: no(same(a, b)),
    "a and b and c": both,
    "a or b or c": either,
    "a or b and c": lambda a, b, c: either(a, both(b, c)),
    "(a or b) and c": lambda a, b, c: both(either(a, b), c),
    "not a or b": lambda a, b, c: either(no(a), b),
    "a => b => c": lambda a, b, c: implies(a, implies(b, c)),
    "(a => b) => c": lambda a, b, c: implies(implies(a, b), c),
    "a and b => c": lambda a, b, c: implies(both(a, b), c),
    "a => b or c": lambda a, b, c: implies(a, either(b, c)),
    "a => b <=> c": lambda a, b, c: same(implies(a, b), c),
    "all(a, b, c)": both,
    "any(a, b, c)": either,
    "if a then b else c": choose,
    "case { a -> b; else -> c }": choose,
    "case { a -> b; b -> c; else -> a }": lambda a, b, c: choose(a, b, choose(b, c, a)),
    "coalesce(a, b, c)": first,
    "coalesce(a, b) and c": lambda a, b, c: both(first(a, b), c),
    "coalesce(a, true)": lambda a, b, c: first(a, True),
    "coalesce(a, false)": lambda a, b, c: first(a, False),
    "coalesce(a and b, c)": lambda a, b, c: first(both(a, b), c),
    "a is null": lambda a, b, c: a is None,
    "a is not null": lambda a, b, c: a is not None,
    "(a and b) is null": lambda a, b, c: both(a, b) is None,
    "(a => b) is not null": lambda a, b, c: implies(a, b) is not None,
    "(if a then b else c) is null": lambda a, b, c: choose(a, b, c) is None,
    "a in { true }": lambda a, b, c: a,
    "a not in { true }": lambda a, b, c: no(a),
    "a in { true, false }": lambda a, b, c: either(a, no(a)),
    "(if a then b else c) == (if b then a else c)": lambda a, b, c: same(choose(a, b, c), choose(b, a, c)),
    "a and true": lambda a, b, c: a,
    "a or false": lambda a, b, c: a,
    "a and not a": lambda a, b, c: both(a, no(a)),
    "a or not a": lambda a, b, c: either(a, no(a)),
    "a <=> a": lambda a, b, c: same(a, a),
}


@pytest.mark.parametrize("expr", THREE)
def test_connectives(expr: str) -> None:
    expected = [THREE[expr](*row) for row in product(TRUTHS, repeat=3)]
    assert expected == over_bools(expr)


@pytest.mark.parametrize("k", range(4))
def test_count(k: int) -> None:
    rows = [counted(*row) for row in product(TRUTHS, repeat=3)]
    assert [None if n is None else n == k for n in rows] == over_bools(f"count(a, b, c) == {k}")
    assert [None if n is None else n >= k for n in rows] == over_bools(f"count(a, b, c) >= {k}")
    assert [n is None for n in rows] == over_bools("count(a, b, c) is null")


def test_if_and_case_over_numbers() -> None:
    inner: dict[Kleene, int | None] = {True: 2, False: 3, None: None}
    chosen = [None if a is None else 1 if a else inner[b] for a, b in product(TRUTHS, repeat=2)]
    for k in (1, 2, 3):
        expected = [None if value is None else value == k for value in chosen]
        assert expected == over_bools(f"case {{ a -> 1; b -> 2; else -> 3 }} == {k}", "ab")
        assert expected == over_bools(f"{k} == if a then 1 else if b then 2 else 3", "ab")


def test_a_premise_fires_only_where_it_is_true() -> None:
    program = htdbu.compile_text(
        "table t { a: bool null  b: bool null }\nhard r: a => b\nwhen a { hard s: b }\nwhen a { hard u: b => a }"
    )
    cells = list(product(TRUTHS, repeat=2))
    frame = pd.DataFrame({k: pd.array([row[i] for row in cells], dtype="boolean") for i, k in enumerate("ab")})
    rules = {rule.name: rule for rule in program.check(frame).rules}
    assert (3, 1, 5, 3) == (rules["r"].fired, rules["r"].fail, rules["r"].passed, rules["r"].unknown)
    assert (3, 1, 5, 3) == (rules["s"].fired, rules["s"].fail, rules["s"].passed, rules["s"].unknown)
    assert 1 == rules["u"].fired


NUMBERS: tuple[int | None, ...] = (2, 3, None)


def over_numbers(expr: str) -> list[Kleene]:
    cells = list(product(NUMBERS, repeat=2))
    frame = pd.DataFrame({k: pd.array([row[i] for row in cells], dtype="Int64") for i, k in enumerate("xy")})
    return verdicts("x: int in 1..9 null  y: int in 1..9 null", expr, frame)


STRICT: dict[str, Callable[[int, int], bool]] = {
    "x == y": lambda x, y: x == y,
    "x != y": lambda x, y: x != y,
    "x < y": lambda x, y: x < y,
    "x <= y": lambda x, y: x <= y,
    "x + y == 5": lambda x, y: x + y == 5,
    "x - y == 0": lambda x, y: x == y,
    "x * y == 6": lambda x, y: x * y == 6,
    "x / y == 1": lambda x, y: x == y,
    "0 * y + x == 2": lambda x, y: x == 2,
    "x - x + y == 3": lambda x, y: y == 3,
    "-x - y == -5": lambda x, y: x + y == 5,
    "abs(x - y) == 1": lambda x, y: abs(x - y) == 1,
    "min(x, y) == 2": lambda x, y: min(x, y) == 2,
    "max(x, y) == 3": lambda x, y: max(x, y) == 3,
    "sum(x, y) == 5": lambda x, y: x + y == 5,
    "mod(x, y) == 0": lambda x, y: x % y == 0,
    "round(x / y, 0) == 1": lambda x, y: round(x / y) == 1,
    "floor(x / y) == 1": lambda x, y: x // y == 1,
    "ceil(x / y) == 2": lambda x, y: -(-x // y) == 2,
    "x in 2..y": lambda x, y: 2 <= x <= y,
    "count(x > 2, y > 2) == 1": lambda x, y: (x > 2) != (y > 2),
    "min(x, 1) + y == 3": lambda x, y: y == 2,
    "max(x, 9) + y == 11": lambda x, y: y == 2,
}


@pytest.mark.parametrize("expr", STRICT)
def test_null_in_arithmetic_is_unknown(expr: str) -> None:
    expected = [None if None in (x, y) else STRICT[expr](x, y) for x, y in product(NUMBERS, repeat=2)]  # type: ignore[arg-type]
    assert expected == over_numbers(expr)


def test_null_in_comparisons_that_are_chained() -> None:
    def chained(x: int | None, y: int | None) -> Kleene:
        left = None if x is None else x >= 3
        right = None if x is None or y is None else x <= y
        return both(left, right)

    assert [chained(x, y) for x, y in product(NUMBERS, repeat=2)] == over_numbers("3 <= x <= y")


def test_comparing_with_null_is_unknown() -> None:
    rows = list(product(NUMBERS, repeat=2))
    assert [None] * len(rows) == over_numbers("x == null")
    assert [None] * len(rows) == over_numbers("x + null > 0")
    assert [None if x is None else x == 2 for x, _ in rows] == over_numbers("x in { 2 }")
    assert [None if x is None else x != 2 for x, _ in rows] == over_numbers("x not in { 2 }")
    assert [x is None or x == 2 for x, _ in rows] == over_numbers("x in { 2 } or x is null")


def test_coalesce_of_numbers() -> None:
    rows = list(product(NUMBERS, repeat=2))
    firsts = [x if x is not None else y for x, y in rows]
    assert [None if n is None else n == 2 for n in firsts] == over_numbers("coalesce(x, y) == 2")
    assert [(7 if n is None else n) == 7 for n in firsts] == over_numbers("coalesce(x, y, 7) == 7")
    assert [n is None for n in firsts] == over_numbers("coalesce(x, y) is null")


def test_lookup_without_a_match_is_unknown() -> None:
    program = htdbu.compile_text(
        "table t { x: int null }\nlookup f(k -> v) { 1 -> 10; 2 -> 20 }\n"
        "hard r: f(x) == 10\nhard known: f(x) is not null"
    )
    report = program.check(pd.DataFrame({"x": pd.array([1, 2, 3, None], dtype="Int64")})).to_dict()
    counts = {rule["name"]: (rule["pass"], rule["fail"], rule["unknown"]) for rule in report["rules"]}
    assert (1, 1, 2) == counts["r"]
    assert (2, 2, 0) == counts["known"]


def test_texts_categories_and_dates_that_are_null() -> None:
    program = htdbu.compile_text(
        'table t { c: category ordered { "a" < "b" } null  d: date null  s: text null }\n'
        'hard r1: c <= "a"\nhard r2: c == "a" or d > 2024-01-01\nhard r3: year(d) == 2024\n'
        'hard r4: s == "x"\nhard r5: starts_with(c, "a")\nhard r6: weekday(d) == 1\n'
        "hard r7: days_between(d, 2024-01-08) == 7"
    )
    frame = pd.DataFrame({"c": ["a", "", "b"], "d": ["2024-01-01", "", ""], "s": ["x", "", "y"]}, dtype="str")
    rules = {rule.name: (rule.passed, rule.fail, rule.unknown) for rule in program.check(frame).rules}
    assert [(1, 1, 1), (1, 0, 2), (1, 0, 2), (1, 1, 1), (1, 1, 1), (1, 0, 2), (1, 0, 2)] == [
        rules[f"r{k}"] for k in range(1, 8)
    ]


def test_a_broken_cell_is_unknown_to_other_rules_and_one_outside_its_domain_is_not() -> None:
    program = htdbu.compile_text("table t { x: int in 0..9 null }\nhard small: x <= 5\nhard there: x is not null")
    frame = pd.DataFrame({"x": ["abc", "99", "", "3"]}, dtype="str")
    rules = {rule.name: rule for rule in program.check(frame).rules}
    assert [0, 1] == rules["x.domain"].rows.tolist()
    assert ([1], 2) == (rules["small"].rows.tolist(), rules["small"].unknown)
    assert [0, 2] == rules["there"].rows.tolist()
