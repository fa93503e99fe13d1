"""How conditions and evidence are put in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from htdbu.compiler.writing.leaves import write_name, write_number, write_text
from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.view import Field


def literal(field: Field, steps: int) -> str:
    """A value of a column as a rule file spells it."""
    match field.kind:
        case "category":
            return write_text(field.column.type.levels[steps])
        case "bool":
            return "true" if steps else "false"
        case "date":
            return (date(1970, 1, 1) + timedelta(days=steps)).isoformat()
        case "datetime":
            return datetime.fromtimestamp(steps, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        case _:
            return number(steps, field.column.type.scale)


def number(steps: int, scale: int) -> str:
    """A number of so many digits after the point, without useless zeros."""
    return write_number(format(Decimal(steps).scaleb(-scale), "f"))


def name(field: Field) -> str:
    """A column's name, in back-ticks where it needs them."""
    return write_name(field.name)


def one_of(field: Field, values: Sequence[int]) -> str:
    """That a column has one of some values."""
    if field.kind == "bool" and len(values) == 1:
        return name(field) if values[0] else f"not {name(field)}"
    if len(values) == 1:
        return f"{name(field)} == {literal(field, values[0])}"
    return f"{name(field)} in {{ {', '.join(literal(field, v) for v in values)} }}"


def none_of(field: Field, values: Sequence[int]) -> str:
    """That a column has none of some values."""
    if field.kind == "bool" and len(values) == 1:
        return f"not {name(field)}" if values[0] else name(field)
    if len(values) == 1:
        return f"{name(field)} != {literal(field, values[0])}"
    return f"{name(field)} not in {{ {', '.join(literal(field, v) for v in values)} }}"


def rows(count: int) -> str:
    """A count of rows."""
    return f"{count:,} row" if count == 1 else f"{count:,} rows"


def evidence(finding: Finding, total: int) -> str:
    """What speaks for a finding, in a sentence or two."""
    where = f"all {rows(total)}" if finding.support == total else f"all {rows(finding.support)} where it applies"
    if finding.broken:
        where = f"{rows(finding.support)} where it applies" if finding.support < total else rows(total)
        text = f"{finding.broken:,} of {where} break it ({finding.broken / finding.support:.2%})"
    else:
        text = f"Holds in {where}"
    if finding.expected >= 1:
        # The estimate stands on a sample: two digits are all that it can say.
        text += f"; about {_rounded(finding.expected)} would break it by chance"
    return f"{text}."


def _rounded(value: float) -> str:
    return f"{int(float(f'{value:.2g}')):,}"


def listed(names: Iterable[str]) -> str:
    """Names with commas between."""
    return ", ".join(names)
