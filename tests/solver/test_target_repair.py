"""Repair with targets: the least price of all valid tables that meet them, by trying every one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import htdbu
from htdbu.compiler.program import Target
from htdbu.solver.selection import choice
from tests.solver import oracle

TABLE = """
table t {
  a : int in 0..3 null
  b : bool
  c : category { "x", "y", "z" } cost 0.5
}
"""
RULES = [
    "",
    "hard h: b => a >= 2",
    'forbid h: c == "x" and not b',
    'hard h: a is null or a <= 2\nsoft(2.25) s: c != "z"',
    'hard h: c == "y" <=> a == 1\nsoft s: b',
]
TARGETS = [
    "share(b) >= 60%",
    "share(b) in 20%..50%",
    "share(a >= 2) == 50% within 10%",
    'share(b given c == "x") >= 75%',
    "share(a > 1 given b) <= 40%",
    'dist(c) ~ { "x": 50%, "y": 50% } within 20%',
    'dist(b, c) ~ { (true, "x"): 40%, (false, "y"): 30%, (false, "z"): 30% } within 30%',
    "dist(a given not b) ~ { 0..1: 50%, 3: 50% } within 25%",
    "min(a) >= 1",
    "max(a given b) in 1..2",
]
Row = Mapping[str, Any]


def contribution(program: htdbu.Program, target: Target, row: Row) -> Any:
    """What a row adds to a target; None where it does not count."""
    if target.given is not None and oracle.evaluate(program, target.given, row) is not True:
        return None
    if target.condition is not None:
        return oracle.evaluate(program, target.condition, row)
    values = tuple(row[name] for name in target.columns)
    return None if None in values else values


def holds(target: Target, parts: Sequence[Any]) -> bool:
    """Whether what all rows add meets a target."""
    known = [part for part in parts if part is not None]
    if not known:
        return False
    if target.measure == "share":
        value = Fraction(sum(known), len(known))
    elif target.measure == "dist":
        value = distance(target, known)
    else:
        value = Fraction((min if target.measure == "min" else max)(part[0] for part in known))
    low, high = (None if end is None else Fraction(str(end.value)) for end in (target.low, target.high))
    return (low is None or value >= low) and (high is None or value <= high)


def distance(target: Target, known: Sequence[tuple[Any, ...]]) -> Fraction:
    counts, gap = Counter(known), Fraction(0)
    for share in target.shares or ():
        inside = [key for key in counts if all(map(covers, share.values, key))]
        gap += abs(Fraction(sum(counts.pop(key) for key in inside), len(known)) - Fraction(share.share))
    return (gap + Fraction(sum(counts.values()), len(known))) / 2


def covers(part: Any, value: Any) -> bool:
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return bool(Fraction(str(part.low)) <= value <= Fraction(str(part.high)))
    return str(part.low) == (str(value).lower() if isinstance(value, bool) else value)


def least(program: htdbu.Program, rows: Sequence[Row]) -> Fraction | None:
    """The least price of a valid table that meets every target; None where there is none."""
    every = [dict(zip("abc", cells, strict=True)) for cells in product(*map(oracle.values_of, program.columns))]
    valid = [row for row in every if oracle.is_valid(program, row)]
    adds = [tuple(contribution(program, target, row) for target in program.targets) for row in valid]
    tables: dict[tuple[Any, ...], Fraction] = {(): Fraction(0)}
    for before in rows:
        cheapest: dict[Any, Fraction] = {}
        for row, added in zip(valid, adds, strict=True):
            price = oracle.price(program, before, row)
            cheapest[added] = min(price, cheapest.get(added, price))
        longer: dict[tuple[Any, ...], Fraction] = {}
        for (parts, paid), (added, price) in product(tables.items(), cheapest.items()):
            key = tuple(sorted((*parts, added), key=repr))
            longer[key] = min(paid + price, longer.get(key, paid + price))
        tables = longer
    fine = (
        price
        for parts, price in tables.items()
        if all(holds(target, [part[k] for part in parts]) for k, target in enumerate(program.targets))
    )
    return min(fine, default=None)


cells = st.tuples(st.sampled_from([None, 0, 1, 2, 3]), st.booleans(), st.sampled_from("xyz"))


def compiled(rules: str, targets: Sequence[str]) -> htdbu.Program:
    stated = "\n".join(f"target t{k}: {text}" for k, text in enumerate(targets))
    return htdbu.compile_text(f"{TABLE}\n{rules}\n{stated}")


def table_of(rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    texts = [("" if a is None else str(a), str(b).lower(), c) for a, b, c in rows]
    return pd.DataFrame(texts, columns=list("abc"), dtype="str")


def row_of(texts: Sequence[str]) -> dict[str, Any]:
    a, b, c = texts
    return {"a": None if a == "" else Fraction(a), "b": b == "true", "c": c}


def agrees(rules: str, targets: Sequence[str], rows: Sequence[tuple[Any, ...]], proved: bool = True) -> None:
    program = compiled(rules, targets)
    frame = table_of(rows)
    result = program.repair(frame, targets=True, threads=1)
    plain = [row_of(cells) for cells in frame.itertuples(index=False)]
    expected = least(program, plain)
    report = program.check(result.data)
    assert 0 == report.hard_violations
    assert [one.met for one in report.targets] == [one.met for one in result.report.targets or ()]
    if expected is None:
        assert result.report.unmet
    else:
        assert () == result.report.unmet
        after = [row_of(cells) for cells in result.data.itertuples(index=False)]
        price = sum(oracle.price(program, *pair) for pair in zip(plain, after, strict=True))
        if result.report.warnings and not proved:
            assert expected <= price
        else:
            assert (expected, ()) == (price, result.report.warnings)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(RULES),
    st.lists(st.sampled_from(TARGETS), min_size=1, max_size=2, unique=True),
    st.lists(cells, min_size=1, max_size=4),
)
def test_the_price_is_the_least_of_all_tables_that_meet_the_targets(
    rules: str, targets: list[str], rows: list[tuple[Any, ...]]
) -> None:
    agrees(rules, targets, rows)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(RULES),
    st.lists(st.sampled_from(TARGETS), min_size=1, max_size=2, unique=True),
    st.lists(cells, min_size=1, max_size=4),
    st.sampled_from([1, 6, 12]),
)
def test_what_is_called_proved_among_some_moves_is_the_least_of_all(
    rules: str, targets: list[str], rows: list[tuple[Any, ...]], many: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choice, "FEW", 1)
        patch.setattr(choice, "MANY", many)
        agrees(rules, targets, rows, proved=False)


ROWS = [(0, False, "x"), (1, True, "y"), (3, False, "z"), (2, False, "x"), (None, False, "y")]


def test_nothing_changes_where_targets_are_met() -> None:
    program, frame = compiled("", ["share(b) >= 20%"]), table_of(ROWS).replace("", "0")
    result = program.repair(frame, targets=True)
    assert frame.equals(result.data)
    assert program.repair(frame).report.to_dict().keys() | {"targets"} == result.report.to_dict().keys()


def test_of_equal_prices_later_rows_change() -> None:
    result = compiled("", ["share(b) >= 60%"]).repair(table_of(ROWS), targets=True)
    assert ["false", "true", "false", "true", "true"] == result.data["b"].tolist()


def test_the_result_depends_on_no_number_of_threads() -> None:
    program = compiled("hard h: b => a >= 2", ["share(b) == 50% within 2%", 'dist(c) ~ { "x": 100% } within 60%'])
    frame = table_of([*ROWS, *ROWS[::-1]] * 6)
    one, other, again = (program.repair(frame, targets=True, threads=n) for n in (1, 2, 1))
    assert one.data.equals(other.data)
    assert one.data.equals(again.data)
    assert () == one.report.unmet


def test_targets_that_cannot_be_met_are_named_and_the_others_met() -> None:
    targets = ["share(b) >= 60%", "share(b) <= 50%", "max(a) <= 2", "mean(a) >= 3"]
    report = compiled("", targets).repair(table_of(ROWS), targets=True).report
    assert ("t1", "t3") == report.unmet
    assert any("`t1`" in warning for warning in report.warnings)


def test_no_row_changes_for_a_target_that_cannot_be_met() -> None:
    program = compiled("hard h: not b", ["share(b) >= 1%"])
    result = program.repair(table_of(ROWS), targets=True)
    assert ("t0",) == result.report.unmet
    assert program.repair(table_of(ROWS)).data.equals(result.data)


def test_an_empty_table_meets_nothing() -> None:
    result = compiled("", ["share(b) >= 0%"]).repair(table_of([]), targets=True)
    assert (("t0",), 0) == (result.report.unmet, len(result.data))


@pytest.mark.parametrize(
    "text",
    [
        "mean(a) >= 2.5",
        "sum(a) <= 3",
        "mean(a given not b) == 2 within 0.5",
        "quantile(a, 0.5) >= 2",
        "quantile(a, 0.9) <= 1",
        "min(a) in 2..3",
    ],
)
def test_amounts_and_quantiles_are_met(text: str) -> None:
    program = compiled("hard h: b => a >= 2", [text])
    result = program.repair(table_of(ROWS), targets=True)
    report = program.check(result.data)
    assert (0, [True]) == (report.hard_violations, [one.met for one in report.targets])


@pytest.mark.parametrize(
    "text", ["sum(n) == 777.77 within 0", "mean(n) == 40.01 within 0", "sum(n) == 100.03 within 0"]
)
def test_sums_are_met_to_the_step(text: str) -> None:
    program = htdbu.compile_text(f"table t {{ n: decimal(2) in 0..100 }}\nhard h: n <= 90\ntarget goal: {text}")
    values = [f"{(37 * k) % 90}.{k:02}" for k in range(10)]
    report = program.repair(pd.DataFrame({"n": values}), targets=True).report
    assert ((), 0) == (report.unmet, report.violating_after)


def test_fixed_and_derived_columns_take_part() -> None:
    program = htdbu.compile_text("""
        table t { a: int in 0..9  f: int in 0..9 fixed  s: int = a + f }
        target high: share(s >= 10) >= 75%
    """)
    result = program.repair(pd.DataFrame({"a": [0, 1, 2, 3], "f": [0, 2, 5, 9]}), targets=True)
    assert [[0, 8, 5, 3], [0, 2, 5, 9], [0, 10, 10, 12]] == [result.data[name].tolist() for name in "afs"]


def test_the_real_distribution_is_approached() -> None:
    program = compiled("", ["dist(c) ~ real within 5%"])
    real = table_of([(0, True, c) for c in "xyzz"])
    frame = table_of([(0, True, "x")] * 20)
    assert [True] == [one.met for one in program.repair(frame, targets=True, real=real).report.targets or ()]
    unjudged = program.repair(frame, targets=True).report
    assert ([None], ()) == ([one.met for one in unjudged.targets or ()], unjudged.unmet)
    assert any("real rows" in warning for warning in unjudged.warnings)


@pytest.mark.slow
def test_a_large_table_takes_seconds() -> None:
    rng = np.random.default_rng(0)
    program = compiled("hard h: b => a >= 2", ["share(b) >= 60%"])
    a, b, c = rng.integers(0, 4, 50_000), rng.random(50_000) < 0.3, rng.choice(list("xyz"), 50_000)
    report = program.repair(pd.DataFrame({"a": a, "b": b, "c": c}), targets=True).report
    assert ((), ()) == (report.unmet, tuple(note for note in report.warnings if "engine" not in note))
    assert report.seconds < 60
