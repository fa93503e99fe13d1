"""A factor's support, widened by the levels that real rows hold."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from htdbu.compiler.diagnostics.view import quoted
from htdbu.evaluation.tuning.proposals.trial import LEFT, Trial
from htdbu.evaluation.tuning.setup import Edit
from htdbu.grammar import syntax
from htdbu.grammar.source import Span
from htdbu.solver.table import VALUE


def edits(trial: Trial) -> Iterator[Edit]:
    """The set of one attribute with the levels that are lacking."""
    if not isinstance(trial.place, syntax.FactorDecl):
        return
    rule = next(rule for rule in trial.setup.program.rules if rule.name == trial.outcome.name)
    for arm in trial.place.arms:
        for attribute in arm.attributes:
            if rule.span == attribute.span and isinstance(attribute.allowed, syntax.Set):
                levels = _lacking(trial, attribute.column.value)
                if levels:
                    end = attribute.allowed.items[-1].span.end
                    place = Span(attribute.span.file, end, end)
                    listed = ", ".join(levels)
                    yield trial.edit(f"{listed} allowed too", (place, f", {listed}"))


def _lacking(trial: Trial, name: str) -> list[str]:
    """The levels that real rows hold where they break the rule, each in more of them than a few."""
    program, table = trial.setup.program, trial.evidence.table(trial.setup)
    column, i = program.column(name), program.column_index[name]
    broken = trial.outcome.fail & trial.outcome.fired & (table.states[i] == VALUE)
    codes, counts = np.unique(table.values[i][broken], return_counts=True)
    least = LEFT * trial.outcome.fired.sum()
    found = [int(code) for code, count in zip(codes, counts, strict=True) if count > least]
    if column.type.kind == "category":
        return [quoted(column.type.levels[code]) for code in found]
    return ["true" if code else "false" for code in found] if column.type.kind == "bool" else []
