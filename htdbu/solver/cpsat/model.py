"""A thin layer over the CP-SAT model: plain integers for variables and literals, and a proof that nothing overflows.

A variable is its index; a literal is the index of a 0/1 variable, or `~index` for its negation, which is how
CP-SAT itself spells it. Variable 0 is the constant 1, so that `TRUE` and `FALSE` are literals too and fold away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from htdbu.compiler.normal import Intervals
from htdbu.errors import HtdbuError
from htdbu.solver.ranges import clip, complement, joined

Literal = int
TRUE: Literal = 0
FALSE: Literal = ~TRUE
LIMIT = 2**62
"""No linear form may reach this: CP-SAT and 64-bit arithmetic stay exact below it."""

Ranges = Sequence[tuple[int, int]]


class ModelOverflowError(HtdbuError):
    """A term of a model could leave 64-bit integers; the compiler's HTR301 is meant to prevent it."""


@dataclass(frozen=True, slots=True)
class Form:
    """A linear form `sum(coefficient * variable) + constant`, proved to stay in `low..high`."""

    terms: tuple[tuple[int, int], ...]
    constant: int
    low: int
    high: int

    @property
    def fixed(self) -> bool:
        """Whether the form can take one value only."""
        return self.low == self.high


class Model:
    """A CP-SAT model under construction; `proto` is what the solver takes."""

    def __init__(self) -> None:
        self.proto: Any = cp_model.CpModel().proto
        self.low: list[int] = []
        self.high: list[int] = []
        self._conjunctions: dict[tuple[Literal, ...], Literal] = {}
        self._members: dict[tuple[object, ...], Literal] = {}
        self.integer(1, 1)

    def integer(self, low: int, high: int) -> int:
        """A new variable between two bounds."""
        return self.integer_in(((low, high),))

    def integer_in(self, domain: Ranges) -> int:
        """A new variable over a union of ranges."""
        low, high = domain[0][0], domain[-1][1]
        guard(max(abs(low), abs(high)), "a variable")
        self.proto.variables.add().domain.extend(flat(domain))
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def literal(self) -> Literal:
        """A new 0/1 variable."""
        return self.integer(0, 1)

    def form(self, terms: Iterable[tuple[int, int]], constant: int = 0) -> Form:
        """The linear form of `(variable, coefficient)` pairs, merged, with its range; TRUE counts as 1."""
        merged: dict[int, int] = {}
        for variable, coefficient in terms:
            if self.low[variable] == self.high[variable]:
                constant += coefficient * self.low[variable]
            else:
                merged[variable] = merged.get(variable, 0) + coefficient
        pairs = tuple((v, c) for v, c in merged.items() if c)
        ends = [(c * self.low[v], c * self.high[v]) for v, c in pairs]
        guard(abs(constant) + sum(max(abs(a), abs(b)) for a, b in ends), "a linear form")
        return Form(pairs, constant, constant + sum(map(min, ends)), constant + sum(map(max, ends)))

    def indicator(self, literal: Literal) -> Form:
        """A literal as a form of value 0 or 1."""
        return self.form(((literal, 1),)) if literal >= 0 else self.form(((~literal, -1),), 1)

    def combine(self, parts: Iterable[tuple[int, Form]], constant: int = 0) -> Form:
        """`sum(coefficient * form) + constant`."""
        terms: list[tuple[int, int]] = []
        for factor, form in parts:
            constant += factor * form.constant
            terms.extend((v, factor * c) for v, c in form.terms)
        return self.form(terms, constant)

    def affine(self, form: Form) -> Form:
        """The form itself where it holds at most one variable, else a new variable that equals it."""
        if len(form.terms) <= 1:
            return form
        result = self.form(((self.integer(form.low, form.high), 1),))
        self.equal(result, form)
        return result

    def equal(self, left: Form, right: Form, when: Sequence[Literal] = ()) -> None:
        """`left == right` wherever all of `when` hold."""
        self.linear(self.combine(((1, left), (-1, right))), ((0, 0),), when)

    def linear(self, form: Form, domain: Ranges, when: Sequence[Literal] = ()) -> Any:
        """The form lies in a union of ranges wherever all of `when` hold; the constraint's proto."""
        constraint = self.proto.constraints.add()
        constraint.enforcement_literal.extend([literal for literal in when if literal != TRUE])
        if not domain:  # no value will do: 0 lies outside 1..1
            constraint.linear.domain.extend([1, 1])
            return constraint
        constraint.linear.vars.extend([v for v, _ in form.terms])
        constraint.linear.coeffs.extend([c for _, c in form.terms])
        constraint.linear.domain.extend(flat([(a - form.constant, b - form.constant) for a, b in domain]))
        return constraint

    def clause(self, literals: Iterable[Literal], when: Sequence[Literal] = ()) -> None:
        """At least one literal holds, wherever all of `when` hold."""
        needed = dict.fromkeys([*literals, *(~literal for literal in when)])
        if TRUE not in needed and not any(~literal in needed for literal in needed):
            self.proto.constraints.add().bool_or.literals.extend([v for v in needed if v != FALSE])

    def all_of(self, literals: Iterable[Literal]) -> Literal:
        """A literal that holds exactly where all of them do."""
        distinct = {literal for literal in literals if literal != TRUE}
        if not distinct:
            return TRUE
        if FALSE in distinct or any(~literal in distinct for literal in distinct):
            return FALSE
        needed = tuple(sorted(distinct))
        if len(needed) == 1:
            return needed[0]
        if needed not in self._conjunctions:
            result = self._conjunctions[needed] = self.literal()
            for literal in needed:
                self.clause((literal,), (result,))
            self.clause((result,), needed)
        return self._conjunctions[needed]

    def any_of(self, literals: Iterable[Literal]) -> Literal:
        """A literal that holds exactly where at least one of them does."""
        return ~self.all_of(~literal for literal in literals)

    def member(self, form: Form, domain: Intervals) -> Literal:
        """A literal that holds exactly where the form's value lies in a union of ranges."""
        inside, outside = joined(clip(domain, form.low, form.high)), complement(domain, form.low, form.high)
        if not outside:
            return TRUE
        if not inside:
            return FALSE
        key = (form.terms, tuple((a - form.constant, b - form.constant) for a, b in inside))
        if key not in self._members:
            self._members[key] = self._member(form, inside, outside)
        return self._members[key]

    def _member(self, form: Form, inside: Ranges, outside: Ranges) -> Literal:
        if len(form.terms) == 1:
            ((variable, coefficient),) = form.terms
            if (self.low[variable], self.high[variable]) == (0, 1):
                ends = (form.constant, form.constant + coefficient)
                at_0, at_1 = (any(a <= end <= b for a, b in inside) for end in ends)
                return (TRUE if at_0 else FALSE) if at_0 == at_1 else (variable if at_1 else ~variable)
        result = self.literal()
        self.linear(form, inside, (result,))
        self.linear(form, outside, (~result,))
        return result

    def product(self, target: int, factors: Sequence[Form]) -> None:
        """`target` is the product of several forms."""
        argument = self.proto.constraints.add().int_prod
        _spell(argument.target, self.form(((target, 1),)))
        for factor in [self.affine(factor) for factor in factors]:
            _spell(argument.exprs.add(), factor)

    def maximum(self, target: int, candidates: Sequence[Form]) -> None:
        """`target` is the greatest of several forms."""
        argument = self.proto.constraints.add().lin_max
        _spell(argument.target, self.form(((target, 1),)))
        for form in candidates:
            _spell(argument.exprs.add(), form)

    def at_most_one(self, literals: Sequence[Literal]) -> None:
        """No two of the literals hold together."""
        if len(literals) > 1:
            self.proto.constraints.add().at_most_one.literals.extend(literals)


def guard(magnitude: int, what: str) -> None:
    """Raise where a magnitude could leave 64-bit integers."""
    if magnitude >= LIMIT:
        hint = "narrow the ranges of the columns in it"
        raise ModelOverflowError(f"{what} of the repair model may reach {magnitude}, which 64 bits do not hold", hint)


def flat(domain: Ranges) -> list[int]:
    """A union of ascending ranges as CP-SAT spells it."""
    return [end for pair in joined(domain) for end in pair]


def replace(repeated: Any, values: Sequence[int]) -> None:
    """Put other integers into a repeated field of the proto."""
    repeated.clear()
    repeated.extend(values)


def _spell(expression: Any, form: Form) -> None:
    expression.vars.extend([v for v, _ in form.terms])
    expression.coeffs.extend([c for _, c in form.terms])
    expression.offset = form.constant
