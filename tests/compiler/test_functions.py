"""The registry of functions: what a user may write says how it is written and what it is."""

from __future__ import annotations

import pytest

from htdbu.compiler.functions import functions, written_names


@pytest.mark.parametrize("name", written_names())
def test_a_function_is_documented(name: str) -> None:
    entry = functions()[name]
    assert entry.signature.startswith(f"{name}(")
    assert entry.doc
