"""A summary as text: a line for each column, near to how rule files write it, then what holds between columns."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence

from htdbu.providers.summary.model import Amount, ColumnSummary, CrossTable, Summary


def written(summary: Summary) -> str:
    """The text, some lines that end each with a line break."""
    return "".join(f"{line}\n" for line in _lines(summary))


def _lines(summary: Summary) -> Iterator[str]:
    rows, least = summary.rows, summary.min_count
    about = f"fewer than {least}" if rows == "few" else f"about {rows}" if rows else "no"
    yield f"table {summary.table}: {about} rows, {len(summary.columns)} columns"
    if summary.target is not None:
        yield f"target: {summary.target}"
    if rows == "few":
        yield "So few rows are not summarised."
    elif rows:
        yield f"Counts are rounded to multiples of {least}, ranges outward."
        yield f"What fewer than {least} rows hold is not shown."
    yield ""
    yield "columns:"
    yield from (f"  {_column(column, rows)}" for column in summary.columns)
    yield from _between(summary)


def _column(column: ColumnSummary, rows: Amount) -> str:
    name = column.name if column.name == column.header else f"{column.name} as {_quoted(column.header)}"
    kind = f"decimal({column.scale})" if column.kind == "decimal" else column.kind
    parts = [f"{name}: {kind}", *_range(column), *_nulls(column, rows), *_values(column, rows)]
    if column.quantiles:
        quantiles = ", ".join(f"{quantile.share:.0%} {quantile.value}" for quantile in column.quantiles)
        parts.append(f"quantiles {quantiles}")
    return "; ".join(parts)


def _range(column: ColumnSummary) -> Iterator[str]:
    if column.range is not None:
        few = [word for word, there in (("below", column.range.few_below), ("above", column.range.few_above)) if there]
        beyond = f" (a few {' and '.join(few)})" if few else ""
        yield f"{column.range.low}..{column.range.high}{beyond}"


def _nulls(column: ColumnSummary, rows: Amount) -> Iterator[str]:
    if column.nulls is not None:
        yield {0: "no nulls", "few": "few nulls"}.get(column.nulls) or f"nulls {_share(column.nulls, rows)}"


def _values(column: ColumnSummary, rows: Amount) -> Iterator[str]:
    quoted = column.kind == "category"
    shown = [f"{_quoted(each.value) if quoted else each.value} {_share(each.rows, rows)}" for each in column.values]
    if column.others:
        shown.append(f"{column.others} other level{'s' if column.others > 1 else ''}")
    if shown:
        yield ", ".join(shown)


def _between(summary: Summary) -> Iterator[str]:
    quoted = {column.name for column in summary.columns if column.kind == "category"}
    if summary.keys:
        yield from ("", "candidate keys: " + "; ".join(" + ".join(key) for key in summary.keys))
    if summary.determined:
        pairs = "; ".join(_determined([(each.left, each.right) for each in summary.determined]))
        yield from ("", f"candidate functional dependencies: {pairs}")
    if summary.associations:
        pairs = "; ".join(f"{' ~ '.join(each.columns)} {each.strength:.2f}" for each in summary.associations)
        yield from ("", f"strongest associations (Cramer's V of binned columns, 0 to 1): {pairs}")
    for table in summary.sentiment:
        yield from ("", f"rows by {table.columns[0]} and {table.columns[1]} (- is not shown):")
        yield from _counts(_quoting(table, quoted))
    if summary.by_target:
        yield from ("", f"shares by {summary.target} (- is not shown):")
        for table in summary.by_target:
            yield from _by_target(_quoting(table, quoted))


def _determined(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Each pair; one line for both directions."""
    for left, right in pairs:
        if (right, left) not in pairs:
            yield f"{left} -> {right}"
        elif left < right:
            yield f"{left} <-> {right}"


def _quoting(table: CrossTable, quoted: Collection[str]) -> CrossTable:
    """A table whose levels stand in quotes, since they may hold any sign."""
    lines, heads = (
        tuple(map(_quoted, texts)) if name in quoted else texts
        for name, texts in zip(table.columns, (table.lines, table.heads), strict=True)
    )
    return table.model_copy(update={"lines": lines, "heads": heads})


def _counts(table: CrossTable) -> Iterator[str]:
    for name, counts in zip(table.lines, table.rows, strict=True):
        cells = (f"{head} {'-' if n is None else n}" for head, n in zip(table.heads, counts, strict=True))
        yield f"  {name}: {', '.join(cells)}"


def _by_target(table: CrossTable) -> Iterator[str]:
    yield f"  {table.columns[0]}:"
    for place, (head, total) in enumerate(zip(table.heads, table.totals, strict=True)):
        if total is not None:
            shares = [(name, counts[place]) for name, counts in zip(table.lines, table.rows, strict=True)]
            cells = (f"{name} {'-' if n is None else _share(n, total)}" for name, n in shares)
            yield f"    {table.columns[1]} = {head}: {', '.join(cells)}"


def _share(count: Amount, rows: Amount) -> str:
    if count == "few" or rows == "few":
        return "few"
    return f"{min(100 * count / rows, 100):.3g}%"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
