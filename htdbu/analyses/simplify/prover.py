"""Whether rules are false on the same rows: first by rows that were met, then by CP-SAT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from htdbu.analyses.block import EFFORT, Block
from htdbu.analyses.implying import smallest
from htdbu.analyses.simplify.samples import Samples
from htdbu.analyses.subject import Subject
from htdbu.compiler.expressions import Expr
from htdbu.compiler.lowering.build import conjunction, disjunction, negated
from htdbu.compiler.normal import Bool, IsNull, NormalRule, Truth
from htdbu.compiler.program import Program
from htdbu.solver.components import components
from htdbu.solver.cpsat.model import ModelOverflowError
from htdbu.solver.solutions import Status

Pair = tuple[Bool, Bool]
_ASKED = "?"
NEVER_FALSE = Truth(True)


class Prover:
    """Proofs about the rules of one program; what the budget leaves open counts as not proved."""

    def __init__(self, program: Program, effort: float = EFFORT) -> None:
        self.subject = Subject(program, effort)
        self.normal = self.subject.normal
        self._samples = Samples(self.normal, self.subject.outcomes.values())
        self._lowered: dict[int, tuple[Expr, Bool]] = {}

    def lowered(self, expr: Expr) -> Bool:
        """The normal form of a condition; the expression is kept, since the lowerer knows parts by identity."""
        found = self._lowered.get(id(expr))
        if found is None:
            found = self._lowered[id(expr)] = (expr, self.subject.lowered(expr))
        return found[1]

    def may_be_same(self, pairs: Sequence[Pair], given: Sequence[Bool] = ()) -> bool:
        """Whether no row that was met tells the sides of the pairs apart."""
        return not self._samples.differ(pairs, given)

    def same(self, pairs: Sequence[Pair], given: Mapping[str, Bool] | None = None) -> bool:
        """Whether, in every row of the domains that breaks none of the given rules, both sides of each pair agree."""
        given = {} if given is None else given
        if not self.may_be_same(pairs, list(given.values())):
            return False
        block = self._block(_differ(pairs), given)
        if block is None:
            return False
        kept = [literal for name, literal in block.rules.items() if name != _ASKED]
        answer = block.ask([*kept, ~block.rules[_ASKED]])
        if answer.status.solved:
            self._samples.add(block.cells(answer.values))
        return answer.status is Status.INFEASIBLE

    def implying(self, pairs: Sequence[Pair], given: Mapping[str, Bool]) -> tuple[str, ...]:
        """A smallest set of the given rules under which both sides agree."""
        block = self._block(_differ(pairs), given)
        if block is None:
            return tuple(given)
        members = {name: block.rules[name] for name in given if name in block.rules}
        found = smallest(block, members, [~block.rules[_ASKED]], block.domains)
        return tuple(members) if found is None else found

    def _block(self, wanted: Bool, given: Mapping[str, Bool]) -> Block | None:
        """A model, made anew, of the columns that a condition depends on, given some rules; None if it is too large.

        Its rule `?` is false where the condition is true.
        """
        asked = _rule(_ASKED, negated(wanted))
        rules = (*(_rule(name, node) for name, node in given.items()), asked)
        parts = components(replace(self.normal, rules=rules), frozenset())
        component = next(part for part in parts if asked in part.hard)
        try:
            return Block(component, self.subject.effort)
        except ModelOverflowError:
            return None


def _rule(name: str, outcome: Bool) -> NormalRule:
    return NormalRule(name, "hard", None, outcome, None, frozenset(), None)


def broken(outcome: Bool) -> Bool:
    """That a rule is false, as a condition that is never unknown."""
    if isinstance(outcome, Truth):
        return Truth(outcome.value is False)
    return negated(disjunction((outcome, IsNull(outcome))))


def _differ(pairs: Sequence[Pair]) -> Bool:
    """That one side of some pair is false and the other is not."""
    sides = [(broken(a), broken(b)) for a, b in pairs]
    return disjunction(conjunction(pair) for a, b in sides for pair in ((a, negated(b)), (negated(a), b)))
