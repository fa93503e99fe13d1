"""The whole text: the table with its constraints, then what a CHECK cannot say, as comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from htdbu.compiler.exports import Omitted
from htdbu.compiler.exports.sql_parts import build
from htdbu.compiler.exports.sql_parts.constraints import Check, checks
from htdbu.compiler.exports.sql_parts.dialects import DIALECTS
from htdbu.compiler.exports.sql_parts.dialects.base import Dialect
from htdbu.compiler.exports.sql_parts.names import Names, check_columns
from htdbu.compiler.lowering import normalise
from htdbu.compiler.program import FunctionalDependency, Program

_WIDTH = 110
_USUAL_DIGITS = 18


def table_text(program: Program, dialect_name: str, omitted: Omitted) -> str:
    """A program as `CREATE TABLE` in a dialect.

    Raises:
        UsageError: where the dialect cannot tell the columns apart.
    """
    dialect = DIALECTS[dialect_name]
    check_columns(program, dialect)
    found = list(checks(program, dialect))
    left_out = [*_left_out(found), *_of_the_table(program)]
    for name, reason in left_out:
        omitted(name, reason)
    hard = [check for check in found if check.weight is None and check.condition is not None]
    names = Names(dialect)
    parts = [*_columns(program, dialect), *_keys(program, dialect, names), *_checks(hard, dialect, names)]
    table = dialect.quote(table_name(program))
    lines = [f"-- {dialect.title}: made by htdbu from the rules of {program.name or 'a table'}", *_comment(program.doc)]
    lines += [f"CREATE TABLE {table} (", *_listed(parts), ");"]
    lines += [f"-- not expressed: {_flat(name)}: {reason}" for name, reason in left_out]
    for dependency in program.dependencies:
        lines += ["", *_dependency(dependency, dialect, table)]
    lines += _penalties([c for c in found if c.weight and c.condition is not None], dialect, table_name(program))
    return "\n".join(lines) + "\n"


def table_name(program: Program) -> str:
    """What the table is called."""
    return program.name or "data"


def _flat(text: str) -> str:
    return " ".join(text.split())


def _comment(text: str | None) -> list[str]:
    return [f"-- {line}".rstrip() for line in (text or "").splitlines()]


Part = tuple[list[str], str]
"""The comments of an entry of the table, and its text."""


def _listed(parts: Sequence[Part]) -> Iterator[str]:
    """Entries with commas between them, comments above."""
    for k, (comments, text) in enumerate(parts):
        yield from (f"  {comment}" for comment in comments)
        comma = "," if k + 1 < len(parts) else ""
        yield "\n".join(f"  {line}".rstrip() for line in text.splitlines()) + comma


def _columns(program: Program, dialect: Dialect) -> Iterator[Part]:
    keyed = {name for unique in program.uniques for name in unique.columns}
    for i, column in enumerate(program.columns):
        comments = _comment(column.doc)
        if column.header != column.name:
            comments.append(f"-- header in files: {_flat(column.header)}")
        kind = dialect.type_of(column, _digits(program, i), column.key or column.name in keyed)
        yield comments, f"{dialect.quote(column.name)} {kind}" + ("" if column.nullable else " NOT NULL")


def _digits(program: Program, i: int) -> int:
    """Digits that hold every value of the domain, ten to the scale times as much, and a good way beyond."""
    column = normalise(program).columns[i]
    ends = [abs(end) for part in column.box for end in part if end is not None]
    return max(_USUAL_DIGITS, len(str(max(ends, default=0))) + column.scale + 1)


def _keys(program: Program, dialect: Dialect, names: Names) -> Iterator[Part]:
    """The first key that is never null is the primary one; tuples with a null are left out, as by our `unique`."""
    primary = next((c for c in program.columns if c.key and not c.nullable), None)
    for column in program.columns:
        if column.key:
            kind = "PRIMARY KEY" if column is primary else "UNIQUE"
            yield [], f"CONSTRAINT {names.constraint(f'key({column.name})')} {kind} ({dialect.quote(column.name)})"
    for unique in program.uniques:
        listed = ", ".join(dialect.quote(name) for name in unique.columns)
        yield [], f"CONSTRAINT {names.constraint(unique.name)} UNIQUE ({listed})"


def _checks(found: Sequence[Check], dialect: Dialect, names: Names) -> Iterator[Part]:
    for check in found:
        statement = dialect.statement(check.condition)
        name, text = names.constraint(check.name), dialect.sql(statement)
        whole = f"CONSTRAINT {name} CHECK ({text})"
        if len(whole) > _WIDTH:
            inner = "\n".join(f"  {line}" for line in dialect.sql(statement, pretty=True).splitlines())
            whole = f"CONSTRAINT {name} CHECK (\n{inner}\n)"
        yield _comment(check.doc), whole


def _left_out(found: Sequence[Check]) -> list[tuple[str, str]]:
    return [(check.name, check.reason) for check in found if check.condition is None]


def _of_the_table(program: Program) -> list[tuple[str, str]]:
    """What is about several rows, which no CHECK sees."""
    dependencies = [(d.name, "a CHECK sees one row; the query below lists the rows") for d in program.dependencies]
    shared = {factor.column for factor in program.factors if factor.shares or _has_shares(factor)}
    factors = [(f"factor {name}", "shares are about the whole table") for name in sorted(shared)]
    return [*dependencies, *factors, *((t.name, "a target is about the whole table") for t in program.targets)]


def _has_shares(factor: object) -> bool:
    return any(attribute.shares for branch in factor.branches for attribute in branch.attributes)  # type: ignore[attr-defined]


def _dependency(dependency: FunctionalDependency, dialect: Dialect, table: str) -> list[str]:
    """A query for the rows whose group does not agree; cells that are null are left out."""
    left = [f"b.{c} = a.{c}" for c in map(dialect.quote, dependency.left)]
    right = [f"b.{c} <> a.{c}" for c in map(dialect.quote, dependency.right)]
    known = [f"{t}.{c} IS NOT NULL" for c in map(dialect.quote, dependency.right) for t in "ab"]
    apart = right[0] if len(right) == 1 else f"({' OR '.join(right)})"
    conditions = [*left, apart, *(known if len(right) > 1 else [])]
    return [
        f"-- {_flat(dependency.name)}: rows that differ from another row of their group",
        f"-- SELECT a.* FROM {table} AS a",
        f"-- WHERE EXISTS (SELECT 1 FROM {table} AS b WHERE {' AND '.join(conditions)});",
    ]


def _penalties(found: Sequence[Check], dialect: Dialect, table: str) -> list[str]:
    """A view of what every row pays for the soft rules that it breaks."""
    if not found:
        return []
    names = Names(dialect)
    lines = ["", "-- soft: what every row pays for the soft rules that it breaks"]
    lines.append(f"-- CREATE VIEW {dialect.quote(f'{table}_penalties')} AS SELECT *,")
    for k, check in enumerate(found):
        lines += [f"--   {line[3:]}" for line in _comment(check.doc)]
        broken = dialect.sql(build.negate(check.condition))
        column = names.constraint(check.name)
        comma = "," if k + 1 < len(found) else ""
        lines.append(f"--   CASE WHEN {_flat(broken)} THEN {check.weight} ELSE 0 END AS {column}{comma}")
    return [*lines, f"-- FROM {dialect.quote(table)};"]
