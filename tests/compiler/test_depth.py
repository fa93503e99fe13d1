"""Long sums are ordinary; definitions that grow beyond all measure are a finding, not a crash, and cost one rule."""

from __future__ import annotations

import pandas as pd
import pytest

import htdbu
from htdbu.compiler.compile import Compilation, compile_json, compile_source
from htdbu.compiler.program import Program
from htdbu.grammar.depth import DEEPEST
from htdbu.grammar.source import Source

TABLE = "table t { a : int in 0..9 }\n"


def _compiled(text: str) -> Compilation:
    return compile_source(Source("a.htr", TABLE + text))


def _chain(body: str, count: int) -> str:
    """Definitions that each use the one before."""
    return "def d0 = a\n" + "".join(f"def d{i} = {body.format(f'd{i - 1}')}\n" for i in range(1, count))


@pytest.mark.parametrize(
    "definitions",
    [_chain("abs({0} - 1)", 150), _chain("abs({0} - 1)", 2_000), _chain("{0} + {0} * 1", 60)],
    ids=["deep", "deeper than Python goes", "doubling"],
)
def test_definitions_that_grow_beyond_all_measure_are_told_and_cost_one_rule(definitions: str) -> None:
    last = definitions.count("def ") - 1
    found = _compiled(definitions + f"hard r: d{last} >= 1\nhard s: a < 5\nhard t: a >\n")
    assert ["HTR001", "HTR001"] == [finding.code for finding in found.diagnostics]
    assert definitions in found.sources["a.htr"].text[: found.diagnostics[1].span.start]
    assert "def" == found.sources["a.htr"].line(found.sources["a.htr"].position(found.diagnostics[0].span.start)[0])[:3]
    assert ["s"] == [rule.name for rule in found.program.rules]


def test_what_is_nested_as_deep_as_allowed_goes_all_the_way() -> None:
    found = _compiled(f"hard r: {'abs(' * (DEEPEST - 5)}a{')' * (DEEPEST - 5)} >= 1\n")
    assert () == found.diagnostics
    text = found.program.model_dump_json()
    again = compile_json(Source("a.json", text))
    assert () == again.diagnostics
    assert found.program == again.program == Program.model_validate_json(text)


@pytest.mark.parametrize("length", [2, 16, 17, 400, 5_000])
def test_a_sum_may_be_of_any_length(length: int) -> None:
    program = htdbu.compile_text(TABLE + f"hard r: {' + '.join(['a'] * length)} == {3 * length}\n")
    outcome = program.check(pd.DataFrame({"a": [3, 4]}))
    assert [1] == next(rule for rule in outcome.rules if rule.name == "r").rows.tolist()


def test_a_sum_that_begins_with_a_date_may_be_long() -> None:
    text = "table t { d : date in 2024-01-01..2024-12-31 }\nhard r: d" + " + 1" * 40 + " <= 2024-12-31\n"
    assert () == compile_source(Source("a.htr", text)).diagnostics
