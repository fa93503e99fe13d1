"""The fewest other rules that break together with one rule."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from htdbu.compiler.normal import NormalProgram, NormalRule
from htdbu.errors import UsageError
from htdbu.solver.cells import Cell, Mode
from htdbu.solver.components import Component, components
from htdbu.solver.cpsat.search import Budget, Search
from htdbu.solver.cpsat.template import Template
from htdbu.solver.solutions import Status
from htdbu.testing.breaking import softened, without
from htdbu.testing.projection import EFFORT, plain
from htdbu.testing.proper import proper


class UnbreakableError(UsageError):
    """A rule was to be broken that every row satisfies."""


def breakable(normal: NormalProgram, demand: NormalRule, rule: str) -> NormalProgram:
    """The program without the fewest rules that no row that meets a demand satisfies.

    Raises:
        UnbreakableError: where no row at all meets the demand.
        UsageError: where none was found in time.
    """
    program = softened(proper(plain(normal)), demand)
    one = tuple(replace(r, weight=Decimal(1)) if r.kind == "soft" else r for r in program.rules)
    blocks = components(replace(program, rules=one), frozenset())
    return without(normal, [name for block in blocks if block.soft or block.hard for name in _fewest(block, rule)])


def _fewest(block: Component, rule: str) -> list[str]:
    """The fewest soft rules of a block that fail where its hard ones hold."""
    template = Template(block)
    template.load(tuple(Cell(Mode.BROKEN) for _ in block.cells))
    answer = Search().minimise(template.model, [(literal, 1) for literal in template.softs], Budget(10 * EFFORT))
    if answer.status is Status.INFEASIBLE:
        message = f"no row breaks `{rule}`: what its columns may hold, by declaration or definition, implies it"
        raise UnbreakableError(message, "a rule that no row breaks has no invalid rows; leave it out")
    if not answer.status.solved:
        raise UsageError(f"no row that breaks `{rule}` was found in time", "narrow the domains of its columns")
    return [r.name for r, literal in zip(block.soft, template.softs, strict=True) if answer.values[literal]]
