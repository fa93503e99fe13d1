"""What was asked of the rows beside the real ones holds in the table that comes out, measured here anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import htdbu
from htdbu.errors import DataError, InfeasibleError, UsageError
from htdbu.generators import SynthesisResult, TreesGenerator, guard, limit
from htdbu.generators.drawing import Drawing
from htdbu.generators.halves import Halves

RULES = """
table t {
  id   : int key
  a    : int in 0..64
  b    : int in 0..64 null
  kind : category { "x", "y", "z" }
  sum  : int = a + coalesce(b, 0)
  note : text
}
"""
TEXTURE = ["a", "b", "kind"]
COPIER = TreesGenerator(min_leaf=1, random_state=3)


def real(n: int = 500) -> pd.DataFrame:
    """Rows of few values, many of them the only ones of their kind; the ends of each range are frequent."""
    rng = np.random.default_rng(71)
    a = np.where(rng.random(n) < 0.1, rng.choice([0, 64], n), rng.integers(0, 65, n))
    b = pd.Series(np.where(rng.random(n) < 0.1, rng.choice([0, 64], n), (a + rng.integers(-9, 9, n)).clip(0, 64)))
    kind = np.where(a < 20, "x", rng.choice(["y", "z"], n))
    frame = pd.DataFrame({"id": np.arange(n), "a": a, "b": b.astype("Int64").mask(rng.random(n) < 0.1), "kind": kind})
    return frame.assign(note=[f"n{i}" for i in range(n)])


def made(rules: str = "", n: int = 400, frame: pd.DataFrame | None = None, **options: Any) -> SynthesisResult:
    program = htdbu.compile_text(RULES + rules)
    rows = real() if frame is None else frame
    result = htdbu.synthesize(program, rows, n, **{"generator": COPIER, "random_state": 5, **options})
    assert (n, 0) == (len(result.data), program.check(result.data, rows).hard_violations)
    return result


def copies(rows: pd.DataFrame, frame: pd.DataFrame) -> int:
    """How many rows equal a real one that no other real one equals."""
    once = frame[TEXTURE].astype(object).fillna("null").value_counts()
    return sum(once.get(tuple(row), 0) == 1 for row in rows[TEXTURE].astype(object).fillna("null").to_numpy().tolist())


def test_copies_of_unique_rows_are_written_unless_they_are_refused() -> None:
    before = made()
    assert before.report.privacy is None
    assert copies(before.data, real()) > 20
    result = made(no_copies=True)
    assert copies(result.data, real()) == 0
    assert result.report.privacy == {"dcr_share": None, "limit": None, "copied_rows": 0}


@pytest.mark.parametrize("generator", [COPIER, "independent"])
def test_examples_of_first_samples_that_broke_a_rule_are_no_copies_even_where_copies_are_allowed(
    generator: Any,
) -> None:
    frame = real().assign(a=np.arange(500) % 65, b=np.arange(500) // 8, kind=["x", "y", "z", "y", "x"] * 100)
    assert 500 == len(frame[TEXTURE].drop_duplicates())
    report = made('hard small: a + b <= 40 or kind == "x"', frame=frame, generator=generator).report
    known = set(frame[TEXTURE].astype(str).itertuples(index=False, name=None))
    shown = [tuple(example["cells"][name] for name in TEXTURE) for example in report.raw_examples]
    assert report.raw_violations["violating_rows"] > 20
    assert [] == [row for row in shown if row in known]
    assert generator is COPIER or 1 == len(shown)


@pytest.mark.parametrize(
    "rules", ["hard never: a == 37 and b == 12", "unique (a, b)", 'factor kind { "x" -> a in {3, 5} }']
)
def test_repaired_rows_and_rows_that_must_differ_copy_none_either(rules: str) -> None:
    frame = pd.concat([real(), pd.DataFrame({"id": [900], "a": 37, "b": 12, "kind": "y", "note": "one"})])
    result = made(rules, 40, frame, generator="independent", no_copies=True)
    assert copies(result.data, frame) == 0


def test_where_copies_alone_obey_the_request_is_refused() -> None:
    with pytest.raises(InfeasibleError, match="rows still equal a real row that no other real one equals"):
        made(
            'hard one: a == 37 and b == 12 and kind == "y"',
            3,
            real(5).assign(a=37, b=[12, 1, 2, 3, 4], kind="y"),
            no_copies=True,
        )


def shares(rows: pd.DataFrame, halves: Halves, own: np.ndarray, frame: pd.DataFrame) -> float:
    """The share of rows nearer to the half they were learned from, by Gower's distance cell by cell."""

    def columns(table: pd.DataFrame) -> pd.DataFrame:
        b = table["b"].astype("Int64")
        return pd.DataFrame(
            {"a": table["a"].astype(float), "b": b.astype(float), "s": table["a"] + b.fillna(0)}
        ).astype(float)

    def distances(among: pd.DataFrame) -> np.ndarray:
        total = (rows["kind"].to_numpy()[:, None] != among["kind"].to_numpy()).astype(float)
        for name, width in (("a", 64), ("b", 64), ("s", 128)):
            one, other = columns(rows)[name].to_numpy()[:, None], columns(among)[name].to_numpy()
            gap = np.where(
                np.isnan(one) & np.isnan(other),
                0,
                np.where(np.isnan(one) | np.isnan(other), 1, np.abs(one - other) / width),
            )
            total += gap
        return total.min(axis=1)

    first, second = (distances(frame.iloc[part]) for part in halves.rows)
    gain = np.where(own == 0, second - first, first - second)
    return float((gain > 0).mean() + (gain == 0).mean() / 2)


@pytest.mark.parametrize(("rules", "n"), [("", 300), ("hard low: b is null or b <= 60 unique (a, b, kind)", 120)])
def test_the_limit_holds_when_it_is_measured_anew(monkeypatch: pytest.MonkeyPatch, rules: str, n: int) -> None:
    options = {"generator": TreesGenerator(min_leaf=8, random_state=3)}
    seen: list[tuple[Drawing, Halves]] = []

    def hold(drawing: Drawing, halves: Halves, *rest: Any) -> float:
        seen.append((drawing, halves))
        return limit.hold_share(drawing, halves, *rest)

    monkeypatch.setattr(guard, "hold_share", hold)
    frame = real().assign(sum=lambda table: table["a"] + table["b"].fillna(0))
    loose = made(rules, n, frame, max_dcr_share=1, **options)
    tight = made(rules, n, frame, max_dcr_share=0.55, no_copies=True, **options)
    found = [
        shares(result.data, halves, drawing.halves, frame)
        for result, (drawing, halves) in zip((loose, tight), seen, strict=True)
    ]
    assert [result.report.privacy["dcr_share"] for result in (loose, tight) if result.report.privacy] == pytest.approx(
        found
    )
    assert found[0] > 0.55 >= found[1]
    assert copies(tight.data, frame) == 0
    halves = seen[0][1]
    assert sorted(np.concatenate(halves.rows).tolist()) == list(range(len(frame)))


def test_no_unique_value_of_the_whole_table_is_shown_by_halves_of_it() -> None:
    frame = real().assign(a=lambda table: np.where(table.index < 60, np.arange(len(table)) % 60 + 3, 0))
    once = set(frame["a"].value_counts().loc[lambda counts: counts == 1].index)
    program = htdbu.compile_text('table t { a : decimal(2) in 0..64  kind : category { "x", "y", "z" } }')
    rows = htdbu.synthesize(program, frame, 400, generator="independent", random_state=1, max_dcr_share=0.9).data
    assert len(once) == 60
    assert not set(rows["a"].astype(float)) & once


def test_the_same_rows_come_out_whatever_the_threads() -> None:
    texts = [
        made(generator="trees", threads=threads, max_dcr_share=0.52, no_copies=True).data.to_csv() for threads in (1, 2)
    ]
    assert texts[0] == texts[1]


def test_a_limit_that_no_exchange_reaches_is_refused_with_the_share_that_was() -> None:
    rows = pd.DataFrame({"id": range(40), "a": [3, 60] * 20, "b": 7, "kind": "x", "note": ""})
    rows.loc[:19, "kind"] = "y"
    assert made(n=60, frame=rows, max_dcr_share=0.5).report.privacy["dcr_share"] == 0.5  # type: ignore[index]
    with pytest.raises(InfeasibleError, match=r"% of the rows at least lie nearer .*the limit is 50\.00%"):
        made(
            'hard odd: a == 3 or a == 60 hard y: kind == "x" hard b: b == 7',
            60,
            rows.iloc[[0, 21]].assign(a=[3, 60], kind="x"),
            max_dcr_share=0.5,
        )


def test_wrong_requests_say_what_is_wrong() -> None:
    with pytest.raises(UsageError, match=r"largest share of near rows is 0\.4"):
        made(max_dcr_share=0.4)
    with pytest.raises(UsageError, match="allow_unique is for a generator given by its name"):
        made(allow_unique=True)
    with pytest.raises(DataError, match="cannot be cut into two halves"):
        made(frame=real(1), max_dcr_share=0.6)
    assert made(n=0, max_dcr_share=0.6).report.privacy == {"dcr_share": None, "limit": 0.6, "copied_rows": 0}
