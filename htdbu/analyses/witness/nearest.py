"""Of the rows of a block in which some literals hold: the one of fewest soft weights, then nearest to another row."""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.analyses.block import Block
from htdbu.analyses.witness.typical import Typical
from htdbu.compiler.normal import NormalColumn
from htdbu.solver.cpsat.lowering import Number
from htdbu.solver.cpsat.model import TRUE, Form, Literal, Model, ModelOverflowError
from htdbu.solver.cpsat.search import Answer
from htdbu.solver.objective import MADE_NULL, Prices
from htdbu.solver.ranges import bounded, nearest
from htdbu.solver.solutions import Status

Part = tuple[int, Form]


def nearest_row(block: Block, held: Sequence[Literal], typical: Typical, broken: str | None = None) -> Answer:
    """The row of a block that breaks the least weight of soft rules, and of those the nearest to a typical one.

    Args:
        held: what has to hold.
        broken: a soft rule that has to be broken, and costs nothing.

    Returns:
        An answer that is optimal only where both were proved.
    """
    answer = block.ask(held)
    if not answer.status.solved:
        return answer
    proved = True
    for form in (_weights(block, broken), _price(block, typical)):
        better = block.least(held, form)
        if not better.status.solved:
            return Answer(Status.FEASIBLE, answer.values)
        answer, proved = better, proved and better.status is Status.OPTIMAL
        limit = answer.total(form.terms) + form.constant
        held = [*held, block.model.member(form, ((None, limit),))]
    return Answer(Status.OPTIMAL if proved else Status.FEASIBLE, answer.values)


def _weights(block: Block, broken: str | None) -> Form:
    """A hundred times the weight of the soft rules that are broken: weights have two decimals at most."""
    weights = {rule.name: int((rule.weight or 0) * 100) for rule in block.component.soft}
    parts = [(weights[name], block.model.indicator(literal)) for name, literal in block.softs.items() if name != broken]
    return block.model.combine(parts)


def _price(block: Block, typical: Typical) -> Form:
    """What a repair of the typical row would cost; where that leaves 64 bits, how many cells it would change."""
    try:
        return block.model.combine(_parts(block, typical, Prices(block.component)))
    except ModelOverflowError:
        return block.model.combine(_parts(block, typical, None))


def _parts(block: Block, typical: Typical, prices: Prices | None) -> list[Part]:
    parts: list[Part] = []
    for i in block.component.mutable:
        column, number = block.component.column(i), block.number(i)
        value = _aim(block, column, i, typical)
        step = 0 if prices is None else prices.step[i]
        change = 1 if prices is None else prices.changed[i] if step and value is not None else prices.half(i)
        null = MADE_NULL if prices is None else prices.null(i)
        parts += _cell(block.model, number, value, (change, step, null))
    return parts


def _aim(block: Block, column: NormalColumn, position: int, typical: Typical) -> int | None:
    """The value of a typical cell that a column can have; texts that nothing asks for differ from all others."""
    if column.kind == "text":
        return block.codes.literals + block.codes.position[position]
    value = typical[position]
    return None if value is None else nearest(bounded(column.box), value)


def _cell(model: Model, number: Number, value: int | None, prices: tuple[int, int, int]) -> list[Part]:
    """The price of a cell: of a change, of each step of distance, of a null."""
    change, step, null = prices
    if value is None:
        return [(change, model.indicator(number.known))]
    same = model.member(number.form, ((value, value),))
    parts = [(change, model.indicator(model.all_of((number.known, ~same))))]
    if number.known != TRUE:
        parts.append((null, model.indicator(~number.known)))
    if step:
        low, high = number.form.low, number.form.high
        far = model.form(((model.integer(0, max(high - value, value - low, 0)), 1),))
        for sign in (1, -1):
            gap = model.combine(((1, far), (-sign, number.form)), sign * value)
            model.linear(gap, ((0, max(0, gap.high)),), (number.known,))
        parts.append((step, far))
    return parts
