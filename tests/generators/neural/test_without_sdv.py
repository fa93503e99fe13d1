"""What a user sees where SDV is missing, or cannot be used."""

from __future__ import annotations

import sys

import pandas as pd
import pytest

from htdbu.errors import UsageError
from htdbu.generators import create, names
from tests.generators.every import NEURAL, without_sdv

pytestmark = pytest.mark.parametrize("name", NEURAL)


def test_a_missing_sdv_is_answered_with_the_way_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sdv", None)
    assert name in names()
    with pytest.raises(UsageError, match=f"{name.upper()} needs the package sdv") as caught:
        create(name)
    assert "pip install 'htdbu[neural]'" in (caught.value.hint or "")


@without_sdv
def test_an_sdv_that_cannot_be_loaded_is_no_traceback(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.delitem(sys.modules, "htdbu.generators.quiet", raising=False)
    with pytest.raises(UsageError, match=r"sdv cannot be used: .*torch") as caught:
        create(name).fit(pd.DataFrame({"a": [1, 2, 3]}))
    assert "pip install" in (caught.value.hint or "")
