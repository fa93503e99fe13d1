"""Repair of keys, unique tuples and functional dependencies in tables as they are met."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import htdbu
from htdbu.solver.groups.lone import Free
from htdbu.solver.repair import RepairResult
from tests.solver.streaming.same import assert_same_repair


def mended(text: str, **columns: Any) -> RepairResult:
    program = htdbu.compile_text(text)
    result = program.repair(pd.DataFrame(columns))
    assert program.check(result.data).hard_violations == len(result.unrepaired)
    return result


def test_the_later_row_of_two_moves_to_the_nearest_free_key() -> None:
    result = mended("table t { id : int in 1..100 key }", id=[5, 5, 4, 6])
    assert result.data["id"].tolist() == [5, 3, 4, 6]
    assert result.changes.to_dict("records") == [
        {"row": 1, "column": "id", "before": 5, "after": 3, "rules": "key(id)"}
    ]
    assert (result.report.optimal, result.report.engine["cp-sat"]) == (1, 1)


def test_a_key_of_texts_gets_a_new_text() -> None:
    result = mended("table t { id : text key }", id=["x", "x", "text-1", "x"])
    assert result.data["id"].tolist() == ["x", "text-2", "text-1", "text-3"]


def test_missing_keys_are_filled_with_different_values() -> None:
    result = mended("table t { id : int in 1..9 key }", id=pd.array([None, 2, None, None], "Int64"))
    assert result.data["id"].tolist() == [1, 2, 3, 4]


def test_a_row_that_holds_its_place_makes_room_where_that_is_cheaper() -> None:
    text = "table t { a : int in 1..9 key\n b : int in 1..9 fixed }\nhard near: a <= b and a >= b - 1"
    result = mended(text, a=[5, 5, 6], b=[5, 6, 7])
    assert result.data["a"].tolist() == [4, 5, 6]  # the first row can go down, the second could only go up
    result = mended(text, a=[1, 1, 2], b=[1, 2, 3])
    assert result.data["a"].tolist() == [1, 2, 3]
    assert result.changes["rules"].tolist() == ["key(a)", "key(a)"]


def test_most_rows_of_an_fd_decide() -> None:
    text = 'table t { town : category { "A", "B", "C" }\n zip : int in 1..9 fixed }\nfd zip -> town'
    result = mended(text, town=["A", "B", "A", "C", "C"], zip=[1, 1, 1, 2, 2])
    assert result.data["town"].tolist() == ["A", "A", "A", "C", "C"]


def test_many_rows_that_differ_from_most_are_each_proved() -> None:
    text = "table t { zip : text fixed\n town : text }\nfd zip -> town"
    towns = ["Rom"] * 900 + ["Roma"] * 60
    result = mended(text, zip=["1"] * 960, town=towns)
    assert result.data["town"].tolist() == ["Rom"] * 960
    assert (result.report.optimal, result.report.feasible) == (60, 0)


def test_nulls_are_left_out_and_never_made_for_it() -> None:
    result = mended("table t { a : int in 1..9 null\n b : int in 1..9 }\nunique (a, b)", a=[None, None, 1], b=[1, 1, 1])
    assert result.report.repaired == 0
    result = mended("table t { a : int in 1..9 null\n b : int in 1..9 fixed }\nunique (a, b)", a=[1, 1], b=[1, 1])
    assert result.data["a"].tolist() == [1, 2]


def test_fixed_rows_that_clash_come_back_with_the_reason() -> None:
    result = mended("table t { id : int in 1..9 key fixed\n v : int in 0..3 }", id=[1, 1, 2, 1], v=[0, 9, 9, 0])
    assert result.unrepaired.to_dict("records") == [
        {"row": 1, "status": "infeasible", "rules": "key(id), id fixed"},
        {"row": 3, "status": "infeasible", "rules": "key(id), id fixed"},
    ]
    assert result.data["v"].tolist() == [0, 9, 3, 0]  # as it was, and the sound rows are mended


def test_more_rows_than_values_leave_the_last_ones() -> None:
    result = mended("table t { id : int in 1..3 key }", id=[1, 1, 1, 1])
    assert result.data["id"].tolist()[:3] == [1, 2, 3]
    assert result.unrepaired.to_dict("records") == [{"row": 3, "status": "infeasible", "rules": "key(id), id.domain"}]


def test_rows_that_the_rules_of_one_row_give_up_stand_in_the_way() -> None:
    text = "table t { id : int in 1..9 key\n bad : int in 0..1 fixed }\nhard never: bad == 0"
    result = mended(text, id=[4, 4], bad=[0, 1])
    assert result.data["id"].tolist() == [3, 4]
    assert result.unrepaired["row"].tolist() == [1]


@pytest.mark.parametrize("rule", ["", "\nhard r: id <= top"])
def test_many_equal_keys_spread_out(rule: str) -> None:
    n = 40 if rule else 3_000
    result = mended(
        "table t { id : int in 0..99_999 key\n top : int in 0..99_999 }" + rule, id=[500] * n, top=[99_999] * n
    )
    ids = result.data["id"].tolist()
    assert ids[0] == 500
    assert sorted(ids) == list(range(min(ids), min(ids) + n))
    assert result.report.feasible > 0  # too many at once for a proof of all


@pytest.mark.parametrize("size", [7, 60])
def test_a_table_in_pieces_is_mended_as_one(size: int) -> None:
    program = htdbu.compile_text(
        """
        table t {
          other : category { "s", "l" }
          id    : int in 1..500 key
          note  : text
          name  : text key null
          zip   : int in 1..9
          town  : text
          next  : int = id + 1
          size  : category { "s", "l" } fixed
        }
        fd zip -> town
        hard long: size == "l" => other == "l"
        hard noted: note == "new" or note == town
        hard tall: other == "l" or size == "s"
        """
    )
    rng = np.random.default_rng(3)
    zips = rng.integers(0, 9, 60)
    towns = [f"T{z}" if z != 5 else rng.choice(["T5", "U5"]) for z in zips]
    frame = pd.DataFrame({"id": rng.integers(1, 90, 60), "name": rng.choice([None, *"abcdefghijklmnop"], 60)})
    frame = frame.assign(zip=zips, town=towns, note=rng.choice(["new", "T5", "x"], 60))
    frame = frame.assign(other=rng.choice(["s", "l", ""], 60), size=rng.choice(["s", "l"], 60))
    assert_same_repair(program, frame, size)


@pytest.mark.parametrize("count", [2, 40])
def test_equal_numbers_beyond_64_bits_clash_as_any(count: int) -> None:
    text = "table t { id : int\n w : int in 0..9 }\nunique (id, w)"
    ids = mended(text, id=["9" * 21] * count, w=[3] * count).data["id"]
    assert len(set(ids)) == count


def test_each_row_that_is_surrounded_by_rows_that_stay_has_reasons_of_its_own() -> None:
    text = (
        'table t { z : category { "l" }\n a : int in 0..9\n u : int in 0..9\n stay : bool fixed }\n'
        "fd z -> a\nunique (a, u)\nhard never: not stay"
    )
    stay = [True, True, *[False] * 7]
    z, a = [*"llllll", *"?l?"], [5, 7, 6, 6, 6, 6, 8, 8, 9]
    result = mended(text, z=z, a=a, u=range(9), stay=stay)
    moved = result.changes[result.changes["column"] == "a"].set_index("row")["rules"]
    assert moved.to_dict() == {6: "unique(a, u), fd(z -> a)", 7: "fd(z -> a)", 8: "unique(a, u), fd(z -> a)"}


def test_free_values_are_given_out_once_and_the_nearest_first() -> None:
    free = Free(((0, 3), (6, 9)), [2, 7])
    assert [free.nearest(2) for _ in range(4)] == [1, 3, 0, 6]
    assert [free.smallest() for _ in range(3)] == [8, 9, None]
    assert free.nearest(5) is None


def test_targets_keep_what_rules_over_several_rows_read() -> None:
    text = (
        'table t { id : int in 1..99 key\n side : category { "heads", "tails" } }\n'
        'target fair: share(side == "heads") == 50% within 1%'
    )
    program = htdbu.compile_text(text)
    frame = pd.DataFrame({"id": [*range(1, 40), 1], "side": ["heads"] * 30 + ["tails"] * 10})
    result = program.repair(frame, targets=True)
    assert program.check(result.data).hard_violations == 0
    assert result.report.unmet == ()
    assert set(result.changes["rules"]) == {"key(id)", "fair"}


@pytest.mark.parametrize("engine", ["auto", "table", "compiled", "cp-sat"])
def test_the_result_depends_on_neither_threads_nor_engine(engine: str) -> None:
    rng = np.random.default_rng(5)
    program = htdbu.compile_text(
        "table t { id : int in 1..400 key\n zip : int in 1..9\n town : int in 0..9 }\n"
        "fd zip -> town\nhard far: zip >= 5 => id >= 50"
    )
    frame = pd.DataFrame({"id": rng.integers(1, 90, 50), "zip": rng.integers(0, 9, 50)})
    frame = frame.assign(town=np.where(rng.random(50) < 0.1, 9, frame["zip"]))
    wanted = program.repair(frame, threads=1)
    found = program.repair(frame, threads=3, engine=engine)
    pd.testing.assert_frame_equal(wanted.data, found.data)
    pd.testing.assert_frame_equal(wanted.changes, found.changes)
    assert program.check(found.data).hard_violations == 0


TOO_FEW = [
    ("table t { a : bool key }", {"a": ["true", "", "false"]}, [1]),
    ("table t { a : bool key }", {"a": ["true", "true", ""]}, [2]),
    (
        'table t { a : category { "x", "y", "z" } key  b : bool cost 2 }\nunique (b)',
        {"a": list("yxyx"), "b": ["true", "false", "true", "true"]},
        [2, 3],
    ),
    (
        "table t { a : date in 2024-01-01..2024-01-03  b : bool fixed }\nunique (b, a)\nfd b -> a\nfd a -> b",
        {"a": ["2024-01-01", "2024-01-02", "2024-01-02"], "b": ["false", "false", "true"]},
        [1],
    ),
]


@pytest.mark.parametrize(("text", "columns", "left"), TOO_FEW)
def test_where_places_are_too_few_the_rows_that_were_right_keep_theirs(
    text: str, columns: dict[str, list[str]], left: list[int]
) -> None:
    result = mended(text, **columns)
    assert result.unrepaired["row"].tolist() == left
    given = pd.DataFrame(columns)
    for row in left:
        assert result.data.iloc[row].tolist() == given.iloc[row].tolist()
