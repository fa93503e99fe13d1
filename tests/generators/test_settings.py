"""The settings of generators: from texts, and refused where no model could be made with them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import htdbu
from htdbu.errors import UsageError
from htdbu.generators import create, fit, load, registry
from htdbu.generators.bits import BitsGenerator
from htdbu.generators.settings import read_settings, settings_of
from tests.generators.every import EXACT

TABLE = pd.DataFrame({"a": [1, 2, 3, 4] * 10, "b": list("xyxz") * 10})
BAD = (-1, 0.5, 2.5, float("nan"), "3")


def every_setting() -> list[tuple[str, str, Any]]:
    found = []
    for name in EXACT:
        for setting, default in settings_of(registry.load(name)).items():
            if not isinstance(default, bool):
                found.append((name, setting, default))
    return found


@pytest.mark.parametrize(("name", "setting", "default"), every_setting())
def test_numbers_that_make_no_model_are_refused(name: str, setting: str, default: float) -> None:
    for bad in BAD:
        if isinstance(default, float) and bad == 0.5:
            continue
        with pytest.raises(UsageError, match=setting) as caught:
            create(name, **{setting: bad})
        assert "give" in str(caught.value.hint)


@pytest.mark.parametrize(("name", "setting", "default"), every_setting())
def test_a_default_read_from_its_text_is_itself(name: str, setting: str, default: float) -> None:
    assert {setting: default} == read_settings(name, {setting: str(default)})


@pytest.mark.parametrize(
    ("name", "texts", "message"),
    [
        ("bits", {"depth": "deep"}, "bits's depth is 'deep'.*give a whole number, like 5"),
        ("bits", {"depth": "2.5"}, "bits's depth is '2.5'"),
        ("bits", {"learning_rate": "nan"}, "bits's learning_rate is 'nan'.*give a number, like 0.1"),
        ("bits", {"identities": "maybe"}, "give true or false"),
        ("bits", {"dept": "3"}, "bits has no setting 'dept'.*did you mean `depth`"),
        ("trees", {"epochs": "3"}, "trees has no setting 'epochs'.*it has min_leaf"),
        ("independent", {"depth": "3"}, "it has none that can be set"),
        ("mixed", {"trees": "3"}, "mixed has no setting 'trees'"),
        ("bits", {"random_state": "3"}, "no setting 'random_state'"),
        ("bit", {}, "there is no generator 'bit'"),
    ],
)
def test_texts_that_are_no_settings_say_why(name: str, texts: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_settings(name, texts)
    told = f"{caught.value.message} {caught.value.hint}"
    assert all(part in told for part in message.split(".*"))


def test_settings_reach_the_generator_and_its_file(tmp_path: Path) -> None:
    model = fit(TABLE, generator="bits", settings={"depth": 2, "max_conditioning": 0}, random_state=1)
    model.save(tmp_path / "a.model")
    for each in (model.generator, load(tmp_path / "a.model").generator):
        assert isinstance(each, BitsGenerator)
        assert (2, 0) == (each.depth, each.max_conditioning)
    program = htdbu.compile_text('table t { a : int in 1..4  b : category { "x", "y", "z" } }')
    shallow, deep = (
        htdbu.synthesize(program, TABLE, 200, generator="bits", random_state=1, settings=settings).data
        for settings in ({"max_conditioning": 0}, None)
    )
    assert shallow.groupby("b")["a"].nunique().max() == 4
    assert deep.groupby("b")["a"].nunique().min() <= 2


def test_settings_are_for_names_only() -> None:
    program = htdbu.compile_text('table t { a : int in 1..4  b : category { "x", "y", "z" } }')
    with pytest.raises(UsageError, match="settings is for a generator given by its name"):
        htdbu.synthesize(program, TABLE, 5, generator=create("bits"), settings={"depth": 3})
    with pytest.raises(UsageError, match="settings are parameters of the generator"):
        htdbu.synthesize(program, fit(TABLE, generator="trees"), 5, settings={"min_leaf": 3})
    with pytest.raises(UsageError, match="cannot create the generator 'bits'"):
        htdbu.synthesize(program, TABLE, 5, generator="bits", settings={"leaf": 3})
