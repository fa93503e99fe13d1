"""The environment: everything that decides the figures."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from markupsafe import Markup

from htdbu import __version__
from htdbu.evaluation.report.html import Part, table
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.report.section import Section

PACKAGES = ("numpy", "pandas", "scipy", "scikit-learn", "xgboost-cpu", "xgboost", "ortools")


def build(material: Material) -> Markup:
    """Seed, generator, target, params and versions; no time of day, so that the same input gives the same bytes."""
    return table("Environment", ["What", "Value"], list(_lines(material)))


def _lines(material: Material) -> Iterator[tuple[Part, Part]]:
    seed = _seed(material)
    yield "seed", "none: drawn anew every time" if seed is None else str(seed)
    if material.synthesis is not None:
        yield "generator", str(material.synthesis["generator"])
    yield "target of the models", str(material.scores["setup"]["target"])
    yield from ((f"param {param.name}", str(param.value.value)) for param in material.program.params)
    yield "htdbu", __version__
    yield "python", platform.python_version()
    for name in PACKAGES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue  # one of the two builds of XGBoost is there


def _seed(material: Material) -> int | None:
    if material.seed is not None:
        return material.seed
    made_with: int | None = None if material.synthesis is None else material.synthesis["seed"]
    scored_with: int | None = material.scores["setup"]["seed"]
    return scored_with if made_with is None else made_with


SECTION = Section("environment", "Environment", build)
