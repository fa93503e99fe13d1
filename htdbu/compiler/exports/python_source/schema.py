"""The source of a pandera schema, section by section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from htdbu.compiler.exports.python_source.columns import allowed, reader_of, rounded, writer_of
from htdbu.compiler.exports.python_source.expressions import Translator, literal, table
from htdbu.compiler.exports.python_source.helpers import helpers, import_lines, imports, needed
from htdbu.compiler.exports.python_source.layout import Piece, docstring, group, laid_out, quoted, tuple_of
from htdbu.compiler.exports.python_source.names import Names
from htdbu.compiler.expressions import Expr, columns_of
from htdbu.compiler.lowering import normalise
from htdbu.compiler.lowering.normalise import derived_order
from htdbu.compiler.program import Column, Program, Rule

_OWN = ("READERS", "DERIVED", "SCHEMA")
_RULES = "# ---- The rules. Above stand helpers; None is unknown, and an unknown rule is not broken."


class SchemaWriter:
    """Writes the schema of one program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._normal = normalise(program)
        names = Names([*helpers(), *imports(), *_OWN])
        self._levels = {
            column.type.levels: names.new(f"{column.name.upper()}_LEVELS")
            for column in {column.type.levels: column for column in reversed(program.columns)}.values()
            if column.type.levels
        }
        self._params = {param.name: names.new(param.name.upper()) for param in program.params}
        self._lookups = {lookup.name: names.new(lookup.name.upper()) for lookup in program.lookups}
        self._inner = names.inner()
        self._functions = {rule.name: names.new(rule.name) for rule in self._rules}
        self._definitions = {column.name: names.new(f"{column.name}_of_row") for column in self._derived}
        self._translator = Translator(program, self._params, self._lookups, self._levels)

    @property
    def _rules(self) -> list[Rule]:
        return [rule for rule in self._program.rules if rule.kind == "hard"]

    @property
    def _derived(self) -> list[Column]:
        return [self._program.columns[i] for i in derived_order(self._program)]

    def text(self) -> str:
        """The whole module."""
        own = f"{_RULES}\n\n" + "\n\n\n".join(
            part for part in (self._constants(), *self._rows(), self._tables(), self._schema()) if part
        )
        used = needed(own)
        constants = "\n".join(helpers()[name].text for name in used if not helpers()[name].is_function)
        functions = [helpers()[name].text for name in used if helpers()[name].is_function]
        source = "\n\n\n".join([constants, *functions, own])
        head = f"{docstring(self._about(), 0)}\n\nfrom __future__ import annotations\n\n"
        return f"{head}{import_lines(source)}\n\n{source}\n"

    def _about(self) -> str:
        program = self._program
        parts = [f"A pandera schema of {program.name or 'a table'}, written by htdbu."]
        parts += [program.doc] if program.doc else []
        parts.append(
            "`SCHEMA.validate(frame, lazy=True)` takes texts, as files hold them, or typed columns, and returns exact "
            "cells: int, Decimal, bool, str, date or datetime, None for a null. It fails the rows that `htdbu check` "
            "fails: a rule that is unknown, because of a null, is not broken."
        )
        left = [rule.name for rule in program.rules if rule.kind == "soft"] + [t.name for t in program.targets]
        parts += [f"Left out, since rows may break them or they are about whole samples: {', '.join(left)}."] * bool(
            left
        )
        return "\n\n".join(parts)

    def _constants(self) -> str:
        lines = [
            laid_out(tuple_of([quoted(level) for level in levels]), before=f"{name} = ")
            for levels, name in self._levels.items()
        ]
        for param in self._program.params:
            comment = f"# {' '.join(param.doc.split())}\n" if param.doc else ""
            lines.append(f"{comment}{self._params[param.name]} = {literal(param.value)}")
        lines += [laid_out(table(each), before=f"{self._lookups[each.name]} = ") for each in self._program.lookups]
        return "\n".join(lines)

    def _rows(self) -> Iterator[str]:
        """The functions of one row: rules, then definitions of derived columns."""
        for rule in self._rules:
            yield self._function(self._functions[rule.name], rule.outcome, rule.doc or f"The rule `{rule.name}`.")
        for column in self._derived:
            assert column.derived is not None
            about = column.doc or f"The column `{column.name}`."
            yield self._function(self._definitions[column.name], column.derived, about, column)

    def _function(self, name: str, expr: Expr, about: str, column: Column | None = None) -> str:
        names = self._arguments(expr)
        body: Piece = self._translator.piece(expr, names)
        body = "coalesce()" if body == "None" else body if column is None else rounded(column, body)
        head = laid_out(group(f"def {name}(", list(names.values())), after=":")
        return f"{head}\n{docstring(about, 4)}\n{laid_out(body, 4, 'return ')}"

    def _arguments(self, expr: Expr) -> Mapping[str, str]:
        """The columns that a function reads, in their order, and what it calls them."""
        scope, read = self._inner.inner(), columns_of(expr)
        return {column.name: scope.new(column.name) for column in self._program.columns if column.name in read}

    def _headers(self, expr: Expr) -> list[str]:
        return [quoted(self._program.column(name).header) for name in self._arguments(expr)]

    def _tables(self) -> str:
        """How columns are read, and made where they are missing."""
        readers = [_entry(column.header, reader_of(column, self._levels)) for column in self._program.columns]
        definitions = []
        for column in self._derived:
            assert column.derived is not None
            operands = tuple_of(self._headers(column.derived))
            items: list[Piece] = [self._definitions[column.name], operands, *writer_of(column)]
            definitions.append(_entry(column.header, items))
        parts = [laid_out(group("{", readers, "}"), before="READERS = ")]
        parts.append(laid_out(group("{", definitions, "}"), before="DERIVED = "))
        return "\n".join(parts)

    def _schema(self) -> str:
        items: list[Piece] = [
            group("columns={", [self._column(i) for i in range(len(self._program.columns))], "}"),
            group("checks=[", list(self._checks()), "]"),
            "parsers=pa.Parser(lambda frame: read_frame(frame, READERS, DERIVED))",
        ]
        if self._program.name:
            items.append(f"name={quoted(self._program.name)}")
        return laid_out(group("pa.DataFrameSchema(", items), before="SCHEMA = ")

    def _column(self, i: int) -> Piece:
        column, normal = self._program.columns[i], self._normal.columns[i]
        items: list[Piece] = ["object"]
        if column.type.kind != "text":
            items.append(group("domain(", [quoted(column.name), *allowed(column, normal, self._levels)]))
        if column.nullable:
            items.append("nullable=True")
        if column.derived is not None:
            items.append("required=False")
        if column.doc:
            items.append(f"description={quoted(' '.join(column.doc.split()))}")
        return group(f"{quoted(column.header)}: pa.Column(", items)

    def _checks(self) -> Iterator[Piece]:
        """The checks of whole rows and of several rows."""
        program = self._program
        for column in program.columns:
            if column.derived is not None:
                items = [quoted(column.name), quoted(column.header), self._definitions[column.name]]
                yield group("derived(", [*items, *self._headers(column.derived)])
        for column in program.columns:
            if column.key:
                yield group("unique(", [quoted(f"key({column.name})"), quoted(column.header)])
        for rule in self._rules:
            yield group("rule(", [quoted(rule.name), self._functions[rule.name], *self._headers(rule.outcome)])
        for each in program.uniques:
            yield group("unique(", [quoted(each.name), *self._quoted(each.columns)])
        for fd in program.dependencies:
            sides = [tuple_of(self._quoted(fd.left)), tuple_of(self._quoted(fd.right))]
            yield group("dependency(", [quoted(fd.name), *sides])

    def _quoted(self, names: tuple[str, ...]) -> list[str]:
        return [quoted(self._program.column(name).header) for name in names]


def _entry(header: str, items: Sequence[Piece]) -> Piece:
    """An entry of a dict whose values are tuples."""
    value = tuple_of(items)
    return group(f"{quoted(header)}: {value.head}", value.items, value.tail)
