"""Which rules asked for a changed cell: exactly those that fail once the cell alone is put back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import htdbu
from htdbu.compiler.lowering import normalise
from htdbu.solver import encode
from htdbu.solver.components import components
from htdbu.solver.outcomes import row_outcomes
from htdbu.solver.reasons import Reasons, joined
from tests.solver.rule_texts import Drawn, rule_files


def failing(program: htdbu.Program, frame: pd.DataFrame) -> list[list[str]]:
    """For every row the names of what it fails, in the order of reports."""
    outcomes = list(row_outcomes(program, encode(program, frame)))
    return [[outcome.name for outcome in outcomes if outcome.fail[row]] for row in range(len(frame))]


def assert_reasons_are_what_breaks(program: htdbu.Program, frame: pd.DataFrame) -> int:
    """Put every changed cell back by itself, judge the row by `check`, and compare; how many cells there were."""
    result = program.repair(frame, threads=1)
    plain = result.data[list(frame.columns)]
    kept = failing(program, plain)
    trials = plain.iloc[result.changes["row"].tolist()].reset_index(drop=True)
    for k, (column, before) in enumerate(zip(result.changes["column"], result.changes["before"], strict=True)):
        trials.loc[k, column] = before
    expected = [
        ", ".join(name for name in names if name not in kept[row])
        for row, names in zip(result.changes["row"], failing(program, trials), strict=True)
    ]
    assert expected == result.changes["rules"].tolist()
    assert all(expected)
    return len(expected)


def program_of(drawn: Drawn) -> tuple[htdbu.Program, pd.DataFrame]:
    try:
        program = htdbu.compile_text(drawn.text)
    except htdbu.CompileError as error:
        assume(not {"HTR203", "HTR207", "HTR301"} & {finding.code for finding in error.diagnostics})
        raise
    return program, pd.DataFrame(list(drawn.rows), columns=list(drawn.headers), dtype="str")


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_files())
def test_every_changed_cell_names_the_rules_that_fail_once_it_is_put_back(drawn: Drawn) -> None:
    assert_reasons_are_what_breaks(*program_of(drawn))


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_files(rows=6))
def test_the_reasons_of_many_cells(drawn: Drawn) -> None:
    assert_reasons_are_what_breaks(*program_of(drawn))


def reasons(rules: str, *rows: dict[str, str], **options: object) -> list[str]:
    """`ROW COLUMN: RULES` for each changed cell."""
    changes = htdbu.compile_text(rules).repair(pd.DataFrame(rows, dtype="str"), **options).changes
    return [f"{line.row} {line.column}: {line.rules}" for line in changes.itertuples()]


CHAIN = """
table t { a : int in 0..99 fixed  b : int in 0..99 fixed  total : int in 0..200  limit : int in 0..500 }
hard adds_up: total == a + b
hard covered: limit >= 2 * total
"""


def test_a_cell_that_changes_because_another_did_names_the_rule_between_them() -> None:
    row = {"a": "40", "b": "50", "total": "10", "limit": "20"}
    assert ["0 total: adds_up", "0 limit: covered"] == reasons(CHAIN, row)


def test_a_soft_rule_that_was_worth_a_change_is_named() -> None:
    rules = "table t { a : int in 0..9 }\nsoft(3) low: a <= 4\nsoft(0.5) high: a >= 5"
    assert ["0 a: low"] == reasons(rules, {"a": "7"})


def test_a_cell_out_of_its_domain_names_the_rules_that_it_broke_too() -> None:
    rules = "table t { a : int in 0..9  b : int in 0..9 }\nhard r: a <= b"
    assert ["0 a: a.domain, r", "1 a: a.domain", "2 a: a.null", "3 a: a.domain, r"] == reasons(
        rules,
        {"a": "12", "b": "9"},
        {"a": "x", "b": "9"},
        {"a": "", "b": "9"},
        {"a": "1" + "0" * 30, "b": "9"},
    )


def test_derived_cells_name_their_derivation_and_rules_over_them_what_they_are_computed_from() -> None:
    rules = "table t { a : int in 0..9  b : int in 0..9 fixed  d : int in 0..5 = a + b }\nhard r: d >= 3"
    rows = [{"a": "0", "b": "1", "d": "1"}, {"a": "3", "b": "1", "d": "9"}, {"a": "9", "b": "1", "d": "x"}]
    assert ["0 a: r", "0 d: d.derived", "1 d: d.domain, d.derived", "2 a: d.domain", "2 d: d.domain"] == reasons(
        rules, *rows
    )


def test_a_fixed_derived_cell_asks_for_what_gives_it() -> None:
    rules = "table t { a : int in 0..9  b : int in 0..9 fixed  d : int in 0..18 fixed = a + b }"
    assert ["0 a: d.derived"] == reasons(rules, {"a": "0", "b": "1", "d": "5"})


def test_a_text_that_follows_its_label_names_what_asked_for_the_label() -> None:
    rules = """
    table t { bad : bool fixed  mood : category { "sad", "glad" }  note : text from notes by mood }
    hard gloomy: bad => mood == "sad"
    """
    rows = [{"bad": "true", "mood": "glad", "note": "yes"}, {"bad": "true", "mood": "sad", "note": "no"}]
    assert ["0 mood: gloomy", "0 note: gloomy"] == reasons(rules, *rows)
    null = {"bad": "true", "mood": "glad", "note": ""}
    assert ["0 mood: gloomy", "0 note: note.null"] == reasons(rules, null, *rows[1:])


def test_cells_of_a_row_that_is_not_proved_nearest_have_a_reason_too() -> None:
    names = [f"x{i}" for i in range(14)]
    total = " + ".join(f"{137 + 59 * i} * {name}" for i, name in enumerate(names))
    rules = (
        "table t {" + " ".join(f"{name} : int in 0..1000" for name in names) + "}\n"
        f"hard total: {total} == 4_321_987\nhard half: count({', '.join(f'{n} >= 500' for n in names)}) == 7"
    )
    row = {name: str(37 * i * i % 1000) for i, name in enumerate(names)}
    for effort in (1e-3, 1e-2, 1e-1):
        assert all(not line.endswith(": ") for line in reasons(rules, row, effort=effort))


def reasons_of(rules: str, before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    """`ROW COLUMN: RULES` for each cell that differs between two tables, as if a repair had changed it."""
    program = htdbu.compile_text(rules)
    old = encode(program, pd.DataFrame(before, dtype="str"))
    new = encode(program, pd.DataFrame(after, dtype="str"))
    changed = (old.values != new.values) | (old.states != new.states)
    reasons = Reasons(program, old, new, changed, (), components(normalise(program), frozenset()))
    names = {i: reasons.of(i, np.flatnonzero(line)) for i, line in enumerate(changed)}
    return [
        f"{row} {program.columns[i].header}: {name}"
        for i, line in enumerate(changed)
        for row, name in zip(np.flatnonzero(line).tolist(), names[i], strict=True)
    ]


def test_rules_over_several_rows_ask_for_cells_that_tell_rows_apart() -> None:
    rules = "table t { id : int in 0..9 key  a : int in 0..9 null  b : int in 0..9 }\nunique (a, b)\nhard r: id >= 1"
    before = {"id": ["1", "1", "0", "4"], "a": ["1", "1", "1", ""], "b": ["2", "2", "2", "2"]}
    after = {"id": ["1", "2", "3", "4"], "a": ["1", "1", "1", "5"], "b": ["2", "3", "4", "2"]}
    expected = ["1 id: key(id)", "2 id: r", "3 a: unique(a, b)", "1 b: unique(a, b)", "2 b: unique(a, b)"]
    assert expected == reasons_of(rules, before, after)


def test_dependencies_ask_for_cells_that_agree_with_their_group() -> None:
    rules = "table t { zip : int in 0..9  town : int in 0..9  state : int in 0..9 }\nfd zip -> town, state"
    before = {"zip": ["1", "1", "1", "2", "1"], "town": ["5", "6", "5", "7", "8"], "state": ["1", "1", "2", "1", "1"]}
    after = {"zip": ["1", "1", "1", "2", "3"], "town": ["5", "5", "5", "7", "8"], "state": ["1", "1", "1", "1", "1"]}
    name = "fd(zip -> town, state)"
    assert [f"4 zip: {name}", f"1 town: {name}", f"2 state: {name}"] == reasons_of(rules, before, after)


SMALL = "table t { a : int in 0..2 null key  b : int in 0..2 null  c : int in 0..1 null }\nunique (a, c)\nfd b -> a, c"
OVER_ROWS = (("key(a)", "a", ""), ("unique(a, c)", "ac", ""), ("fd(b -> a, c)", "b", "ac"))
CELLS = st.sampled_from(["", "0", "1", "2"])


def clashing(left: str, right: str, rows: list[dict[str, str]], k: int) -> bool:
    """Whether row k agrees with another one on the left and differs on the right; nulls agree with nothing."""
    full = [row for j, row in enumerate(rows) if j != k and all(row[name] for name in left + right)]
    if not all(rows[k][name] for name in left + right):
        return False
    near = [row for row in full if all(row[name] == rows[k][name] for name in left)]
    return any(not right or any(row[name] != rows[k][name] for name in right) for row in near)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(*[CELLS] * 6), min_size=1, max_size=6))
def test_rules_over_several_rows_by_comparing_all_rows(drawn: list[tuple[str, ...]]) -> None:
    old, new = ([dict(zip("abc", row[k : k + 3], strict=True)) for row in drawn] for k in (0, 3))
    expected = []
    for column in "abc":
        for k, row in enumerate(old):
            if row[column] != new[k][column]:
                trial = [*new[:k], new[k] | {column: row[column]}, *new[k + 1 :]]
                names = [
                    name
                    for name, left, right in OVER_ROWS
                    if clashing(left, right, trial, k) and not clashing(left, right, new, k)
                ]
                domain = ["c.domain"] if column == "c" and row[column] == "2" else []
                reading = [name for name, left, right in OVER_ROWS if column in (*left, *right)]
                expected.append(f"{k} {column}: {', '.join([*domain, *names] or reading)}")
    tables = ({name: [row[name] for row in rows] for name in "abc"} for rows in (old, new))
    assert expected == reasons_of(SMALL, *tables)


def test_names_are_joined_in_order_for_any_number_of_rules() -> None:
    rng = np.random.default_rng(0)
    masks = rng.random((70, 500)) < 0.1
    masks[:, :3] = False
    names = [f"r{k}" for k in range(70)]
    expected = [", ".join(n for n, holds in zip(names, masks[:, row], strict=True) if holds) for row in range(500)]
    assert expected == joined(zip(names, masks, strict=True), 500).tolist()
