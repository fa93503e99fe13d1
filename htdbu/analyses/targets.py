"""HTR603: targets that no table of valid rows meets together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from htdbu.analyses.block import Block
from htdbu.analyses.implying import smallest
from htdbu.analyses.proof import BUDGET, DISAGREE, Proof
from htdbu.analyses.subject import Subject
from htdbu.analyses.tables.demands import Demand, Demands
from htdbu.analyses.tables.search import TableSearch
from htdbu.compiler.diagnostics.kinds import htr390_undecided, htr603_impossible_target
from htdbu.compiler.diagnostics.model import Diagnostic
from htdbu.compiler.expressions import columns_of
from htdbu.compiler.normal import variables
from htdbu.solver.components import Component, components
from htdbu.solver.cpsat.model import Literal, ModelOverflowError
from htdbu.solver.solutions import Status

TOO_LARGE = "their numbers are too large"


def findings(subject: Subject) -> Iterator[Diagnostic]:
    """Sets of targets and factors that cannot be met; no two of them share one."""
    component = _joined(subject)
    if component is None:
        return
    todo: list[Demand] = []
    try:
        block = Block(component, subject.effort)
        todo = Demands(subject, block).all()
        yield from _conflicts(subject, block, todo)
    except ModelOverflowError:
        yield _open(todo, TOO_LARGE)


def _conflicts(subject: Subject, block: Block, todo: list[Demand]) -> Iterator[Diagnostic]:
    search = TableSearch(block)
    while todo:
        answer = search.ask(todo)
        if answer.status is Status.UNKNOWN:
            yield _open(todo, BUDGET)
        if answer.status is not Status.INFEASIBLE:
            return
        chosen = _minimal(search, todo)
        proof = _proof(subject, block, search, chosen)
        if proof.reason:
            yield _open(chosen, proof.reason)
        else:
            named = [(demand.name, demand.span) for demand in chosen]
            yield htr603_impossible_target.impossible(named, subject.places(proof.rules))
        todo = [demand for demand in todo if demand not in chosen]


def _minimal(search: TableSearch, demands: Sequence[Demand]) -> list[Demand]:
    """Demands that cannot be met together, although they can be without any one of them."""
    kept = list(demands)
    for demand in reversed(demands):
        others = [other for other in kept if other is not demand]
        if others and search.ask(others).status is Status.INFEASIBLE:
            kept = others
    return kept


def _proof(subject: Subject, block: Block, search: TableSearch, chosen: Sequence[Demand]) -> Proof:
    """A smallest set of hard rules under which no row pays at the prices that prove it, on a model made anew too."""
    answer = search.ask(chosen)
    members = {name: literal for name, literal in block.rules.items() if name not in block.bounds}
    rules = smallest(block, members, [_pays(block, chosen, answer.prices)], block.domains)
    if rules is None:
        return Proof(reason=BUDGET)
    anew = subject.restricted(block, set(rules))
    again = [demand for demand in Demands(subject, anew).all() if demand.name in {one.name for one in chosen}]
    confirmed = anew.ask([*anew.valid, _pays(anew, again, answer.prices)]).status is Status.INFEASIBLE
    return Proof(rules) if confirmed else Proof(reason=DISAGREE)


def _pays(block: Block, demands: Sequence[Demand], prices: Sequence[int]) -> Literal:
    """That a row adds something to the demands, at some prices."""
    form = TableSearch(block).worth([c for demand in demands for c in demand.constraints], prices)
    return block.model.member(form, ((1, None),))


def _open(demands: Sequence[Demand], reason: str) -> Diagnostic:
    span = demands[-1].span if demands else None
    return htr390_undecided.undecided("whether the targets can be met together", span, reason)


def _joined(subject: Subject) -> Component | None:
    """The blocks of all columns that targets and factors speak of, as one; None where nothing speaks of any."""
    spoken = _spoken(subject)
    parts = [part for part in components(subject.normal, frozenset()) if spoken.intersection(part.columns)]
    if not parts:
        return None
    together = {name: tuple(sorted({i for part in parts for i in getattr(part, name)})) for name in
                ("columns", "mutable", "fixed", "derived")}  # fmt: skip
    hard = tuple(rule for part in parts for rule in part.hard)
    return Component(**together, hard=hard, soft=(), program=subject.normal)


def _spoken(subject: Subject) -> set[int]:
    program = subject.program
    names = {name for target in program.targets if not target.real for name in target.columns}
    for factor in program.factors:
        if factor.shares is not None or any(a.shares for branch in factor.branches for a in branch.attributes):
            names |= {factor.column, *(a.column for branch in factor.branches for a in branch.attributes)}
    found = {program.column_index[name] for name in names}
    for target, source in zip(subject.normal.targets, program.targets, strict=True):
        for node, expr in ((target.condition, source.condition), (target.given, source.given)):
            if node is not None and not source.real:
                found |= variables(node) | {program.column_index[name] for name in columns_of(expr)}
    return found
