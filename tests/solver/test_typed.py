"""Raw tables as typed columns under the program's names."""

from __future__ import annotations

import pandas as pd

import htdbu
from htdbu.solver import typed_frame

TABLE = """table t {
  n: int as "N" null
  d: decimal(2) null
  f: bool null
  c: category ordered { "lo" < "hi" } null
  t: date null
  m: datetime null
  s: text null
  q: decimal(1) null = d / 2
}"""

RAW = pd.DataFrame(
    {
        "other": ["1", "2", "3"],
        "s": ["a", "", "b"],
        "N": ["7", "", "x"],
        "d": ["1.255", "null", "y"],
        "f": ["yes", "NA", "maybe"],
        "c": ["hi", "", "?"],
        "t": ["2024-02-29", "", "2024-02-30"],
        "m": ["2024-02-29 12:00:01", "", "noon"],
    }
)


def test_types_and_names() -> None:
    typed = typed_frame(htdbu.compile_text(TABLE), RAW)
    assert list("ndfctmsq") == list(typed.columns)
    types = ["Int64", "float64", "boolean", "category", "datetime64[s]", "datetime64[s]", "object", "float64"]
    assert types == [str(dtype) for dtype in typed.dtypes]
    assert (["lo", "hi"], True) == (list(typed["c"].cat.categories), typed["c"].cat.ordered)


def test_values_nulls_and_broken_cells() -> None:
    typed = typed_frame(htdbu.compile_text(TABLE), RAW)
    first = [7, 1.26, True, "hi", pd.Timestamp("2024-02-29"), pd.Timestamp("2024-02-29 12:00:01"), "a", 0.6]
    assert first == typed.iloc[0].tolist()
    assert typed.iloc[1].isna().all()
    assert ["s"] == list(typed.columns[typed.iloc[2].notna()])


def test_numbers_beyond_64_bits() -> None:
    program = htdbu.compile_text("table t { n: int  d: decimal(2) }")
    cells = [str(2**62), str(-(2**63)), str(2**63), "1" + "0" * 30]
    typed = typed_frame(program, pd.DataFrame({"n": cells, "d": cells}))
    assert [2**62, -(2**63), None, None] == [None if pd.isna(n) else n for n in typed["n"]]
    assert [float(cell) for cell in cells] == typed["d"].tolist()


def test_no_rows() -> None:
    typed = typed_frame(htdbu.compile_text(TABLE), RAW.iloc[:0])
    assert (0, 8) == typed.shape


def test_derived_columns_that_a_repair_makes_have_the_type_of_their_kind() -> None:
    program = htdbu.compile_text("""table t {
      a: int in 0..9 null  d: date
      n: int null = 2 * a  half: decimal(1) null = a / 2  late: bool null = a > 5  next: date = d + 1
      c: category { "few", "many" } null = if a > 5 then "many" else "few"
    }""")
    days = pd.to_datetime(["2024-01-01", "2024-12-31"])
    made = program.repair(pd.DataFrame({"a": [2, 8], "d": days})).data
    assert ["int64", "float64", "bool", "datetime64[s]"] == [
        str(made[name].dtype) for name in ("n", "half", "late", "next")
    ]
    assert [4, 1.0, False, pd.Timestamp("2024-01-02"), "few"] == made.iloc[0, 2:].tolist()
    made = program.repair(pd.DataFrame({"a": pd.array([None, 8], dtype="Int64"), "d": days})).data
    assert ["Int64", "float64", "boolean"] == [str(made[name].dtype) for name in ("n", "half", "late")]
    assert [True] * 3 + [False, True] == made.iloc[0, 2:].isna().tolist()
