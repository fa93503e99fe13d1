"""The six generators of the H-TDBU paper, as the paper sets them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from htdbu.errors import UsageError
from htdbu.generators import registry
from htdbu.generators.base import Generator

SETTINGS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "independent": {},
        "gaussian-copula": {},
        # Of 5,000 rows the forest sees no more than these, so its values come from them too.
        "random-forest": {"trees": 30, "max_rows": 5_000, "max_donors": 5_000, "max_conditioning": 12},
        "xgboost": {"trees": 80, "depth": 6, "max_rows": 8_000, "max_conditioning": 12},
        "ctgan": {"epochs": 50},
        "tvae": {"epochs": 50},
    }
)
"""By the name of a generator what the paper states of it; all else is the generator's own default."""


def create(name: str, **params: Any) -> Generator:
    """A new generator with the paper's settings, over which `params` go.

    Raises:
        UsageError: the paper has no generator of this name, or it cannot be created (see `registry.create`).
    """
    if name not in SETTINGS:
        raise UsageError(f"the paper has no generator {name!r}", f"its generators are {', '.join(SETTINGS)}")
    return registry.create(name, **{**SETTINGS[name], **params})
