"""Lookups from CSV files: the rows as literals, and what is wrong with a file, by its lines."""

from __future__ import annotations

import csv
import gc
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from htdbu.compiler.context import Context
from htdbu.compiler.diagnostics.kinds import htr105_missing_import
from htdbu.compiler.expressions import Constant
from htdbu.compiler.imports import read_named
from htdbu.compiler.literals import constant, decimal_text
from htdbu.compiler.program import LookupRow
from htdbu.grammar import syntax
from htdbu.grammar.source import Span
from htdbu.grammar.terminals import MOST_DIGITS, is_long

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2})?")
_MOST_SHOWN = 5

Line = tuple[int, list[str]]
"""The number of the line where a record begins, and its cells."""


class BrokenCsvError(Exception):
    """What is wrong with a file, and where: `line` is 0 where that is the whole of it."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def file_rows(context: Context, statement: syntax.LookupDecl, path: syntax.Text) -> tuple[list[LookupRow], list[str]]:
    """The rows of a lookup in a CSV file whose header names its keys and its value, and where each stands."""
    name = path.value
    text = read_named(context, str(Path(statement.span.file).parent / name), path.span)
    if text is None:
        return [], []
    wanted = [column.value for column in (*statement.keys, statement.value)]
    try:
        lines = _lines(text)
        header = next(lines, (1, []))[1]
        positions = _positions(header, wanted)
        numbers, cells, faults = _sorted_out(lines, header, positions)
    except BrokenCsvError as problem:
        _report_broken(context, path.span, name, [(problem.line, problem.reason)], wanted)
        return [], []
    if faults:
        _report_broken(context, path.span, name, faults, wanted)
        return [], []
    known: dict[str, Constant] = {}
    places = [f"{name}:{line}" for line in numbers]
    width = len(wanted)
    with _all_kept():
        rows = [
            _literal_row(context, path.span, place, cells[i * width : (i + 1) * width], known)
            for i, place in enumerate(places)
        ]
    return rows, places


@contextmanager
def _all_kept() -> Iterator[None]:
    """Pause the search for garbage, which takes half as long as making 100,000 rows of which all are kept."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _lines(text: str) -> Iterator[Line]:
    """The records of a CSV, blank lines left out.

    Raises:
        BrokenCsvError: where a quotation is broken.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for record in reader:
            if record:
                yield line, record
            line = reader.line_num + 1
    except csv.Error as problem:
        unclosed = "unexpected end" in str(problem)
        raise BrokenCsvError(line, "a quote that opens here is never closed" if unclosed else str(problem)) from None


def _positions(header: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Where the columns of a lookup stand.

    Raises:
        BrokenCsvError: where one is missing or stands there twice.
    """
    for name in wanted:
        if header.count(name) != 1:
            how = "no column" if name not in header else f"{header.count(name)} columns"
            raise BrokenCsvError(0 if name not in header else 1, f"the file has {how} `{name}`")
    return [header.index(name) for name in wanted]


def _sorted_out(
    lines: Iterator[Line], header: Sequence[str], positions: Sequence[int]
) -> tuple[list[int], list[str], list[tuple[int, str]]]:
    """The lines' numbers, the cells of the wanted columns one after another, and what is wrong with which lines.

    One flat list of texts, since the search for garbage goes through every list and tuple there is.

    Raises:
        BrokenCsvError: where there are no rows, or a quotation is broken.
    """
    numbers: list[int] = []
    found: list[str] = []
    faults: list[tuple[int, str]] = []
    for line, record in lines:
        if len(record) != len(header):
            faults.append((line, f"{_cells(record)}, but the header has {len(header)}"))
            continue
        cells = [record[i].strip() for i in positions]
        if not all(cells):
            faults.append((line, f"the cell of `{header[positions[cells.index('')]]}` is empty"))
        elif any(len(cell) >= MOST_DIGITS and _NUMBER.fullmatch(cell) and is_long(cell) for cell in cells):
            faults.append((line, "a number with too many digits"))
        numbers.append(line)
        found += cells
    if not numbers and not faults:
        raise BrokenCsvError(0, "the file has no rows")
    return numbers, found, faults


def _cells(record: Sequence[str]) -> str:
    return "1 cell" if len(record) == 1 else f"{len(record)} cells"


def _report_broken(
    context: Context, span: Span, name: str, faults: Sequence[tuple[int, str]], wanted: Sequence[str]
) -> None:
    line, reason = faults[0]
    if line == 0:
        help = f"its header is {','.join(wanted)}"
        context.report(htr105_missing_import.KIND.at(span, reason, help=help))
        return
    shown = [f"line {number}: {fault}" for number, fault in faults[1:_MOST_SHOWN]]
    more = [f"{len(faults) - _MOST_SHOWN:,} more lines"] if len(faults) > _MOST_SHOWN else []
    note = f"so are {'; '.join([*shown, *more])}" if shown else "every row of a lookup has its keys and its value"
    context.report(htr105_missing_import.KIND.at(span, f"{name}, line {line}: {reason}", note=note))


def _literal_row(
    context: Context, span: Span, place: str, cells: Sequence[str], known: dict[str, Constant]
) -> LookupRow:
    """A row as literals; a text that occurs more than once is read once."""
    literals = []
    for cell in cells:
        found = known.get(cell)
        if found is None:
            found = known[cell] = _literal(context, cell, span, place)
        literals.append(found)
    return LookupRow(keys=tuple(literals[:-1]), value=literals[-1], span=span)


def _literal(context: Context, cell: str, span: Span, place: str) -> Constant:
    """A cell as the literal that it would be in a rule file: a number, a date, a truth value, else a text."""
    if _NUMBER.fullmatch(cell):
        plain = cell if cell.isdigit() and cell[0] != "0" else decimal_text(Decimal(cell))
        return Constant(type="number", value=plain, span=span)
    if _DATE.fullmatch(cell):
        node = syntax.DateText(cell, "datetime" if "T" in cell else "date", span)
        found = constant(node, lambda finding: context.report(replace(finding, note=place)))
        assert found is not None
        return found
    if cell in ("true", "false"):
        return Constant(type="bool", value=cell == "true", span=span)
    return Constant(type="text", value=cell, span=span)
