"""Lowering of conditions: the one atom, and Kleene's connectives."""

from __future__ import annotations

from htdbu.compiler.normal import And, Calendar, Iff, Intervals, IsNull, Not, Or, Within
from htdbu.solver.cpsat.calendar import day_ranges
from htdbu.solver.cpsat.lowering import NUMBERS, Condition, Lowering, Number, condition_rule
from htdbu.solver.cpsat.model import FALSE, TRUE, Literal, Model


def atom(lowering: Lowering, node: Within) -> tuple[Number, Intervals]:
    """The number and the ranges of an atom; one on a part of a date becomes one on the day."""
    if isinstance(node.term, Calendar):
        days = lowering.number(node.term.argument)
        ranges = day_ranges(node.term.part, node.intervals, days.form.low, days.form.high)
        if ranges is not None:
            return days, ranges
    return lowering.number(node.term), node.intervals


@condition_rule(Within)
def _within(lowering: Lowering, node: Within) -> Condition:
    model = lowering.model
    number, ranges = atom(lowering, node)
    member = model.member(number.form, ranges)
    return Condition(model.all_of((number.known, member)), model.all_of((number.known, ~member)))


@condition_rule(IsNull)
def _is_null(lowering: Lowering, node: IsNull) -> Condition:
    argument = node.argument
    if type(argument) in NUMBERS:
        known = lowering.number(argument).known  # type: ignore[arg-type]
    else:
        known = lowering.known(lowering.condition(argument))  # type: ignore[arg-type]
    return Condition(~known, known)


@condition_rule(And)
def _and(lowering: Lowering, node: And) -> Condition:
    args = [lowering.condition(arg) for arg in node.args]
    model = lowering.model
    return Condition(model.all_of(arg.true for arg in args), model.any_of(arg.false for arg in args))


@condition_rule(Or)
def _or(lowering: Lowering, node: Or) -> Condition:
    args = [lowering.condition(arg) for arg in node.args]
    model = lowering.model
    return Condition(model.any_of(arg.true for arg in args), model.all_of(arg.false for arg in args))


@condition_rule(Not)
def _not(lowering: Lowering, node: Not) -> Condition:
    argument = lowering.condition(node.argument)
    return Condition(argument.false, argument.true)


@condition_rule(Iff)
def _iff(lowering: Lowering, node: Iff) -> Condition:
    model = lowering.model
    left, right = lowering.condition(node.left), lowering.condition(node.right)
    if left.false == ~left.true and right.false == ~right.true:
        same = _same(model, left.true, right.true)
        return Condition(same, ~same)
    return Condition(_either(model, left, right), _either(model, left, Condition(right.false, right.true)))


def _either(model: Model, left: Condition, right: Condition) -> Literal:
    """Both true, or both false."""
    return model.any_of(
        (model.all_of((left.true, right.true)), model.all_of((left.false, right.false))),
    )


def _same(model: Model, left: Literal, right: Literal) -> Literal:
    """A literal that holds exactly where two literals agree."""
    for constant, other in ((left, right), (right, left)):
        if constant in (TRUE, FALSE):
            return other if constant == TRUE else ~other
    if left in (right, ~right):
        return TRUE if left == right else FALSE
    result = model.literal()
    model.clause((~left, right), (result,))
    model.clause((left, ~right), (result,))
    model.clause((left, right), (~result,))
    model.clause((~left, ~right), (~result,))
    return result
