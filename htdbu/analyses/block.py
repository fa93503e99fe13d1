"""A connected block of columns as one CP-SAT model, of which all questions about it are asked.

Every rule has a literal that holds exactly where the rule is false, every premise one that holds exactly where it is
true. A question is a set of literals that have to hold at once: it is put by narrowing domains, and taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from htdbu.analyses.goals import Goal
from htdbu.compiler.normal import Bool, Var
from htdbu.solver.components import Component
from htdbu.solver.cpsat.columns import box_of, declare, lowering_of, plain_columns
from htdbu.solver.cpsat.lowering import Number
from htdbu.solver.cpsat.model import FALSE, TRUE, Form, Literal, Model, replace
from htdbu.solver.cpsat.search import Answer, Budget, Search
from htdbu.solver.ranges import clip
from htdbu.solver.solutions import Status
from htdbu.solver.texts import TextCodes

EFFORT = 2.0
"""Deterministic time for one question."""
PATIENCE = 30.0
"""Seconds after which a block is given up whose numbers CP-SAT narrows without counting its steps."""
LADDER = (("swift", 0.02), ("quick", 0.1), ("light", 0.1), ("bare", 0.2), ("quick", 0.5))
"""Settings in turn for models of whole blocks, in which most rules leave much room."""
Row = tuple[int, ...]
"""The values of all variables in a solution."""


class Block:
    """The rows of one block; what is false in them is a literal's business.

    Attributes:
        rules: the literal of every member's being kept, by name: hard rules, and the domains and nulls of derived
            columns, in that order.
        bounds: those of the members that belong to the domains.
        softs: the literal of every soft rule's being false, by name.
        rows: every solution that was found, each of them a row of the declared domains.
    """

    def __init__(self, component: Component, effort: float = EFFORT) -> None:
        self.component = component
        self.effort = effort
        self.rows: list[Row] = []
        self.model = Model()
        self._search = Search(LADDER, PATIENCE)
        self.codes = TextCodes(component)
        boxes = {i: box_of(component, i, self.codes) for i in plain_columns(component)}
        self._lowering = lowering_of(self.model, component, declare(self.model, component, self.codes, boxes))
        self.rules = {rule.name: ~self.false(rule.outcome) for rule in component.hard}
        self.bounds = self._derived_bounds()
        self.rules |= self.bounds
        self.softs = {rule.name: self.false(rule.outcome) for rule in component.soft}
        self._forms = {i: self.number(i) for i in component.columns}
        self._known = {i: self.model.indicator(number.known) for i, number in self._forms.items()}
        self._one_of = self.model.proto.constraints.add().bool_or.literals

    def _derived_bounds(self) -> dict[str, Literal]:
        found: dict[str, Literal] = {}
        for i in self.component.derived:
            column, number = self.component.column(i), self.number(i)
            domain_of, null_of = (self._unlike_rules(f"{column.name}.{part}") for part in ("domain", "null"))
            whole = ((number.form.low, number.form.high),)
            domain = whole if column.kind == "text" else clip(column.domain, number.form.low, number.form.high)
            if domain != whole:
                found[domain_of] = self.model.literal()
                self.model.linear(number.form, domain, (found[domain_of], number.known))
            if not column.nullable and number.known != TRUE:
                found[null_of] = self.model.literal()
                self.model.clause((number.known,), (found[null_of],))
        return found

    def _unlike_rules(self, name: str) -> str:
        """The name of what a column brings with it; a rule may be called the same."""
        return f"{name} (of the column)" if name in self.rules else name

    # Literals ------------------------------------------------------------------------------------------------------

    def true(self, node: Bool) -> Literal:
        """The literal of a condition's being true."""
        return self._lowering.condition(node).true

    def false(self, node: Bool) -> Literal:
        """The literal of a condition's being false."""
        return self._lowering.condition(node).false

    def goal(self, goal: Goal) -> Literal:
        """The literal of a goal's being reached."""
        return self.true(goal.node) if goal.wanted else self.false(goal.node)

    def number(self, position: int) -> Number:
        """A column's value."""
        return self._lowering.number(Var(position))

    @cached_property
    def domains(self) -> tuple[Literal, ...]:
        """What holds in every row of the declared domains."""
        return tuple(self.bounds.values())

    @cached_property
    def valid(self) -> tuple[Literal, ...]:
        """What holds in every valid row."""
        return tuple(self.rules.values())

    # Questions -----------------------------------------------------------------------------------------------------

    def ask(
        self, held: Iterable[Literal], one_of: Sequence[Literal] = (TRUE,), preferred: Iterable[Literal] = ()
    ) -> Answer:
        """A row in which all of some literals hold and at least one of others, or the proof that there is none.

        Args:
            preferred: literals of which a row had better hold many; it need not.
        """
        held = dict.fromkeys(literal for literal in held if literal != TRUE)
        if FALSE in held or any(~literal in held for literal in held):
            return Answer(Status.INFEASIBLE)
        if self._search.is_impatient:
            return Answer(Status.UNKNOWN)
        before = {literal: self._fix(literal) for literal in held}
        replace(self._one_of, list(one_of))
        try:
            answer = self._search.feasible(self.model, Budget(self.effort), self._hints([*preferred, *one_of]))
        finally:
            self._restore(before)
        return self._noted(answer)

    def least(self, held: Sequence[Literal], form: Form) -> Answer:
        """A row in which the literals hold and a form is least."""
        if self._search.is_impatient:
            return Answer(Status.UNKNOWN)
        before = {literal: self._fix(literal) for literal in dict.fromkeys(held) if literal != TRUE}
        replace(self._one_of, [TRUE])
        try:
            answer = self._search.minimise(self.model, form.terms, Budget(self.effort))
        finally:
            self._restore(before)
        return self._noted(answer)

    def _noted(self, answer: Answer) -> Answer:
        if answer.status.solved:
            self.rows.append(answer.values)
        return answer

    def _hints(self, literals: Sequence[Literal]) -> list[tuple[int, int]]:
        """All of the literals holding, as a first guess: one row then answers many questions."""
        return list({max(literal, ~literal): int(literal >= 0) for literal in literals if literal != TRUE}.items())

    def _fix(self, literal: Literal) -> list[int]:
        variable, value = (literal, 1) if literal >= 0 else (~literal, 0)
        domain = self.model.proto.variables[variable].domain
        before = list(domain)
        replace(domain, [value, value])
        return before

    def _restore(self, before: dict[Literal, list[int]]) -> None:
        for literal, domain in before.items():
            replace(self.model.proto.variables[literal if literal >= 0 else ~literal].domain, domain)

    # Rows ----------------------------------------------------------------------------------------------------------

    def holds(self, row: Row, literal: Literal) -> bool:
        """Whether a literal holds in a row; one that was made later is not known to."""
        variable, value = (literal, 1) if literal >= 0 else (~literal, 0)
        return variable < len(row) and row[variable] == value

    def cells(self, row: Row) -> dict[int, int | None]:
        """A row's cells in steps, by position; None is null."""
        return {i: self._total(number.form, row) if self._total(self._known[i], row) else None
                for i, number in self._forms.items()}  # fmt: skip

    def _total(self, form: Form, row: Row) -> int:
        return form.constant + sum(coefficient * row[variable] for variable, coefficient in form.terms)
