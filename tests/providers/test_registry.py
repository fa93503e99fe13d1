"""Providers by name, found as generators are."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from htdbu.errors import UsageError
from htdbu.offers import Offers
from htdbu.providers import Provider, create, names, registry
from tests.providers.declaring import DeclaringProvider


def test_the_project_offers_the_built_in_ones() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"][registry.GROUP] == registry.BUILT_IN
    assert ["mined", "llm"] == names()[:2]
    assert set(registry.OFFERS.extras.values()) <= set(project["optional-dependencies"])


def test_a_part_whose_extra_is_missing_tells_how_to_get_it() -> None:
    offers: Offers[Provider] = Offers("provider", Provider, "none", {"far": "no_such_package:X"}, {"far": "llm"})
    with pytest.raises(UsageError, match="the provider 'far' cannot be loaded: No module named") as caught:
        offers.create("far")
    assert "pip install 'htdbu[llm]'" == caught.value.hint


@pytest.mark.usefixtures("offered")
def test_those_of_other_packages_are_found_and_come_last() -> None:
    assert ["mined", "llm", "careless", "declaring", "odd"] == names()
    made = create("declaring", never=3)
    assert isinstance(made, DeclaringProvider)
    assert (3, "declaring") == (made.never, registry.name_of(made))
    assert ("declaring", made) == registry.OFFERS.made(made, {})


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("mine", {}, "no provider 'mine'.*did you mean 'mined'"),
        ("zzz", {}, "no provider 'zzz'.*the providers are mined, llm"),
        ("odd", {}, "the provider 'odd' is .*, which is no subclass of Provider"),
        ("declaring", {"model": "m"}, "cannot create the provider 'declaring': .*'model'"),
        (DeclaringProvider(), {"never": 2}, "settings is for a provider given by its name"),
    ],
)
def test_what_cannot_be_made_is_answered_with_a_reason(
    name: str | Provider, settings: dict[str, object], message: str
) -> None:
    with pytest.raises(UsageError, match=f"(?s){message}") as caught:
        registry.OFFERS.made(name, settings)
    assert "Traceback" not in str(caught.value)
