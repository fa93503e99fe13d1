"""Bottom-up generators: models that learn the rows of a real table and draw new ones."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from htdbu.generators.base import Generator
from htdbu.generators.registry import create, names

if TYPE_CHECKING:
    from htdbu.generators.bits import BitsGenerator
    from htdbu.generators.ctgan import CTGANGenerator
    from htdbu.generators.fitted import FittedModel, fit, load
    from htdbu.generators.gaussian_copula import GaussianCopulaGenerator
    from htdbu.generators.independent import IndependentGenerator
    from htdbu.generators.mixed import MixedGenerator
    from htdbu.generators.random_forest import RandomForestGenerator
    from htdbu.generators.result import SynthesisReport, SynthesisResult
    from htdbu.generators.selection import Selection
    from htdbu.generators.synthesis import synthesize
    from htdbu.generators.trees import TreesGenerator
    from htdbu.generators.tvae import TVAEGenerator
    from htdbu.generators.xgboost import XGBoostGenerator

__all__ = [
    "BitsGenerator",
    "CTGANGenerator",
    "FittedModel",
    "GaussianCopulaGenerator",
    "Generator",
    "IndependentGenerator",
    "MixedGenerator",
    "RandomForestGenerator",
    "Selection",
    "SynthesisReport",
    "SynthesisResult",
    "TVAEGenerator",
    "TreesGenerator",
    "XGBoostGenerator",
    "create",
    "fit",
    "load",
    "names",
    "synthesize",
]

_LAZY = {
    "BitsGenerator": "bits",
    "CTGANGenerator": "ctgan",
    "FittedModel": "fitted",
    "GaussianCopulaGenerator": "gaussian_copula",
    "IndependentGenerator": "independent",
    "MixedGenerator": "mixed",
    "RandomForestGenerator": "random_forest",
    "Selection": "selection",
    "SynthesisReport": "result",
    "SynthesisResult": "result",
    "TVAEGenerator": "tvae",
    "TreesGenerator": "trees",
    "XGBoostGenerator": "xgboost",
    "fit": "fitted",
    "load": "fitted",
    "synthesize": "synthesis",
}


def __getattr__(name: str) -> Any:
    """Load a generator class, and the library under it, when it is first asked for."""
    if name in _LAZY:
        return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
