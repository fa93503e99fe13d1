"""Every miner, in the order in which they are asked: what is known of columns spares later ones needless questions."""

from __future__ import annotations

from types import ModuleType

from htdbu.providers.mined.miners import (
    bounds_by_class,
    bounds_by_cut,
    calendar,
    dependencies,
    derived,
    domains,
    equivalences,
    implications,
    keys,
    multiples,
    nulls,
    orders,
    ratios,
    sentinels,
    years,
)

OF_COLUMNS: tuple[ModuleType, ...] = (domains, nulls, keys)
"""These look at all rows; each has a function `mine`. They are all of the granularity minimal."""
OF_RELATIONS: tuple[ModuleType, ...] = (
    derived,
    dependencies,
    calendar,
    multiples,
    sentinels,
    orders,
    ratios,
    years,
    equivalences,
    implications,
    bounds_by_class,
    bounds_by_cut,
)
"""These look at a sample of the rows."""
