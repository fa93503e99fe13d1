"""Targets: exact measures over the rows that count, and their verdicts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

import htdbu

TABLE = """
table t {
  a: int null  d: decimal(2) in 0..100 null  b: bool null  c: category { "x", "y", "z" } null
  day: date in 2020-01-01..2030-12-31 null  at: datetime in 2020-01-01T00:00:00..2021-01-01T00:00:00 null
}
"""


def frame(**columns: list[Any]) -> pd.DataFrame:
    n = max((len(cells) for cells in columns.values()), default=0)
    blank: dict[str, list[Any]] = {name: [""] * n for name in ("a", "d", "b", "c", "day", "at")}
    return pd.DataFrame(blank | {k: [str(cell) for cell in v] for k, v in columns.items()}, dtype="str")


def target(text: str, data: pd.DataFrame, real: pd.DataFrame | None = None) -> tuple[Any, Any, Any, Any]:
    """Value, low, high, met."""
    found = htdbu.compile_text(f"{TABLE}\ntarget goal: {text}").check(data, real=real).to_dict()["targets"]
    assert ["goal"] == [one["name"] for one in found]
    return found[0]["value"], found[0]["low"], found[0]["high"], found[0]["met"]


SEVEN = frame(a=[1, 2, 3, 4, "", "x", 10], b=["t", "f", "t", "", "f", "f", "t"], c=[*"xxyyz", "", "x"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("share(b) in 40%..60%", (0.5, 0.4, 0.6, True)),
        ("share(b) >= 50%", (0.5, 0.5, None, True)),
        ("share(b) <= 49%", (0.5, None, 0.49, False)),
        ("share(b) == 50% within 0%", (0.5, 0.5, 0.5, True)),
        ("share(b) == 45% within 5%", (0.5, 0.4, 0.5, True)),
        ("share(not b) in 0..1", (0.5, 0.0, 1.0, True)),
        ('share(c == "x") in 0..1', (0.5, 0.0, 1.0, True)),
        ("share(a > 2) in 0..1", (0.6, 0.0, 1.0, True)),
        ('share(a > 2 given c == "x") in 0..1', (1 / 3, 0.0, 1.0, True)),
        ("share(b given a is null) in 0..1", (0.0, 0.0, 1.0, True)),
        ("mean(a) in 4..4", (4.0, 4.0, 4.0, True)),
        ("mean(a given b) in 0..4", (14 / 3, 0.0, 4.0, False)),
        ("min(a) >= 1", (1.0, 1.0, None, True)),
        ("max(a) <= 9", (10.0, None, 9.0, False)),
        ("sum(a) == 20 within 0", (20.0, 20.0, 20.0, True)),
        ("sum(a given not b) in 0..5", (2.0, 0.0, 5.0, True)),
        ("min(a given a > 3) in 4..4", (4.0, 4.0, 4.0, True)),
    ],
)
def test_measures_leave_out_what_is_unknown(text: str, expected: tuple[Any, ...]) -> None:
    assert expected == target(text, SEVEN)


@pytest.mark.parametrize(
    "text",
    [
        "share(b given a > 99) in 0..1",
        "mean(a given a > 99) in 0..1",
        "min(a given a > 99) in 0..1",
        "max(a given a > 99) in 0..1",
        "sum(a given a > 99) in 0..1",
        "quantile(a, 0.5 given a > 99) in 0..1",
        "mean(d) in 0..1",
    ],
)
def test_over_no_row_a_value_is_null_and_unmet(text: str) -> None:
    assert (None, 0.0, 1.0, False) == target(text, SEVEN)
    assert (None, 0.0, 1.0, False) == target(text, frame())


def test_a_distribution_over_no_row() -> None:
    text = 'dist(c given a > 99) ~ { "x": 50%, "y": 50% } within 1%'
    assert (None, False) == (target(text, SEVEN)[0], target(text, SEVEN)[3])
    assert (None, False) == (target("dist(c) ~ real within 1%", frame(), SEVEN)[0::3])
    assert (None, False) == (target("dist(c) ~ real within 1%", SEVEN, frame())[0::3])


@pytest.mark.parametrize("q", ["0", "0.1", "0.25", "0.5", "0.75", "0.9", "0.333", "1"])
def test_quantiles_are_of_type_7(q: str) -> None:
    cells = ["5.25", "1.10", "9.99", "3.00", "3.00", "7.77"]
    value = target(f"quantile(d, {q}) in 0..100", frame(d=[*cells, "", "x"]))[0]
    assert pytest.approx(float(np.quantile([float(cell) for cell in cells], float(q), method="linear"))) == value
    ordered = sorted(Fraction(cell) for cell in cells)
    place = Fraction(q) * 5
    below = int(place)
    exact = ordered[below] + (place - below) * (ordered[min(below + 1, 5)] - ordered[below])
    assert float(exact) == value


def test_verdicts_are_exact_at_their_bounds() -> None:
    tenths = frame(d=["0.10", "0.20"])
    assert (0.3, 0.3, 0.3, True) == target("sum(d) in 0.3..0.3", tenths)
    assert target("mean(d) == 0.15 within 0", tenths)[3]
    assert not target("mean(d) >= 0.1500000000000000000001", tenths)[3]
    thirds = frame(b=["t", "f", "f"])
    assert not target("share(b) >= 0.33333333333333333334", thirds)[3]
    assert target("share(b) >= 0.33333333333333333333", thirds)[3]
    assert (0.15, 0.15, None, True) == target("quantile(d, 0.5) >= 0.15", tenths)


def test_huge_numbers_are_summed_exactly() -> None:
    data = frame(a=[10**30, 1, -(10**30)])
    assert (1.0, 1.0, 1.0, True) == target("sum(a) in 1..1", data)
    assert (1.0, 1.0, 1.0, True) == target("quantile(a, 0.5) in 1..1", data)
    assert 1e30 == target("max(a) >= 0", data)[0]


def test_one_row() -> None:
    one = frame(a=[7], b=["yes"], c=["y"])
    for measure in ("mean(a)", "min(a)", "max(a)", "sum(a)", "quantile(a, 0.3)"):
        assert (7.0, 7.0, 7.0, True) == target(f"{measure} in 7..7", one)
    assert (1.0, 1.0, 1.0, True) == target("share(b) in 1..1", one)
    assert 0.5 == target('dist(c) ~ { "x": 50%, "y": 50% } within 50%', one)[0]


def test_dates_are_measured_as_dates() -> None:
    data = frame(day=["2024-01-01", "2024-01-03", "", "2024-01-11"])
    assert ("2024-01-01", "2024-01-01", None, True) == target("min(day) >= 2024-01-01", data)
    assert ("2024-01-11", None, "2024-01-10", False) == target("max(day) <= 2024-01-10", data)
    assert ("2024-01-03", "2024-01-03", "2024-01-03", True) == target("quantile(day, 0.5) == 2024-01-03 within 0", data)
    expected = ("2024-01-03", "2024-01-01", "2024-01-31", True)
    assert expected == target("quantile(day, 0.5) in 2024-01-01..2024-01-31", data)
    assert (None, "2024-01-01", None, False) == target("min(day given a > 0) >= 2024-01-01", data)


def test_moments_are_measured_as_moments() -> None:
    data = frame(at=["2020-05-01T00:00:00", "2020-05-01T00:00:10"])
    text = "quantile(at, 0.5) in 2020-05-01T00:00:05..2020-05-01T00:00:06"
    assert ("2020-05-01T00:00:05", "2020-05-01T00:00:05", "2020-05-01T00:00:06", True) == target(text, data)


@pytest.mark.parametrize(
    ("text", "value", "met"),
    [
        ('dist(c) ~ { "x": 50%, "y": 33%, "z": 17% } within 1%', 1 / 300, True),
        ('dist(c) ~ { "x": 50%, "y": 50% } within 16%', 1 / 6, False),
        ('dist(c) ~ { "x": 50%, "y": 50% } within 17%', 1 / 6, True),
        ('dist(c) ~ { "z": 100% } within 10%', 5 / 6, False),
        ('dist(c given b) ~ { "x": 100% } within 50%', 1 / 3, True),
        ("dist(b) ~ { true: 50%, false: 50% } within 0%", 0.0, True),
        ('dist(b, c) ~ { (true, "x"): 60%, (false, "x"): 20%, (true, "y"): 20% } within 25%', 0.2, True),
    ],
)
def test_distances_of_distributions(text: str, value: float, met: bool) -> None:
    found = target(text, SEVEN)
    assert pytest.approx(value, abs=1e-12) == found[0]
    assert met is found[3]


def test_a_distribution_over_a_range() -> None:
    rules = "table t { n: int in 1..4 }\ntarget goal: dist(n) ~ { 1: 25%, 2: 25%, 3: 50% } within 25%"
    found = htdbu.compile_text(rules).check(pd.DataFrame({"n": [1, 2, 4, 4]})).to_dict()["targets"][0]
    assert (0.5, False) == (found["value"], found["met"])


def test_a_huge_cell_is_no_other_value_of_a_distribution() -> None:
    rules = "table t { n: int in 0..4 }\ntarget goal: dist(n) ~ { 0: 100% } within 10%"
    data = pd.DataFrame({"n": pd.Series([0, 10**30], dtype=object)})
    assert 0.5 == htdbu.compile_text(rules).check(data).to_dict()["targets"][0]["value"]


def test_a_distribution_like_the_real_one() -> None:
    real = frame(b=["t", "t", "f", "f"], c=["x", "y", "x", ""])
    assert (0.0, True) == target("dist(b) ~ real within 0%", SEVEN, real)[0::3]
    value, _, high, met = target("dist(c) ~ real within 20%", SEVEN, real)
    assert pytest.approx(1 / 6) == value
    assert (0.2, True) == (high, met)
    both = target("dist(b, c) ~ real within 20%", SEVEN, real)[0]
    here = {"tx": Fraction(2, 5), "fx": Fraction(1, 5), "ty": Fraction(1, 5), "fz": Fraction(1, 5)}
    there = {"tx": Fraction(1, 3), "ty": Fraction(1, 3), "fx": Fraction(1, 3)}
    keys = here.keys() | there.keys()
    assert float(sum(abs(here.get(k, Fraction(0)) - there.get(k, Fraction(0))) for k in keys) / 2) == both
    given = target("dist(c given b) ~ real within 50%", SEVEN, real)[0]
    assert float(Fraction(1, 6)) == given


def test_without_real_data_a_target_is_not_judged() -> None:
    value, _, high, met = target("dist(c) ~ real within 1%", SEVEN)
    assert (None, None) == (value, met)
    assert 0.01 == high


def test_targets_never_make_a_row_violating() -> None:
    rules = f"{TABLE}\ntarget goal: share(b) >= 99%"
    found = htdbu.compile_text(rules).check(frame(b=["t", "f"]))
    assert (0, [False]) == (found.hard_violations, [one.met for one in found.targets])


def test_decimals_of_the_data_are_read_exactly() -> None:
    data = frame(d=["0"]).assign(d=pd.Series([Decimal("12.34")], dtype=object))
    assert (12.34, 12.34, 12.34, True) == target("mean(d) in 12.34..12.34", data)
