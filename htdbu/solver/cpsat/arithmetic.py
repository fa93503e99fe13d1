"""Lowering of arithmetic: sums, products, quotients, absolute values and extremes."""

from __future__ import annotations

from collections.abc import Iterable

from htdbu.compiler.normal import Abs, Extreme, FloorDiv, Linear, Product, RoundDiv
from htdbu.solver.cpsat.lowering import Lowering, Number, number_rule
from htdbu.solver.cpsat.model import FALSE, TRUE, Form, Literal, Model


def all_known(model: Model, numbers: Iterable[Number]) -> Literal:
    """The literal of every number's being known."""
    return model.all_of(number.known for number in numbers)


def unknown(model: Model) -> Number:
    """A number that is never known."""
    return Number(model.form(()), FALSE)


@number_rule(Linear)
def _linear(lowering: Lowering, node: Linear) -> Number:
    numbers = [lowering.number(term) for _, term in node.terms]
    parts = [(c, number.form) for (c, _), number in zip(node.terms, numbers, strict=True)]
    return Number(lowering.model.combine(parts, node.constant), all_known(lowering.model, numbers))


@number_rule(Product)
def _product(lowering: Lowering, node: Product) -> Number:
    model = lowering.model
    numbers = left, right = lowering.number(node.left), lowering.number(node.right)
    known = all_known(model, numbers)
    for fixed, other in ((left.form, right.form), (right.form, left.form)):
        if fixed.fixed:
            return Number(model.combine(((fixed.low, other),)), known)
    corners = [a * b for a in (left.form.low, left.form.high) for b in (right.form.low, right.form.high)]
    square = left.form == right.form and left.form.low <= 0 <= left.form.high
    target = model.integer(0 if square else min(corners), max(corners))
    model.product(target, (left.form, right.form))
    return Number(model.form(((target, 1),)), known)


@number_rule(FloorDiv)
def _floor_div(lowering: Lowering, node: FloorDiv) -> Number:
    model = lowering.model
    over, under = lowering.number(node.numerator), lowering.number(node.denominator)
    known = all_known(model, (over, under))
    if known == FALSE:
        return unknown(model)
    quotient, _ = divide(model, over.form, positive(model, under))
    return Number(quotient, known)


@number_rule(RoundDiv)
def _round_div(lowering: Lowering, node: RoundDiv) -> Number:
    """Halves to even: `floor((2n + d) / 2d)` rounds halves up; one less where that was a tie and came out odd."""
    model = lowering.model
    over, under = lowering.number(node.numerator), lowering.number(node.denominator)
    known = all_known(model, (over, under))
    if known == FALSE:
        return unknown(model)
    divisor = positive(model, under)
    doubled = model.combine(((2, over.form), (1, divisor)))
    upward, rest = divide(model, doubled, model.combine(((2, divisor),)))
    if divisor.fixed and divisor.low % 2 == 1:
        return Number(upward, known)
    tie = model.all_of((model.member(rest, ((0, 0),)), odd(model, upward)))
    return Number(model.combine(((1, upward), (-1, model.indicator(tie)))), known)


def positive(model: Model, denominator: Number) -> Form:
    """The denominator as a form that is at least 1: its value where it is known, anything where it is not."""
    if denominator.form.low >= 1:
        return denominator.form
    stand_in = model.integer(1, max(denominator.form.high, 1))
    form = model.form(((stand_in, 1),))
    model.equal(form, denominator.form, (denominator.known,))
    return form


def divide(model: Model, over: Form, under: Form) -> tuple[Form, Form]:
    """Quotient (rounded down) and remainder of `over` by the positive `under`."""
    corners = [n // d for n in (over.low, over.high) for d in (under.low, under.high)]
    quotient = model.integer(min(corners), max(corners))
    shown = model.form(((quotient, 1),))
    if under.fixed:
        rest = model.form(((model.integer(0, under.low - 1), 1),))
        model.equal(over, model.combine(((under.low, shown), (1, rest))))
        return shown, rest
    if shown.fixed:
        multiple = model.combine(((shown.low, under),))
    else:
        target = model.integer(over.low - (under.high - 1), over.high)
        model.product(target, (under, shown))
        multiple = model.form(((target, 1),))
    rest = model.combine(((1, over), (-1, multiple)))
    model.linear(rest, ((0, max(0, rest.high)),))
    gap = model.combine(((1, under), (-1, rest)))
    model.linear(gap, ((1, max(1, gap.high)),))
    return shown, rest


def odd(model: Model, form: Form) -> Literal:
    """A literal that holds exactly where the form is odd."""
    if form.fixed:
        return TRUE if form.low % 2 else FALSE
    half, result = model.integer(form.low // 2, form.high // 2), model.literal()
    model.equal(form, model.form(((half, 2), (result, 1))))
    return result


@number_rule(Abs)
def _abs(lowering: Lowering, node: Abs) -> Number:
    model, number = lowering.model, lowering.number(node.argument)
    form = number.form
    if form.low >= 0 or form.high <= 0:
        return Number(model.combine(((1 if form.low >= 0 else -1, form),)), number.known)
    return Number(greatest(model, (form, model.combine(((-1, form),)))), number.known)


@number_rule(Extreme)
def _extreme(lowering: Lowering, node: Extreme) -> Number:
    model = lowering.model
    numbers = [lowering.number(arg) for arg in node.args]
    sign = 1 if node.which == "max" else -1
    result = greatest(model, [model.combine(((sign, number.form),)) for number in numbers])
    return Number(model.combine(((sign, result),)), all_known(model, numbers))


def greatest(model: Model, forms: Iterable[Form]) -> Form:
    """The greatest of several forms."""
    forms = list(dict.fromkeys(forms))
    floor = max(form.low for form in forms)
    forms = [form for form in forms if form.high > floor or form.low == floor]
    if len(forms) == 1:
        return forms[0]
    target = model.integer(floor, max(form.high for form in forms))
    model.maximum(target, forms)
    return model.form(((target, 1),))
