"""Examples of rows that break rules."""

from __future__ import annotations

import numpy as np
import pandas as pd

import htdbu
from htdbu.solver import check
from htdbu.solver.broken_rows import broken_rows, examples_of

RULES = """\
table t {
  x : int in 0..9 as "the x"
  day : date null
  price : decimal(2) in 0..10 null
}
soft cheap: price <= 5
hard late: day >= 2024-01-01
hard small: x <= 5 or price is null
"""


def rows() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "the x": [1, 9, 8, 7],
            "day": pd.to_datetime(["2023-05-06", None, "2024-02-03", "2024-02-03"]),
            "price": [1.5, 6.25, 7.0, None],
        }
    )


def test_each_broken_rule_has_its_first_row_and_the_cells_that_it_reads_hard_ones_first() -> None:
    report = check(htdbu.compile_text(RULES), rows())
    expected = [
        {"rule": "small", "row": 1, "cells": {"the x": "9", "price": "6.25"}},
        {"rule": "late", "row": 0, "cells": {"day": "2023-05-06"}},
        {"rule": "cheap", "row": 1, "cells": {"price": "6.25"}},
    ]
    assert expected == broken_rows(report, 5)
    assert expected[:2] == broken_rows(report, 2)
    assert [] == broken_rows(check(htdbu.compile_text(RULES), rows().iloc[:0]), 5)


def test_hidden_rows_are_passed_over() -> None:
    program = htdbu.compile_text(RULES)
    report = check(program, rows())
    found = examples_of(program, report.data, report.rules, 5, np.array([True, True, False, False]))
    assert [("small", 2), ("cheap", 2)] == [(example["rule"], example["row"]) for example in found]


def test_a_missing_cell_is_none_and_a_derived_column_that_the_data_lack_is_left_out() -> None:
    program = htdbu.compile_text(
        "table t { a : int null b : int = coalesce(a, 0) + 1 } hard never: b > 1 or a is not null"
    )
    (found,) = broken_rows(check(program, pd.DataFrame({"a": [None, 3]})), 5)
    assert {"rule": "never", "row": 0, "cells": {"a": None}} == found
