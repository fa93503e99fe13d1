"""The exported table as a whole: keys, names, what is left out and said so, and its text in every dialect."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

import htdbu
from htdbu.compiler import exports
from htdbu.compiler.exports.sql_parts import build
from htdbu.compiler.exports.sql_parts.dialects.sqlite import SQLite
from htdbu.errors import UsageError
from tests.compiler.exports.databases import Database, taken, verdicts

FIXTURES = Path(__file__).parent / "fixtures"
DIALECTS = exports.load("sql").dialects
RUN = ("duckdb", "sqlite")
ROOT = Path(__file__).parents[3]
PROGRAMS = [
    path
    for path in [*sorted(ROOT.glob("docs/cookbook/*.htr"))[::3], *sorted(ROOT.glob("examples/*/*.htr"))]
    if "table " in path.read_text("utf-8")
]


def sql(text: str, dialect: str, told: list[tuple[str, str]] | None = None) -> str:
    heard: list[tuple[str, str]] = [] if told is None else told
    return exports.render(
        "sql", htdbu.compile_text(text), dialect=dialect, omitted=lambda name, why: heard.append((name, why))
    )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_text_of_a_table(dialect: str) -> None:
    """After a wanted change: copy the new text over the fixture, and read the difference."""
    program = htdbu.compile(FIXTURES / "shop.htr")
    assert (FIXTURES / f"shop.{dialect}.sql").read_text("utf-8") == exports.render("sql", program, dialect=dialect)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_every_hard_rule_of_the_examples_is_a_check_in_every_dialect(path: Path) -> None:
    program = htdbu.compile(path)
    hard = {rule.name for rule in program.rules if rule.kind == "hard"}
    for dialect in DIALECTS:
        text = exports.render("sql", program, dialect=dialect)
        (table,) = [tree for tree in sqlglot.parse(text, read=dialect) if isinstance(tree, exp.Create)]
        assert hard <= {constraint.name for constraint in table.find_all(exp.Constraint)}
        if dialect in RUN:
            with closing(Database(dialect)) as database:
                database.run(text)


def test_rules_without_a_table_are_refused() -> None:
    with pytest.raises(UsageError, match="the rules declare no column"):
        sql("param p = 1", "postgres")


@pytest.mark.parametrize("dialect", RUN)
def test_keys_and_unique_leave_nulls_out(dialect: str) -> None:
    text = "table t { id: int in 1..9 key  code: int in 1..9 key null  a: int in 1..9 null  b: int in 1..9 null }\n"
    with closing(Database(dialect)) as database:
        database.run(sql(text + "unique (a, b)", dialect))
        for row in ("(1, NULL, 1, NULL)", "(2, NULL, 1, NULL)", "(3, 5, 1, 2)", "(4, 6, NULL, 2)"):
            database.run(f"INSERT INTO t VALUES {row}")
        for row in ("(1, 7, 3, 3)", "(5, 5, 3, 3)", "(6, 7, 1, 2)", "(NULL, 8, 4, 4)"):
            with pytest.raises(database.refusals):
                database.run(f"INSERT INTO t VALUES {row}")


@pytest.mark.parametrize("dialect", RUN)
def test_the_commented_query_of_fd_lists_the_rows_that_disagree(dialect: str) -> None:
    text = sql("table t { a: int null  b: int null  c: int null }\nfd a -> b, c", dialect)
    query = "\n".join(line[3:] for line in text.split("\n\n")[1].splitlines()[1:])
    with closing(Database(dialect)) as database:
        database.run(text)
        database.run("INSERT INTO t VALUES (1, 1, 1), (1, 2, 1), (2, 1, 1), (2, 1, NULL), (NULL, 1, 2), (3, 4, 4)")
        assert [(1, 1, 1), (1, 2, 1)] == sorted(database.run(query))


@pytest.mark.parametrize("dialect", RUN)
def test_the_commented_view_of_soft_rules_tells_what_a_row_pays(dialect: str) -> None:
    text = sql("table t { a: int in 0..9 null }\nsoft(2.5) small: a <= 3\nsoft even: mod(a, 2) == 0", dialect)
    view = "\n".join(line[3:] for line in text.split("\n\n")[1].splitlines()[1:])
    with closing(Database(dialect)) as database:
        database.run(text)
        database.run("INSERT INTO t VALUES (5), (4), (3), (2), (NULL)")
        database.run(view)
        paid = [(a, float(b), float(c)) for a, b, c in database.run("SELECT * FROM t_penalties")]
        assert [(5, 2.5, 1), (4, 2.5, 0), (3, 0, 1), (2, 0, 0), (None, 0, 0)] == paid


def test_what_sqlite_cannot_hold_is_left_out_and_said() -> None:
    told: list[tuple[str, str]] = []
    text = sql("table t { a: decimal(3) in 0..4e12  b: int in 0..9 }\nhard r: a <= 5 or b > 1", "sqlite", told)
    reason = "SQLite does not hold all digits of `a`"
    assert [("a.domain", reason), ("r", reason)] == told
    assert f"-- not expressed: r: {reason}\n" in text
    assert 'CONSTRAINT "r"' not in text


def test_a_rule_that_would_be_too_long_is_left_out_and_said() -> None:
    told: list[tuple[str, str]] = []
    nested = "x"
    for _ in range(7):
        nested = f"round({nested} / 3)"
    sql(f"table t {{ x: int in 0..99 }}\nhard r: x + {nested} >= 1", "postgres", told)
    assert [("r", "it would be too long")] == told


def test_dates_beyond_the_calendar_are_left_out_and_said() -> None:
    told: list[tuple[str, str]] = []
    sql("table t { d: date in 2000-01-01..2020-01-01 }\nhard r: year(d + 4_000_000) > 3000", "duckdb", told)
    assert [("r", "it may compute a date before the year 1 or after 9999")] == told


def test_long_names_are_cut_and_stay_apart() -> None:
    a, b = "r" * 70 + "a", "r" * 70 + "b"
    text = sql(f"table t {{ x: int in 0..9 }}\nhard {a}: x > 1\nhard {b}: x > 2", "postgres")
    (table,) = sqlglot.parse(text, read="postgres")
    names = [constraint.name for constraint in table.find_all(exp.Constraint)]  # type: ignore[union-attr]
    assert 3 == len({name[:63] for name in names})
    assert max(len(name) for name in names) == 63


def test_columns_that_a_dialect_cannot_tell_apart_are_refused() -> None:
    text = "table t { n: int  N: int }"
    assert '"N" BIGINT' in sql(text, "postgres")
    with pytest.raises(UsageError, match="MySQL cannot tell the columns `n` and `N` apart"):
        sql(text, "mysql")


@pytest.mark.parametrize("dialect", RUN)
def test_names_of_any_kind_are_quoted(dialect: str) -> None:
    program = htdbu.compile_text('table `my table` { `select "x"`: int in 0..9 }\nhard `or`: `select "x"` > 3')
    assert [False, True] == taken(program, [["3"], ["4"]], dialect)


def test_sqlite_takes_no_value_of_another_type() -> None:
    text = sql("table t { i: int null  d: decimal(1) null  f: bool null  t: date null  w: datetime null }", "sqlite")
    good = ["5, 0.1, 1, '2024-02-29', '2024-02-29 10:00:00'", "NULL, NULL, NULL, NULL, NULL"]
    bad = [
        "1.5, 0, 0, NULL, NULL",
        "'abc', 0, 0, NULL, NULL",
        "1, 0.15, 0, NULL, NULL",
        "1, 'x', 0, NULL, NULL",
        "1, 0, 2, NULL, NULL",
        "1, 0, 0, '2024-02-30', NULL",
        "1, 0, 0, '29.2.2024', NULL",
        "1, 0, 0, NULL, '2024-02-29'",
    ]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(text)
        for row in good:
            connection.execute(f"INSERT INTO t VALUES ({row})")
        for row in bad:
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(f"INSERT INTO t VALUES ({row})")


@given(st.integers(-(10**15), 10**15), st.integers(0, 9))
def test_sqlite_reads_every_decimal_as_its_steps(steps: int, scale: int) -> None:
    column, dialect = build.column("x"), SQLite()
    declared = htdbu.compile_text(f"table t {{ x: decimal({scale}) in 0..1 }}").columns[0]
    read, kept = dialect.sql(dialect.steps(column, scale)), dialect.sql(dialect.guard(declared, column))
    decimal = format(Decimal(steps).scaleb(-scale), "f")
    with closing(sqlite3.connect(":memory:")) as connection:
        found = connection.execute(f"SELECT {read}, {kept} FROM (SELECT CAST('{decimal}' AS NUMERIC) AS x)").fetchall()
    assert [(steps, 1)] == found


@pytest.mark.parametrize("dialect", RUN)
def test_decimals_stay_exact_where_binary_fractions_do_not(dialect: str) -> None:
    program = htdbu.compile_text(
        "table t { a: decimal(2) in 0..1_000_000_000  b: decimal(1) in 0..9  c: int in 0..9 }\n"
        "hard sum: a + b == 0.3\nhard half: round(a, 1) == b\nhard third: a / 3 == 33333333.33\n"
        "hard part: 3 * a <= b\nhard top: a + 0.01 <= 1_000_000_000 - b * c"
    )
    rows = [["0.10", "0.2", "1"], ["0.25", "0.2", "1"], ["0.35", "0.4", "3"], ["99999999.99", "0.0", "0"]]
    rows += [["0.10", "0.3", "9"], ["999999999.99", "0.0", "7"], ["999999999.99", "0.1", "1"]]
    told = verdicts(program, rows, dialect)
    assert [True, False, False, False, False, False, False] == told["sum"]
    assert [False, True, True, False, False, False, False] == told["half"]
    assert [False, False, False, True, False, False, False] == told["third"]
    assert [False, False, False, False, True, False, False] == told["part"]
    assert [True, True, True, True, True, True, False] == told["top"]
