"""Lowering of finite tables: one literal a row (or a value), of which at most one holds."""

from __future__ import annotations

from collections import defaultdict

from htdbu.compiler.normal import Table
from htdbu.solver.cpsat.arithmetic import all_known
from htdbu.solver.cpsat.lowering import Lowering, Number, number_rule
from htdbu.solver.cpsat.model import FALSE, Literal
from htdbu.solver.ranges import joined


@number_rule(Table)
def _table(lowering: Lowering, node: Table) -> Number:
    """`value = sum(value of row * row matches)`; unknown where no row matches."""
    model = lowering.model
    keys = [lowering.number(key) for key in node.keys]
    known = all_known(model, keys)
    matches: dict[int, list[Literal]] = defaultdict(list)
    if len(keys) == 1:
        points: dict[int, list[int]] = defaultdict(list)
        for (key,), value in node.rows.items():
            points[value].append(key)
        for value, wanted in points.items():
            domain = joined((point, point) for point in sorted(wanted))
            matches[value].append(model.all_of((known, model.member(keys[0].form, domain))))
    else:
        for row, value in node.rows.items():
            parts = [model.member(key.form, ((v, v),)) for key, v in zip(keys, row, strict=True)]
            matches[value].append(model.all_of((known, *parts)))
    chosen = [(value, literal) for value, found in matches.items() for literal in found if literal != FALSE]
    model.at_most_one([literal for _, literal in chosen])
    form = model.combine((value, model.indicator(literal)) for value, literal in chosen)
    return Number(form, model.any_of(literal for _, literal in chosen))
