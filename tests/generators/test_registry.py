"""Generators by name."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import htdbu.generators
from htdbu.errors import UsageError
from htdbu.generators import Generator, IndependentGenerator, create, names, registry
from tests.generators.every import EXACT

OURS = ["independent", "gaussian-copula", "random-forest", "xgboost", "trees", "bits", "mixed", "ctgan", "tvae"]


def offer(monkeypatch: pytest.MonkeyPatch, **points: str) -> None:
    """Let installed packages offer these generators."""
    offered = [EntryPoint(name, value, registry.GROUP) for name, value in points.items()]
    monkeypatch.setattr("htdbu.offers.entry_points", lambda group: offered if group == registry.GROUP else [])


def test_the_built_in_ones_are_there_without_an_installation(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch)
    assert names() == OURS
    for name in EXACT:
        assert isinstance(create(name), Generator)


def test_the_project_offers_the_same_ones() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"][registry.GROUP] == registry.BUILT_IN


def test_other_packages_are_found_and_come_last(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, zebra="htdbu.generators:IndependentGenerator", ant="htdbu.generators:IndependentGenerator")
    assert [*OURS, "ant", "zebra"] == names()
    assert isinstance(create("zebra"), IndependentGenerator)


def test_parameters_reach_the_constructor() -> None:
    model = create("xgboost", random_state=7, trees=3, threads=1)
    assert (7, 3, 1) == (model.random_state, vars(model)["trees"], model.threads)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("xgbost", "did you mean 'xgboost'"),
        ("Random_Forest", "did you mean 'random-forest'"),
        ("zzz", "generators are"),
    ],
)
def test_an_unknown_name_is_answered_with_a_way_out(name: str, hint: str) -> None:
    with pytest.raises(UsageError, match="there is no generator") as caught:
        create(name)
    assert hint in (caught.value.hint or "")


def test_an_unknown_parameter_is_named() -> None:
    with pytest.raises(UsageError, match=r"cannot create the generator 'independent'.*'trees'"):
        create("independent", trees=3)


def test_what_cannot_be_loaded_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, lost="no_such_package:Model", odd="htdbu.generators:names", gone="htdbu.generators:Gone")
    with pytest.raises(UsageError, match="'lost' cannot be loaded: No module named 'no_such_package'"):
        create("lost")
    with pytest.raises(UsageError, match="'gone' cannot be loaded"):
        create("gone")
    with pytest.raises(UsageError, match="no subclass of Generator"):
        create("odd")


def test_the_classes_are_exported() -> None:
    exported = {getattr(htdbu.generators, name) for name in htdbu.generators.__all__ if name.endswith("Generator")}
    assert {EntryPoint(*item, registry.GROUP).load() for item in registry.BUILT_IN.items()} | {Generator} == exported
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        htdbu.generators.Nothing  # noqa: B018


def test_a_model_loads_its_own_library_only() -> None:
    code = "import sys, htdbu.generators as g; g.create('independent'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert set() == {"xgboost", "sklearn"} & set(loaded)
