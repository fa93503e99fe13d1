"""Columns, params, lookups, rules and examples as lines of a rule file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from htdbu.compiler.expressions import Call, Case, ColumnRef, Constant, Expr, LookupCall, children
from htdbu.compiler.program import (
    Column,
    Example,
    ExampleTest,
    FunctionalDependency,
    Lookup,
    LookupRow,
    Param,
    Program,
    Rule,
    Unique,
)
from htdbu.compiler.writing.errors import no_form
from htdbu.compiler.writing.expressions import Writer
from htdbu.compiler.writing.leaves import (
    is_plain,
    write_decimal,
    write_literal,
    write_name,
    write_names,
    write_text,
    write_values,
)

_BESIDE = 72
"""The rows of a lookup stand on one line where they take at most so many columns."""


def doc_lines(doc: str | None) -> Iterator[str]:
    """A doc comment above what it belongs to."""
    if doc is not None:
        yield from (f"## {line}".rstrip() for line in doc.split("\n"))


def column_lines(column: Column, writer: Writer) -> Iterator[str]:
    """A column of the table."""
    parts = [write_name(column.name), ":", _type(column)]
    if column.domain is not None:
        parts += ["in", write_values(column.domain, column.type)]
    parts += [word for word, said in _flags(column) if said]
    if column.cost != 1:
        parts += ["cost", write_decimal(column.cost)]
    if column.header != column.name:
        parts += ["as", write_text(column.header)]
    if column.format is not None:
        parts += ["format", write_text(column.format)]
    if column.derived is not None:
        parts += ["=", writer.write(column.derived)]
    yield from doc_lines(column.doc)
    yield " ".join(parts)


def _flags(column: Column) -> tuple[tuple[str, bool], ...]:
    return ("null", column.nullable), ("key", column.key), ("fixed", column.fixed)


def _type(column: Column) -> str:
    kind = column.type
    match kind.kind:
        case "decimal":
            return f"decimal({kind.scale})"
        case "category":
            if not kind.levels:
                raise no_form("a category has a level")
            levels = (" < " if kind.ordered else ", ").join(map(write_text, kind.levels))
            return f"category {'ordered ' if kind.ordered else ''}{{ {levels} }}"
        case "text" if column.pool is not None and column.pool_by is not None:
            return f"text from {write_name(column.pool)} by {write_name(column.pool_by)}"
        case _:
            return kind.kind


def param_lines(param: Param) -> Iterator[str]:
    """A param with its value."""
    yield from doc_lines(param.doc)
    yield f"param {write_name(param.name)} = {write_literal(param.value)}"


def lookup_lines(lookup: Lookup, program: Program) -> Iterator[str]:
    """A lookup with its rows; those of a file stand here as well."""
    head = f"lookup {write_name(lookup.name)}({write_names(_key_names(lookup, program))} -> value)"
    rows = [_row(row) for row in lookup.rows]
    beside = f"{head} {{ {'; '.join(rows)} }}"
    yield from doc_lines(lookup.doc)
    if not rows:
        yield f"{head} {{ }}"
    elif len(beside) <= _BESIDE:
        yield beside
    else:
        yield f"{head} {{"
        yield from rows
        yield "}"


def _row(row: LookupRow) -> str:
    if not row.keys:
        raise no_form("a row of a lookup has a key")
    keys = ", ".join(map(write_literal, row.keys))
    return f"{keys if len(row.keys) == 1 else f'({keys})'} -> {write_literal(row.value)}"


def _key_names(lookup: Lookup, program: Program) -> tuple[str, ...]:
    """Names for the keys, which only people read: those of the columns that it is first asked for."""
    use = next((use for expr in _expressions(program) for use in _uses(expr, lookup.name)), None)
    width = len(lookup.rows[0].keys) if lookup.rows else 1 if use is None else len(use.args)
    args = () if use is None else use.args
    names = [arg.name if isinstance(arg, ColumnRef) else f"key{i + 1}" for i, arg in enumerate(args)]
    if len(set(names)) != width or len(names) != width:
        names = [f"key{i + 1}" for i in range(width)]
    return tuple(names)


def _expressions(program: Program) -> Iterator[Expr]:
    yield from (column.derived for column in program.columns if column.derived is not None)
    yield from (rule.outcome for rule in program.rules)
    for target in program.targets:
        yield from (expr for expr in (target.condition, target.given) if expr is not None)


def _uses(expr: Expr, name: str) -> Iterator[LookupCall]:
    if isinstance(expr, LookupCall) and expr.table == name:
        yield expr
    if isinstance(expr, Call | Case | LookupCall):
        for child in children(expr):
            yield from _uses(child, name)


def rule_lines(rule: Rule, writer: Writer) -> Iterator[str]:
    """A rule without its guard."""
    head: str = rule.origin
    body = rule.body
    if rule.origin == "soft" and rule.weight not in (None, 1):
        head = f"soft({write_decimal(rule.weight)})"
    if rule.origin == "forbid":
        if not isinstance(body, Call) or body.function != "not" or len(body.args) != 1:
            raise no_form("the body of a rule that was written as `forbid` is a `not`")
        body = body.args[0]
    yield from doc_lines(rule.doc)
    yield f"{head} {write_name(rule.name)}: {writer.write(body)}"


def guarded(rules: Iterable[Rule]) -> Iterator[tuple[Expr | None, list[Rule]]]:
    """The rules that a file states, those in a row under one guard together."""
    stated = (rule for rule in rules if rule.origin != "factor")
    for guard, group in groupby(stated, key=lambda rule: rule.guard):
        yield guard, list(group)


def guard_lines(guard: Expr, writer: Writer) -> Iterator[str]:
    """The beginning of a block of rules under a guard."""
    yield f"when {writer.write(guard)} {{"


def unique_lines(unique: Unique) -> Iterator[str]:
    """A `unique`."""
    yield from doc_lines(unique.doc)
    yield f"unique ({write_names(unique.columns)})"


def dependency_lines(dependency: FunctionalDependency) -> Iterator[str]:
    """An `fd`."""
    yield from doc_lines(dependency.doc)
    yield f"fd {write_names(dependency.left)} -> {write_names(dependency.right)}"


def test_lines(test: ExampleTest) -> Iterator[str]:
    """Example rows under their title."""
    yield f"test {write_text(test.title)} {{"
    yield from map(_example, test.examples)
    yield "}"


def _example(example: Example) -> str:
    cells = ", ".join(f"{write_name(cell.column)}: {write_literal(cell.value)}" for cell in example.cells)
    shown = f"{example.kind} {{ {cells} }}" if cells else f"{example.kind} {{}}"
    if (example.by is None) != (example.kind == "accept"):
        raise no_form(f"`{example.kind}` with{'out' if example.by is None else ''} `by`")
    if example.by is None:
        return shown
    is_name = "." not in example.by and is_plain(example.by)
    return f"{shown} by {example.by if is_name else write_text(example.by)}"


def values_of(params: Iterable[Param]) -> Mapping[str, Constant]:
    """The params with their values, as expressions may name them."""
    return {param.name: param.value for param in params}
