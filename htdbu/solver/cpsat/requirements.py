"""Rules as constraints: `the outcome is not false`, with its and/or structure turned into clauses."""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.compiler.normal import And, Bool, Not, Or, Within
from htdbu.solver.cpsat.logic import atom
from htdbu.solver.cpsat.lowering import Lowering
from htdbu.solver.cpsat.model import Literal
from htdbu.solver.ranges import clip


def require(lowering: Lowering, node: Bool, when: Sequence[Literal] = (), positive: bool = True) -> None:
    """The node is not false (not true, where `positive` is off), wherever all of `when` hold."""
    model = lowering.model
    match node:
        case Not(argument=argument):
            require(lowering, argument, when, not positive)
        case And(args=args) if positive:
            for arg in args:
                require(lowering, arg, when, positive)
        case Or(args=args) if not positive:
            for arg in args:
                require(lowering, arg, when, positive)
        case And(args=args) | Or(args=args):
            model.clause([weak(lowering, arg, positive) for arg in args], when)
        case Within() if positive:
            number, intervals = atom(lowering, node)
            domain = clip(intervals, number.form.low, number.form.high)
            if domain != ((number.form.low, number.form.high),):
                model.linear(number.form, domain, (*when, number.known))
        case _:
            model.clause((weak(lowering, node, positive),), when)


def weak(lowering: Lowering, node: Bool, positive: bool) -> Literal:
    """A literal that implies that the node is not false (not true, where `positive` is off)."""
    match node:
        case Not(argument=argument):
            return weak(lowering, argument, not positive)
        case And() | Or():
            result = lowering.model.literal()
            require(lowering, node, (result,), positive)
            return result
    condition = lowering.condition(node)
    return ~(condition.false if positive else condition.true)


def failing(lowering: Lowering, node: Bool) -> Literal:
    """A literal that must hold where the node is false; one that costs something then holds nowhere else."""
    result = lowering.model.literal()
    require(lowering, node, (~result,))
    return result
