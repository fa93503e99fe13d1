"""Generators by name: the built-in ones, and any that an installed package offers.

A package offers one through the entry point group `htdbu.generators`; what it names must be a subclass of
`Generator`. The built-in ones are known without being installed, so that a source checkout works as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from htdbu.errors import UsageError
from htdbu.generators.base import Generator

GROUP = "htdbu.generators"
DEFAULT = "bits"
"""Of `trees`, `bits` and `mixed` the one whose rows lie least near to those it learned from, as like as the others."""
BUILT_IN = {
    "independent": "htdbu.generators.independent:IndependentGenerator",
    "gaussian-copula": "htdbu.generators.gaussian_copula:GaussianCopulaGenerator",
    "random-forest": "htdbu.generators.random_forest:RandomForestGenerator",
    "xgboost": "htdbu.generators.xgboost:XGBoostGenerator",
    "trees": "htdbu.generators.trees:TreesGenerator",
    "bits": "htdbu.generators.bits:BitsGenerator",
    "mixed": "htdbu.generators.mixed:MixedGenerator",
    "ctgan": "htdbu.generators.ctgan:CTGANGenerator",
    "tvae": "htdbu.generators.tvae:TVAEGenerator",
}


def names() -> list[str]:
    """The names of all generators, the built-in ones first."""
    return list(_offers())


def create(name: str, **params: Any) -> Generator:
    """A new generator, `params` going to its constructor.

    Raises:
        UsageError: no such name, no such parameter, or what the name stands for cannot be loaded.
    """
    made = load(name)
    try:
        return made(**params)
    except TypeError as error:
        raise UsageError(f"cannot create the generator {name!r}: {error}") from error


def made(
    generator: str | Generator,
    random_state: int | None,
    threads: int | None,
    allow_unique: bool,
    settings: Mapping[str, Any] | None,
) -> tuple[str, Generator]:
    """The name of a generator and itself, made where only a name is given.

    Raises:
        UsageError: it cannot be made (see `create`), or parameters are given for one that is there already.
    """
    if isinstance(generator, str):
        allowed = {"allow_unique": True} if allow_unique else {}
        params = {**(settings or {}), **allowed}
        return generator, create(generator, random_state=random_state, threads=threads, **params)
    for name, given in (("allow_unique", allow_unique), ("settings", settings)):
        if given:
            raise UsageError(f"{name} is for a generator given by its name", "give it where the generator is made")
    return name_of(generator) or type(generator).__name__, generator


def _offers() -> dict[str, EntryPoint]:
    built_in = {name: EntryPoint(name, value, GROUP) for name, value in BUILT_IN.items()}
    others = {point.name: point for point in entry_points(group=GROUP) if point.name not in built_in}
    return built_in | dict(sorted(others.items()))


def name_of(generator: Generator) -> str | None:
    """The name under which a generator of just this class is offered, None where there is none."""
    place = f"{type(generator).__module__}:{type(generator).__qualname__}"
    return next((name for name, point in _offers().items() if point.value == place), None)


def load(name: str) -> type[Generator]:
    """The class of that name.

    Raises:
        UsageError: no such name, or what it stands for cannot be loaded.
    """
    offers = _offers()
    if name not in offers:
        close = get_close_matches(name.lower().replace("_", "-"), offers, n=1)
        raise UsageError(
            f"there is no generator {name!r}",
            f"did you mean {close[0]!r}?" if close else f"the generators are {', '.join(offers)}",
        )
    try:
        found = offers[name].load()
    except (ImportError, AttributeError) as error:
        raise UsageError(
            f"the generator {name!r} cannot be loaded: {error}", "install what it needs, or choose another one"
        ) from error
    if not (isinstance(found, type) and issubclass(found, Generator)):
        raise UsageError(f"the generator {name!r} is {offers[name].value}, which is no subclass of Generator")
    return found
