"""A premise narrowed: the rule without the levels of one category in which real rows break it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from htdbu.compiler.diagnostics.view import quoted, spelt
from htdbu.evaluation.tuning.noise import surely_above
from htdbu.evaluation.tuning.proposals.trial import LEFT, Trial
from htdbu.evaluation.tuning.setup import Edit
from htdbu.grammar import syntax
from htdbu.solver.table import VALUE

KEPT = 0.5
"""So many of the rows that the rule speaks of must be left, or the exception would be the rule."""


def edits(trial: Trial) -> Iterator[Edit]:
    """For each category some levels fewer."""
    rule = trial.rule
    if rule is None:
        return
    program, table, outcome = trial.setup.program, trial.evidence.table(trial.setup), trial.outcome
    for i, column in enumerate(program.columns):
        if column.type.kind != "category" or column.derived is not None:
            continue
        codes = np.where(table.states[i] == VALUE, table.values[i], -1)
        spoken, broken = outcome.fired & (codes >= 0), outcome.fail & outcome.fired & (codes >= 0)
        size = len(column.type.levels)
        fired, failed = (np.bincount(codes[rows], minlength=size) for rows in (spoken, broken))
        bad = [k for k in range(size) if fired[k] and surely_above(int(failed[k]), int(fired[k]), size) > LEFT]
        if bad and fired[bad].sum() <= (1 - KEPT) * fired.sum():
            yield _without(trial, rule, column.name, [column.type.levels[k] for k in bad])


def _without(trial: Trial, rule: syntax.RuleDecl, column: str, levels: list[str]) -> Edit:
    listed = ", ".join(quoted(level) for level in levels)
    condition, body = f"{spelt(column)} not in {{ {listed} }}", trial.text(rule.body.span)
    text = f"({body}) and {condition}" if rule.kind == "forbid" else f"{condition} => ({body})"
    return trial.edit(f"only where {condition}", (rule.body.span, text))
