"""A recipe for a generator: its name and parameters, or one that is made already; and recipes that may do better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from htdbu.errors import UsageError
from htdbu.generators import registry
from htdbu.generators.base import Generator
from htdbu.generators.params import params_of

CAPACITY = {"depth": 2, "trees": 2.0, "min_leaf": 0.5}
"""How a parameter that says how much a model can hold grows: added where it is an integer, else multiplied."""
OTHERS = (registry.DEFAULT, "mixed")
"""Generators that are tried in the place of another one, in this order."""


@dataclass(frozen=True)
class Recipe:
    """How to make a generator.

    Attributes:
        name: that of a registered generator, or of the class of `made`.
        params: what goes to its constructor.
        made: a generator that was given ready; each use takes a copy.
    """

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)
    made: Generator | None = field(default=None, compare=False)

    @classmethod
    def of(cls, generator: str | Generator | None, params: Mapping[str, Any]) -> Recipe:
        """The recipe of a call.

        Raises:
            UsageError: there is no such generator or parameter, or parameters are given for one that is made.
        """
        if isinstance(generator, Generator):
            if params:
                raise UsageError("a generator that is made has its parameters", "give them where it is made")
            return cls(type(generator).__name__, {}, generator)
        recipe = cls(generator or registry.DEFAULT, dict(params))
        recipe.make(0, None)
        return recipe

    def make(self, seed: int, threads: int | None) -> Generator:
        """A new generator that has learned nothing."""
        if self.made is None:
            return registry.create(self.name, **{"random_state": seed, "threads": threads, **self.params})
        made = deepcopy(self.made)
        if made.random_state is None:
            made.random_state = seed
        return made

    @property
    def key(self) -> str:
        """What tells recipes apart."""
        return f"{self.said}{'' if self.made is None else ' as given'}"

    @property
    def said(self) -> str:
        """The recipe in words, as one would call it."""
        return f"{self.name}({', '.join(f'{name}={value}' for name, value in self.params.items())})"

    @property
    def is_plain(self) -> bool:
        """Whether nothing but the defaults of a registered generator is asked for."""
        return self.made is None and not self.params


def challengers(recipe: Recipe) -> Iterator[Recipe]:
    """Recipes that may do better, the least change first: the defaults, more capacity, another generator."""
    if recipe.made is None and recipe.params:
        yield Recipe(recipe.name)
    if recipe.is_plain and (more := _more(recipe)):
        yield Recipe(recipe.name, more)
    yield from (Recipe(name) for name in OTHERS if name != recipe.name or recipe.made is not None)


def _more(recipe: Recipe) -> dict[str, Any]:
    """The parameters of the same generator with more capacity; empty where it has none that says so."""
    params = params_of(recipe.make(0, None))
    grown: dict[str, Any] = {}
    for name, step in CAPACITY.items():
        if name in params and isinstance(params[name], int):
            grown[name] = params[name] + step if isinstance(step, int) else max(1, round(params[name] * step))
    return grown
