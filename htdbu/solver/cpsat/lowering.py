"""From the normal form to CP-SAT, exactly: every node becomes linear forms and literals with both sides enforced.

A number is a linear form and a literal that says whether it is known; a condition is a pair of literals, true and
false, and unknown where neither holds. Where a number is unknown its form is arbitrary but never restricts
anything. Each node kind has one function; `RULES` lists them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from htdbu.compiler.normal import Bool, Const, Int, Normal, Truth, Var
from htdbu.solver.cpsat.model import FALSE, TRUE, Form, Literal, Model


@dataclass(frozen=True, slots=True)
class Number:
    """A value: its linear form, and the literal of its being known."""

    form: Form
    known: Literal


@dataclass(frozen=True, slots=True)
class Condition:
    """A truth value: two literals that never hold together."""

    true: Literal
    false: Literal


Rule = Callable[["Lowering", Any], Any]
NUMBERS: dict[type, Rule] = {}
CONDITIONS: dict[type, Rule] = {}


def number_rule(kind: type) -> Callable[[Rule], Rule]:
    """Register the lowering of a node kind that is a number."""
    return lambda rule: NUMBERS.setdefault(kind, rule)


def condition_rule(kind: type) -> Callable[[Rule], Rule]:
    """Register the lowering of a node kind that is a condition."""
    return lambda rule: CONDITIONS.setdefault(kind, rule)


class Lowering:
    """Lowers nodes into one model; equal nodes are lowered once.

    Args:
        model: the model that takes the variables and constraints.
        columns: the number of every column that is not derived, by position.
        definitions: the nodes of the derived columns, by position.
    """

    def __init__(self, model: Model, columns: Mapping[int, Number], definitions: Mapping[int, Int]) -> None:
        self.model = model
        self.columns = columns
        self.definitions = definitions
        self._numbers: dict[Normal, Number] = {}
        self._conditions: dict[Normal, Condition] = {}

    def number(self, node: Int) -> Number:
        """The number that a node stands for."""
        if node not in self._numbers:
            self._numbers[node] = NUMBERS[type(node)](self, node)
        return self._numbers[node]

    def condition(self, node: Bool) -> Condition:
        """The condition that a node stands for."""
        if node not in self._conditions:
            self._conditions[node] = CONDITIONS[type(node)](self, node)
        return self._conditions[node]

    def known(self, condition: Condition) -> Literal:
        """The literal of a condition's being true or false."""
        return self.model.any_of((condition.true, condition.false))


@number_rule(Var)
def _var(lowering: Lowering, node: Var) -> Number:
    definition = lowering.definitions.get(node.column)
    return lowering.columns[node.column] if definition is None else lowering.number(definition)


@number_rule(Const)
def _const(lowering: Lowering, node: Const) -> Number:
    return Number(lowering.model.form((), node.value or 0), FALSE if node.value is None else TRUE)


@condition_rule(Truth)
def _truth(lowering: Lowering, node: Truth) -> Condition:
    return Condition(TRUE if node.value is True else FALSE, TRUE if node.value is False else FALSE)
