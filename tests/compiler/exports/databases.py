"""Rows put into real databases: what every constraint says of them, and which of them a table takes."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from decimal import Decimal
from typing import Any

import duckdb
import pandas as pd

import htdbu
from htdbu.compiler import exports
from htdbu.compiler.exports.sql_parts.constraints import Check, checks
from htdbu.compiler.exports.sql_parts.dialects import DIALECTS
from htdbu.compiler.exports.sql_parts.table import table_name
from htdbu.solver.encoding import encode
from htdbu.solver.outcomes import row_outcomes
from htdbu.solver.table import VALUE

Kleene = bool | None
Rows = Sequence[Sequence[str]]
"""Cells as texts in the order of the columns; empty for null."""


class Database:
    """One of the databases that tests can run, new and empty."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self._connection: Any = duckdb.connect() if dialect == "duckdb" else sqlite3.connect(":memory:")
        self.refusals = (duckdb.Error,) if dialect == "duckdb" else (sqlite3.Error,)

    def run(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows that a statement gives."""
        found: list[tuple[Any, ...]] = self._connection.execute(statement, list(values)).fetchall()
        return found

    def close(self) -> None:
        """End it."""
        self._connection.close()


def cell(program: htdbu.Program, i: int, text: str, dialect: str) -> object:
    """A cell as the value that a database is given."""
    kind = program.columns[i].type.kind
    if text == "":
        return None
    if kind == "bool":
        return text == "true"
    if kind == "int":
        return int(text)
    if kind == "decimal":
        return float(text) if dialect == "sqlite" else Decimal(text)
    return text


def verdicts(program: htdbu.Program, rows: Rows, dialect: str) -> dict[str, list[Kleene]]:
    """What every condition of a row says of every row, asked as a query over a table without constraints."""
    found: dict[str, list[Kleene]] = {}
    with closing(Database(dialect)) as database:
        fill(database, program, rows)
        for check in _expressed(program, dialect):
            text = DIALECTS[dialect].sql(check.condition)
            answers = [answer for (answer,) in database.run(f"SELECT {text} FROM bare ORDER BY row_number_")]
            found[check.name] = [None if answer is None else bool(answer) for answer in answers]
    return found


def fill(database: Database, program: htdbu.Program, rows: Rows) -> None:
    """A table `bare` with the program's columns and no constraint, and the rows in it."""
    dialect = DIALECTS[database.dialect]
    columns = [f"{dialect.quote(c.name)} {dialect.type_of(c, 18, False)}" for c in program.columns]
    database.run(f"CREATE TABLE bare ({', '.join(columns)}, row_number_ BIGINT)")
    marks = ", ".join("?" for _ in range(len(columns) + 1))
    for k, row in enumerate(rows):
        values = [cell(program, i, text, database.dialect) for i, text in enumerate(row)]
        database.run(f"INSERT INTO bare VALUES ({marks})", [*values, k])


def _expressed(program: htdbu.Program, dialect: str) -> list[Check]:
    return [check for check in checks(program, DIALECTS[dialect]) if check.condition is not None]


def taken(program: htdbu.Program, rows: Rows, dialect: str) -> list[bool]:
    """Which rows the exported table takes, each put into an empty one."""
    answers = []
    with closing(Database(dialect)) as database:
        database.run(exports.render("sql", program, dialect=dialect))
        table = DIALECTS[dialect].quote(table_name(program))
        for row in rows:
            values = [cell(program, i, text, dialect) for i, text in enumerate(row)]
            try:
                database.run(f"INSERT INTO {table} VALUES ({', '.join('?' for _ in row)})", values)
            except database.refusals:
                answers.append(False)
            else:
                answers.append(True)
                database.run(f"DELETE FROM {table}")
    return answers


def frame_of(program: htdbu.Program, rows: Rows) -> pd.DataFrame:
    """Rows as a frame of texts."""
    return pd.DataFrame(list(rows), columns=[c.header for c in program.columns], dtype="str")


def expected(program: htdbu.Program, rows: Rows) -> dict[str, list[Kleene]]:
    """What `htdbu check` says: True for pass, False for fail, None for unknown."""
    outcomes = row_outcomes(program, encode(program, frame_of(program, rows)))
    return {
        o.name: [None if u else not f for f, u in zip(o.fail.tolist(), o.unknown.tolist(), strict=True)]
        for o in outcomes
    }


def valid(program: htdbu.Program, rows: Rows) -> list[bool]:
    """Which rows break no hard rule by `htdbu check`, each judged alone."""
    failed = [False] * len(rows)
    for outcome in row_outcomes(program, encode(program, frame_of(program, rows))):
        if outcome.kind != "soft":
            failed = [a or bool(b) for a, b in zip(failed, outcome.fail, strict=True)]
    return [not f for f in failed]


def with_derived(program: htdbu.Program, headers: Sequence[str], rows: Rows) -> list[list[str]]:
    """Rows of the stored columns with the derived ones computed, in the order of the columns."""
    table = encode(program, pd.DataFrame(list(rows), columns=list(headers), dtype="str"))
    full: list[list[str]] = []
    for k, row in enumerate(rows):
        given = dict(zip(headers, row, strict=True))
        cells = []
        for i, column in enumerate(program.columns):
            if column.header in given:
                cells.append(given[column.header])
            elif table.states[i][k] != VALUE:
                cells.append("")
            else:
                cells.append(str(Decimal(int(table.values[i][k])).scaleb(-column.type.scale)))
        full.append(cells)
    return full
