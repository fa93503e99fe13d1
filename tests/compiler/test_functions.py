"""The registry of functions: what a user may write says how it is written and what it is."""

from __future__ import annotations

import pandas as pd
import pytest

import htdbu
from htdbu.compiler.functions import functions, written_names


@pytest.mark.parametrize("name", written_names())
def test_a_function_is_documented(name: str) -> None:
    entry = functions()[name]
    assert entry.signature.startswith(f"{name}(")
    assert entry.doc


@pytest.mark.parametrize(
    "test", ['null in { "x" }', "null in { 1, 2 }", "(if f then null else null) in { true }", "l(null) > 1"]
)
def test_what_is_asked_of_null_itself_is_unknown(test: str) -> None:
    head = 'table t { f : bool }\nlookup l(k -> v) { "x" -> 1 }\nhard q: l(if f then "x" else "y") >= 0\n'
    program = htdbu.compile_text(f"{head}hard r: {test}\nhard s: not ({test})\n")
    rules = program.check(pd.DataFrame({"f": ["true", "false"]})).to_dict()["rules"]
    assert [("r", 0, 2), ("s", 0, 2)] == [
        (rule["name"], rule["fail"], rule["unknown"]) for rule in rules if rule["name"] in ("r", "s")
    ]
