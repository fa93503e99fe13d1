"""The generators of the paper, as it sets them."""

from __future__ import annotations

import pytest

from htdbu.errors import UsageError
from htdbu.generators import create, paper
from tests.generators.every import NEURAL, without_sdv

STATED = {
    "independent": {},
    "gaussian-copula": {},
    "random-forest": {"trees": 30, "max_rows": 5_000, "max_conditioning": 12},
    "xgboost": {"trees": 80, "depth": 6, "max_rows": 8_000, "max_conditioning": 12},
    "ctgan": {"epochs": 50},
    "tvae": {"epochs": 50},
}
EACH = [pytest.param(name, marks=without_sdv if name in NEURAL else ()) for name in STATED]


def test_it_has_six() -> None:
    assert list(STATED) == list(paper.SETTINGS)


@pytest.mark.parametrize("name", EACH)
def test_each_is_created_as_stated(name: str) -> None:
    model = paper.create(name, random_state=3, threads=1)
    assert type(create(name)) is type(model)
    assert STATED[name] | {"random_state": 3} == {key: vars(model)[key] for key in [*STATED[name], "random_state"]}


def test_a_setting_can_be_changed() -> None:
    assert 4 == vars(paper.create("xgboost", depth=4))["depth"]


def test_another_generator_is_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(UsageError, match="no generator 'bits'") as caught:
        paper.create("bits")
    assert ", ".join(STATED) in (caught.value.hint or "")
