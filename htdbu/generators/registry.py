"""Generators by name: the built-in ones, and any that an installed package offers.

A package offers one through the entry point group `htdbu.generators`; what it names must be a subclass of `Generator`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from htdbu.generators.base import Generator
from htdbu.offers import Offers

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
OFFERS: Offers[Generator] = Offers("generator", Generator, GROUP, BUILT_IN)
names, name_of, load, create = OFFERS.names, OFFERS.name_of, OFFERS.load, OFFERS.create


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
    if allow_unique and not isinstance(generator, str):
        raise OFFERS.settled("allow_unique")
    allowed = {"allow_unique": True} if allow_unique else {}
    return OFFERS.made(generator, {**(settings or {}), **allowed}, random_state=random_state, threads=threads)
