"""Lowering of values that depend on conditions: choices, defaults, counts and indicators."""

from __future__ import annotations

from htdbu.compiler.normal import Choose, Coalesce, Count, Indicator
from htdbu.solver.cpsat.arithmetic import unknown
from htdbu.solver.cpsat.lowering import Lowering, Number, number_rule
from htdbu.solver.cpsat.model import FALSE, TRUE, Form, Literal, Model


@number_rule(Choose)
def _choose(lowering: Lowering, node: Choose) -> Number:
    model, condition = lowering.model, lowering.condition(node.condition)
    if condition.true == FALSE and condition.false == FALSE:
        return unknown(model)
    then, otherwise = lowering.number(node.then), lowering.number(node.otherwise)
    taken = model.all_of((condition.true, then.known))
    left = model.all_of((condition.false, otherwise.known))
    form = select(model, condition.true, condition.false, then.form, otherwise.form)
    return Number(form, model.any_of((taken, left)))


def select(model: Model, first: Literal, second: Literal, then: Form, otherwise: Form) -> Form:
    """`then` where `first` holds, `otherwise` where `second` does; anything where neither does."""
    if first == TRUE or second == FALSE or then == otherwise:
        return then
    if second == TRUE or first == FALSE:
        return otherwise
    if then.fixed and otherwise.fixed:
        return model.combine(((then.low - otherwise.low, model.indicator(first)),), otherwise.low)
    result = model.form(((model.integer(min(then.low, otherwise.low), max(then.high, otherwise.high)), 1),))
    model.equal(result, then, (first,))
    model.equal(result, otherwise, (second,))
    return result


@number_rule(Coalesce)
def _coalesce(lowering: Lowering, node: Coalesce) -> Number:
    model = lowering.model
    *earlier, result = [lowering.number(arg) for arg in node.args]
    for number in reversed(earlier):
        form = select(model, number.known, ~number.known, number.form, result.form)
        result = Number(form, model.any_of((number.known, result.known)))
    return result


@number_rule(Count)
def _count(lowering: Lowering, node: Count) -> Number:
    model = lowering.model
    conditions = [lowering.condition(condition) for condition in node.conditions]
    form = model.combine((1, model.indicator(condition.true)) for condition in conditions)
    return Number(form, model.all_of(lowering.known(condition) for condition in conditions))


@number_rule(Indicator)
def _indicator(lowering: Lowering, node: Indicator) -> Number:
    condition = lowering.condition(node.condition)
    return Number(lowering.model.indicator(condition.true), lowering.known(condition))
