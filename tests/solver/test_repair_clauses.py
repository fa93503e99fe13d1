"""Every clause of the language reference, section 5, in a case small enough to check by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import htdbu
from htdbu.solver import RepairResult

Cells = dict[str, Any]


def mend(columns: str, rules: str, *rows: Cells, **options: Any) -> RepairResult:
    """Repair rows of texts under a table of these columns and these rules."""
    program = htdbu.compile_text("table t {\n" + columns + "\n}\n" + rules)
    frame = pd.DataFrame([{name: str(value) for name, value in row.items()} for row in rows], dtype="str")
    result = program.repair(frame, **options)
    assert len(result.unrepaired) or 0 == program.check(result.data).hard_violations
    return result


def mended(columns: str, rules: str, row: Cells) -> tuple[Cells, float]:
    """The repaired row and its price."""
    result = mend(columns, rules, row)
    assert 0 == len(result.unrepaired)
    return dict(result.data.iloc[0]), float(result.report.objective)


def test_the_nearest_value_is_taken_and_priced_by_the_power_of_two_above_the_width() -> None:
    # 0..100 is 100 steps wide: 2**7; from 3 to 10 are 7 steps
    assert ({"a": "10"}, 1 + 7 / 128) == mended("a : int in 0..100", "hard r: a >= 10", {"a": 3})


def test_a_width_that_is_a_power_of_two_takes_the_next_one() -> None:
    assert ({"a": "10"}, 1 + 7 / 256) == mended("a : int in 0..128", "hard r: a >= 10", {"a": 3})


def test_decimals_count_in_steps_of_their_scale() -> None:
    # 0..10 with two digits: 1,000 steps, 2**10; from 1.50 to 2.25 are 75
    assert ({"a": "2.25"}, 1 + 75 / 1024) == mended("a : decimal(2) in 0..10", "hard r: a >= 2.25", {"a": "1.50"})


def test_dates_count_in_days() -> None:
    # 2024 is 365 days wide: 2**9
    row, price = mended("a : date in 2024-01-01..2024-12-31", "hard r: a >= 2024-03-01", {"a": "2024-02-28"})
    assert ({"a": "2024-03-01"}, 1 + 2 / 512) == (row, price)


def test_categories_and_bools_are_half_a_unit_away() -> None:
    levels = 'a : category { "x", "y", "z" }'
    assert ({"a": "x"}, 1.5) == mended(levels, 'hard r: a != "y"', {"a": "y"})
    ordered = 'a : category ordered { "x" < "y" < "z" }'
    assert ({"a": "x"}, 1.5) == mended(ordered, 'hard r: a <= "y"', {"a": "z"})
    assert ({"a": "false"}, 1.5) == mended("a : bool", "hard r: not a", {"a": "true"})


def test_a_filled_null_is_half_a_unit_away() -> None:
    assert ({"a": "7"}, 1.5) == mended("a : int in 7..9", "", {"a": ""})
    assert ({"a": "8"}, 1.5) == mended("a : int in 7..9 null", "hard r: a is not null and a >= 8", {"a": ""})


def test_a_broken_cell_is_half_a_unit_away() -> None:
    assert ({"a": "7"}, 1.5) == mended("a : int in 7..9", "", {"a": "abc"})
    assert ({"a": "u"}, 1.5) == mended('a : category { "u", "v" }', "", {"a": "w"})


def test_a_null_that_is_made_costs_a_hundred() -> None:
    columns = "a : int in 0..9 null\nb : int in 0..9"
    assert ({"a": "", "b": "3"}, 100.0) == mended(columns + " fixed", "hard r: a is null or b > 5", {"a": 4, "b": 3})
    assert ({"a": "4", "b": "6"}, 1 + 3 / 16) == mended(columns, "hard r: a is null or b > 5", {"a": 4, "b": 3})


def test_a_broken_cell_that_may_be_null_is_filled_all_the_same() -> None:
    assert ({"a": "0"}, 1.5) == mended("a : int in 0..9 null", "", {"a": "abc"})
    assert ({"a": ""}, 100.0) == mended("a : int in 0..9 null", "hard r: a is null", {"a": "abc"})


def test_a_number_outside_its_domain_is_measured_from_the_nearest_value_of_it() -> None:
    assert ({"a": "9"}, 1.0) == mended("a : int in 0..9", "", {"a": 1000})
    # from 9 to 7: 2 steps of 16
    assert ({"a": "7"}, 1 + 2 / 16) == mended("a : int in 0..9", "hard r: a <= 7", {"a": 1000})
    assert ({"a": "0"}, 1.0) == mended("a : int in 0..9", "", {"a": -(10**40)})
    assert ({"a": "9"}, 1.0) == mended("a : int in 0..9", "", {"a": "1e30"})


def test_a_set_as_domain_leaves_gaps() -> None:
    assert ({"a": "10"}, 1.0) == mended("a : int in { 1, 10, 20 }", "", {"a": 12})
    # 15 lies as far from 10 as from 20: the smaller one
    assert ({"a": "10"}, 1.0) == mended("a : int in { 10, 20 }", "", {"a": 15})


def test_costs_have_two_decimals_and_decide() -> None:
    columns = "a : int in 0..7 cost 1.01\nb : int in 0..7 cost 0.37"
    # either may move by 4 of 8 steps: 0.37 * 1.5
    assert ({"a": "2", "b": "6"}, 0.555) == mended(columns, "hard r: a + b == 8", {"a": 2, "b": 2})


def test_a_soft_rule_is_worth_w_small_changes() -> None:
    columns = "\n".join(f"{name} : int in 0..1023" for name in "abc")
    rules = "soft({w}) s: a == 0 or a == 5 and b == 5 and c == 5\nhard h: a != 0"
    row = {"a": 5, "b": 4, "c": 4}
    assert ({"a": "5", "b": "4", "c": "4"}, 2.0) != mended(columns, rules.format(w=3), row)
    assert ({"a": "5", "b": "5", "c": "5"}, 2 + 2 / 1024) == mended(columns, rules.format(w=3), row)


def test_a_soft_rule_that_costs_less_than_a_change_is_left_broken() -> None:
    result = mend("a : int in 0..1023", "soft(1) s: a >= 5", {"a": 4})
    assert (0, "4") == (result.report.repaired, result.data["a"].iloc[0])
    # 1 + 1/1024 is the price of the change
    assert ({"a": "5"}, 1 + 1 / 1024) == mended("a : int in 0..1023", "soft(1.01) s: a >= 5", {"a": 4})


def test_changing_a_cell_beats_paying_a_soft_rule_of_the_same_price() -> None:
    assert ({"a": "x"}, 1.5) == mended('a : category { "x", "y" }', 'soft(1.5) s: a == "x"', {"a": "y"})


def test_a_soft_rule_that_is_unknown_costs_nothing() -> None:
    columns = "a : int in 0..9 null\nb : int in 0..9"
    row, price = mended(columns, "soft(5) s: a > 3\nhard h: b > 3", {"a": "", "b": 3})
    assert ({"a": "", "b": "4"}, 1 + 1 / 16) == (row, price)


def test_the_soft_rules_that_a_repaired_row_fails_are_in_its_price() -> None:
    columns = "a : int in 0..9\nb : bool fixed\nc : bool fixed"
    row, price = mended(columns, "hard h: a > 3\nsoft(2) s: b\nsoft(4) t: c", {"a": 3, "b": "no", "c": "yes"})
    assert ({"a": "4", "b": "no", "c": "yes"}, 1 + 1 / 16 + 2) == (row, price)


def test_of_equal_repairs_the_earlier_column_changes() -> None:
    columns = "a : int in 0..9\nb : int in 0..9\nc : int in 0..9"
    row, _ = mended(columns, "hard r: a + b + c >= 10", {"a": 3, "b": 3, "c": 3})
    assert {"a": "4", "b": "3", "c": "3"} == row
    # one change costs less than two, whatever they are; the earliest that can do it alone
    row, _ = mended(columns, "hard r: a + b + c >= 10\nhard s: a <= 3", {"a": 3, "b": 3, "c": 3})
    assert {"a": "3", "b": "4", "c": "3"} == row


def test_of_equal_repairs_of_the_same_cells_the_smaller_values_win() -> None:
    assert "3" == mended("a : int in 0..9", "hard r: a != 4", {"a": 4})[0]["a"]
    assert "y" == mended('a : category { "x", "y", "z" }', 'hard r: a != "x"', {"a": "x"})[0]["a"]
    columns = 'a : category { "x", "y", "z" }\nb : category { "x", "y", "z" }'
    row, _ = mended(columns, 'hard r: a != "z" and b != "z" and not (a == "x" and b == "x")', {"a": "z", "b": "z"})
    assert {"a": "x", "b": "y"} == row
    row, _ = mended("a : bool\nb : bool", "hard r: a <=> b", {"a": "abc", "b": "abc"})
    assert ["false", "false"] == [str(row["a"]), str(row["b"])]


def test_a_null_comes_before_every_value() -> None:
    columns = 'a : category { "x", "y" } null cost 1\nb : category { "x", "y" } cost 100'
    # forgetting `a` costs as much as 100 units; of two ways at 150 the earlier column wins, and its null is first
    row, price = mended(columns, 'hard r: a is null or b == "x"', {"a": "x", "b": "y"})
    assert ({"a": "", "b": "y"}, 100.0) == (row, price)


def test_fixed_columns_keep_their_cells() -> None:
    columns = "a : int in 0..9 fixed\nb : int in 0..9"
    assert {"a": "8", "b": "2"} == mended(columns, "hard r: a + b == 10", {"a": 8, "b": 8})[0]


def test_a_row_that_no_change_can_mend_comes_back_as_it_was() -> None:
    columns = "a : int in 0..9 fixed\nb : int in 0..9 fixed\nc : int in 0..9\nd : int = c + 1"
    rules = "hard sum: a + b == 10\nhard big: a >= 5\nhard low: c <= 3"
    result = mend(columns, rules, {"a": 3, "b": 4, "c": 9, "d": 1}, {"a": 5, "b": 5, "c": 9, "d": 1})
    assert [{"row": 0, "status": "infeasible", "rules": "big, a fixed"}] == result.unrepaired.to_dict("records")
    assert [["3", "4", "9", "1"], ["5", "5", "3", "4"]] == result.data.to_numpy().tolist()
    assert (1, 1, 1) == (result.report.repaired, result.report.unrepaired, result.report.violating_after)


@pytest.mark.parametrize(
    ("cell", "reason"), [("12", "a fixed, a.domain"), ("abc", "a fixed, a.domain"), ("", "a fixed, a.null")]
)
def test_a_fixed_cell_that_is_wrong_by_itself_cannot_be_mended(cell: str, reason: str) -> None:
    result = mend("a : int in 0..9 fixed", "", {"a": cell})
    assert [{"row": 0, "status": "infeasible", "rules": reason}] == result.unrepaired.to_dict("records")
    assert [cell] == result.data["a"].tolist()


def test_derived_columns_follow_and_cost_nothing() -> None:
    columns = "a : int in 0..9\nb : int = 2 * a\nc : int = b + 1"
    assert ({"a": "5", "b": "10", "c": "11"}, 1 + 2 / 16) == mended(
        columns, "hard r: c >= 11", {"a": 3, "b": 6, "c": 7}
    )


def test_a_derived_cell_alone_that_is_wrong_is_computed_anew_for_nothing() -> None:
    result = mend("a : int in 0..9\nb : int = 2 * a", "hard r: b <= 18", {"a": 3, "b": 17}, {"a": 4, "b": 8})
    assert [["3", "6"], ["4", "8"]] == result.data.to_numpy().tolist()
    report = result.report.to_dict()
    assert (1, 1, 0.0, 0) == (report["repaired"], report["optimal"], report["objective"], report["engine"]["cp-sat"])
    assert ["b.derived"] == result.changes["rules"].tolist()


def test_a_derived_column_that_the_data_lack_is_made() -> None:
    result = mend("a : int in 0..9\nb : int = 2 * a", "hard r: b <= 10", {"a": 3}, {"a": 7})
    assert [["3", "6"], ["5", "10"]] == result.data.to_numpy().tolist()
    assert ["a"] == result.changes["column"].tolist()


def test_a_derived_columns_own_domain_and_null_are_rules_for_its_operands() -> None:
    columns = "a : int in 0..9\nb : int in 0..10 = 2 * a"
    assert {"a": "5", "b": "10"} == mended(columns, "", {"a": 7, "b": 14})[0]
    columns = "a : int in 4..9 null\nb : int = 2 * a"
    assert {"a": "4", "b": "8"} == mended(columns, "", {"a": "", "b": ""})[0]


def test_a_fixed_derived_column_holds_its_operands() -> None:
    columns = "a : int in 0..9\nb : int in 0..9\nc : int fixed = a + b"
    assert {"a": "2", "b": "5", "c": "7"} == mended(columns, "", {"a": 3, "b": 5, "c": 7})[0]


@pytest.mark.parametrize(("quarters", "rounded"), [(2, "0"), (6, "2"), (10, "2"), (7, "2"), (-2, "0"), (-6, "-2")])
def test_derived_values_are_rounded_half_even(quarters: int, rounded: str) -> None:
    columns = "a : int in -100..100\nb : int = a / 4"
    assert {"a": str(quarters), "b": rounded} == mended(columns, "", {"a": quarters, "b": "77"})[0]


def test_rounding_half_even_binds_a_repair() -> None:
    # 10 / 4 = 2.5 is rounded to 2; 11 / 4 to 3
    assert "11" == mended("a : int in 0..100\nb : int = a / 4", "hard r: b >= 3", {"a": 5})[0]["a"]
    assert "6" == mended("a : int in 0..100\nb : int = a / 4", "hard r: b >= 2", {"a": 5})[0]["a"]


def test_products_of_two_columns() -> None:
    columns = "a : int in 1..50\nb : int in 1..50"
    assert {"a": "7", "b": "9"} == mended(columns, "hard r: a * b >= 60", {"a": 6, "b": 9})[0]


def test_quotients_of_two_columns() -> None:
    columns = "a : decimal(2) in 0..100\nb : decimal(2) in 1..100"
    row, _ = mended(columns, "hard r: a / b <= 0.35", {"a": "10.00", "b": "20.00"})
    assert {"a": "7.00", "b": "20.00"} == row


def test_pieces_of_a_ceiling() -> None:
    columns = "age : int in 16..95 fixed\nincome : decimal(2) in 0..2_000_000"
    rules = "def top(a) = case { a < 25 -> 40_000; a < 40 -> 120_000; else -> 500_000 }\nhard r: income <= top(age)"
    for age, income in [(20, "40000.00"), (39, "120000.00"), (40, "500000.00")]:
        assert income == mended(columns, rules, {"age": age, "income": "2000000.00"})[0]["income"]


def test_lookups_and_calendars() -> None:
    columns = 'c : category { "n", "s" } fixed\nd : date in 2020-01-01..2022-12-31'
    rules = 'lookup first(k -> m) { "n" -> 3; "s" -> 9 }\nhard r: month(d) == first(c)'
    assert "2021-03-01" == mended(columns, rules, {"c": "n", "d": "2021-02-20"})[0]["d"]
    assert "2020-09-30" == mended(columns, rules, {"c": "s", "d": "2020-11-02"})[0]["d"]


def test_a_decimal_a_billion_wide() -> None:
    columns = "a : decimal(2) in 0..1_000_000_000\nb : decimal(2) in 0..1_000_000_000"
    row, price = mended(columns, "hard r: a + b == 1_000_000_000", {"a": "999999999.99", "b": "999999999.99"})
    assert ({"a": "0.01", "b": "999999999.99"}, 1 + 99_999_999_998 / 2**37) == (row, price)


def test_columns_without_a_bound() -> None:
    row, _ = mended("a : decimal(2)\nb : decimal(2)", "hard r: a + b == 0", {"a": "5.00", "b": "1000000000.00"})
    assert {"a": "-1000000000.00", "b": "1000000000.00"} == row


def test_texts_become_a_literal_or_a_text_of_their_own() -> None:
    assert "text-1" == mended("a : text", "", {"a": ""})[0]["a"]
    rules = 'hard r: a in { "x", "y" }'
    assert "x" == mended("a : text", rules, {"a": "q"})[0]["a"]
    result = mend("a : text key\nb : text", "", {"a": "text-1", "b": "u"}, {"a": "", "b": ""}, {"a": "", "b": "w"})
    assert [["text-1", "u"], ["text-2", "text-4"], ["text-3", "w"]] == result.data.to_numpy().tolist()


def test_a_text_that_stays_is_never_taken_for_another_cells() -> None:
    rules = 'hard named: a != b\nhard q: b != "dull"'
    result = mend("a : text null\nb : text", rules, {"a": "x", "b": "x"}, {"a": "y", "b": ""})
    assert [["dull", "x"], ["y", "text-1"]] == result.data.to_numpy().tolist()


def test_texts_of_a_pool_follow_their_label() -> None:
    columns = 's : category { "good", "bad" }\nn : text from notes by s\nd : bool fixed'
    rows = [
        {"s": "good", "n": "fine", "d": "no"},
        {"s": "bad", "n": "awful", "d": "yes"},
        {"s": "good", "n": "great", "d": "yes"},
        {"s": "good", "n": "", "d": "no"},
    ]
    result = mend(columns, 'hard r: d => s == "bad"', *rows)
    assert ["fine", "awful", "awful"] == result.data["n"].tolist()[:3]
    assert result.data["n"].iloc[3] in ("fine", "great")
    assert ["bad", "good"] == [result.data["s"].iloc[2], result.data["s"].iloc[3]]


def test_prices_beyond_double_precision_are_compared_exactly() -> None:
    # 2 * 10**15 steps: prices go beyond 2**53; a step more or less is a price of 2**-51
    columns = "a : decimal(6)\nb : decimal(6)"
    rules = "hard r: a + b == 0"
    row, _ = mended(columns, rules, {"a": "-900000000.000000", "b": "899999999.999998"})
    assert {"a": "-899999999.999998", "b": "899999999.999998"} == row
    row, _ = mended(columns, f"{rules}\nhard s: a <= -899_999_999.999999", {"a": "-900000000.0", "b": "899999999.0"})
    assert {"a": "-900000000.0", "b": "900000000.000000"} == row


def test_a_block_of_more_columns_than_a_double_has_bits() -> None:
    names = [f"f{i}" for i in range(60)]
    columns = "\n".join(f"{name} : bool" for name in names)
    cells = {name: "1" if i in (7, 20, 33, 41, 59) else "0" for i, name in enumerate(names)}
    row, price = mended(columns, f"hard r: count({', '.join(names)}) <= 3", cells)
    assert 3.0 == price
    assert [33, 41, 59] == [i for i, name in enumerate(names) if row[name] == "1"]


def test_datetimes_count_in_seconds() -> None:
    columns = "a : datetime in 2024-01-01T00:00:00..2024-01-01T23:59:59\nb : datetime fixed"
    cells = {"a": "2024-01-01T10:00:00", "b": "2024-01-01T10:00:30"}
    row, price = mended(columns, "hard r: a >= b", cells)
    assert ("2024-01-01T10:00:30", 1 + 30 / 2**17) == (row["a"], price)
