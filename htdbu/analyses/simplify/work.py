"""The rules while they are made shorter: what they are now, what was done to them, and what may be asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from htdbu.analyses.simplify.candidates import Known, Part
from htdbu.analyses.simplify.measure import Size
from htdbu.analyses.simplify.names import params_of
from htdbu.analyses.simplify.prover import Pair, Prover
from htdbu.analyses.simplify.rule_file import Parts, RuleFile, affected, outcome
from htdbu.compiler.expressions import columns_of
from htdbu.compiler.lowering.domains import declared, is_open
from htdbu.compiler.normal import Bool
from htdbu.compiler.program import Program
from htdbu.solver.solutions import Status

Kind = Literal["same", "together"]


@dataclass(frozen=True)
class Step:
    """One change that was proved.

    Attributes:
        kind: whether the domains alone prove it, or other rules together with them.
        rules: those rules.
    """

    reason: str
    kind: Kind = "same"
    rules: tuple[str, ...] = ()


class Work:
    """The state of one simplification.

    Attributes:
        parts: as they are by now.
        steps: what was done to each part, by name; to one that is gone, too.
        heir: the rule that says what a merged one said.
    """

    def __init__(self, file: RuleFile, program: Program, effort: float) -> None:
        self.file = file
        self.program = program
        self.known = Known(program)
        self.prover = Prover(program, effort)
        self.parts: dict[str, Part] = dict(file.parts)
        self.steps: dict[str, list[Step]] = {}
        self.heir: dict[str, str] = {}
        self._outcomes: dict[object, Bool] = {}

    def outcome(self, name: str, parts: Parts | None = None) -> Bool:
        """What a rule says, in the normal form."""
        parts = self.parts if parts is None else parts
        part = parts[name]
        key = (part.origin == "forbid", part.body, *(parts[guard].body for guard in part.guards))
        if key not in self._outcomes:
            self._outcomes[key] = self.prover.lowered(outcome(parts, name))
        return self._outcomes[key]

    def size(self, name: str) -> Size:
        """The size of a part: as it stands in the file while nothing was done to it, and as it is written after."""
        return self.file.size_written(self.parts[name]) if name in self.steps else self.file.size_now(name)

    def pairs(self, part: Part) -> list[Pair]:
        """The rules that a changed part would change, as they are and as they would be."""
        changed = {**self.parts, part.name: part}
        return [(self.outcome(name), self.outcome(name, changed)) for name in affected(self.parts, part.name)]

    def others(self, names: Sequence[str]) -> dict[str, Bool]:
        """The hard rules that some rules are connected with, those that factors make too, but not these themselves."""
        blocks = {self.blocks[name] for name in names}
        own = [name for name, part in self.parts.items() if part.origin in ("hard", "forbid") and name not in names]
        given = {**{name: self.outcome(name) for name in own}, **self._of_factors}
        return {name: node for name, node in given.items() if self.blocks.get(name) in blocks}

    @cached_property
    def _of_factors(self) -> dict[str, Bool]:
        outcomes = self.prover.subject.outcomes
        return {rule.name: outcomes[rule.name] for rule in self.program.rules if rule.origin == "factor"}

    @cached_property
    def blocks(self) -> dict[str, int]:
        """The block of every rule, by name, where the domains leave it any row."""
        found: dict[str, int] = {}
        for number, block in enumerate(self.prover.subject.blocks):
            if block.ask(block.domains).status.solved:
                rules = (*block.component.hard, *block.component.soft)
                found |= {rule.name: number for rule in rules}
        return found

    @cached_property
    def feasible(self) -> set[int]:
        """The blocks that a row is known of; none where another has none, since all rows of nothing are alike."""
        states = [block.ask(block.valid).status for block in self.prover.subject.blocks]
        if Status.INFEASIBLE in states:
            return set()
        return {number for number, state in enumerate(states) if state.solved}

    def may_change(self, name: str, *, together: bool) -> bool:
        """Whether a part may be changed, and if so because of other rules."""
        names = affected(self.parts, name)
        if not names or not all(other in self.blocks for other in names):
            return False
        free = not (self.file.named | self.file.kept).intersection(names) and all(
            self.blocks[other] in self.feasible for other in names
        )
        return free or not together

    def may_go(self, name: str) -> bool:
        """Whether a rule may be deleted, or merged with another."""
        is_rule = self.parts[name].origin != "when" and self.may_change(name, together=False)
        return is_rule and name not in self.file.named | self.file.kept

    def keeps_names(self, before: Part, after: Part) -> bool:
        """Whether a change keeps every param, which is there to be set, and assumed bounds, which need a rule."""
        if params_of(before.body) != params_of(after.body):
            return False
        return not self.loses_bounds({**self.parts, after.name: after})

    def loses_bounds(self, parts: Parts) -> bool:
        """Whether a column without a bound is no longer used, so that none is assumed for it."""
        return bool(self._open) and not self._used_open(self.parts) <= self._used_open(parts)

    def _used_open(self, parts: Parts) -> set[str]:
        used = (columns_of(outcome(parts, name)) for name, part in parts.items() if part.origin != "when")
        return self._open & set().union(*used)

    @cached_property
    def _open(self) -> set[str]:
        read = (columns_of(column.derived) for column in self.program.columns if column.derived is not None)
        by_others = set().union(*read, *(rule.reads for rule in self.program.rules if rule.origin == "factor"))
        return {c.name for c in self.program.columns if c.derived is None and is_open(declared(c))} - by_others
