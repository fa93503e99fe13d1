"""What a column declares, widened: a range up to what real rows hold, or nulls allowed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from htdbu.evaluation.tuning.literals import nodes_in, rounded, spelled
from htdbu.evaluation.tuning.proposals.trial import LEFT, Trial
from htdbu.evaluation.tuning.setup import Edit
from htdbu.grammar import syntax
from htdbu.grammar.source import Span
from htdbu.solver.table import VALUE


def edits(trial: Trial) -> Iterator[Edit]:
    """The declaration with a wider range, or with `null`."""
    place = trial.place
    if not isinstance(place, syntax.ColumnDecl):
        return
    if trial.outcome.kind == "null":
        end = (place.bound or place.type).span.end
        yield trial.edit("may be null", (Span(place.span.file, end, end), " null"))
    elif isinstance(place.bound, syntax.Range):
        yield from _wider(trial, place.name.value, place.bound)


def _wider(trial: Trial, name: str, bound: syntax.Range) -> Iterator[Edit]:
    program, table = trial.setup.program, trial.evidence.table(trial.setup)
    i = program.column_index[name]
    cells = np.sort(table.values[i][table.states[i] == VALUE])
    if program.column(name).type.kind not in ("int", "decimal") or not cells.size:
        return
    scale, whole = program.column(name).type.scale, program.column(name).type.kind == "int"
    out = int(LEFT / 2 * cells.size)
    texts = []
    for end, cell, upwards in ((bound.low, cells[out], False), (bound.high, cells[-1 - out], True)):
        value = Decimal(int(cell)).scaleb(-scale)
        number = next(nodes_in(end, syntax.Number), None)
        if number is None or end is None:
            continue
        now = -number.value if isinstance(end, syntax.Unary) else number.value
        if value > now if upwards else value < now:
            texts.append((end.span, spelled(rounded(value, upwards, whole), trial.text(end.span))))
    if texts:
        yield trial.edit(f"the range ends at {' and '.join(text for _, text in texts)}", *texts)
