"""A provider is asked once, and what it wrote is judged on the rows."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import htdbu
from htdbu.compiler.compile import compile_source
from htdbu.errors import CompileError, DataError, UsageError
from htdbu.grammar.source import Source
from htdbu.providers import Request, request_for
from htdbu.providers.drafting import counts
from tests.providers.declaring import DeclaringProvider

FRAME = pd.DataFrame({"a.b": [1, 2, 3, 3], "c": ["x", "y", "x", "?"]})


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("table", [FRAME, pl.from_pandas(FRAME), pa.Table.from_pandas(FRAME)], ids=["pd", "pl", "pa"])
def test_any_table_gets_its_file_and_the_rates_at_which_its_rows_break_it(table: object) -> None:
    result = htdbu.draft(table, "declaring", nulls=["?"], table="my table", target="a_b", settings={"never": 3})
    told = result.to_dict()
    assert {"a_b": "int", "c": "category"} == {column.name: column.type.kind for column in result.program.columns}
    assert ("x", "y") == result.program.columns[1].type.levels
    assert result.text.startswith("table my_table {")
    assert ("declaring", ["nothing was looked at"]) == (told["provider"], told["remarks"])
    assert {"target": "a.b", "granularity": "standard", "max_rules": 40} == told["told"]
    expected = {"columns": 2, "hard": 0, "soft": 1, "keys": 0, "dependencies": 0, "factors": 0, "targets": 0}
    assert expected == told["rules"]
    assert {"never": 0.5} == {rule["name"]: rule["rate"] for rule in told["check"]["rules"] if rule["fail"]}
    assert 0 == told["check"]["violating_rows"]
    assert 2 == htdbu.compile_text(result.text).check(FRAME.head(2)).n_rows


def test_a_provider_of_ones_own_is_asked_as_it_is() -> None:
    result = htdbu.draft(FRAME, DeclaringProvider(never=1))
    assert ("DeclaringProvider", 0.25) == (result.provider, result.check.rules[-1].rate)


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize(
    ("provider", "options", "kind", "message"),
    [
        ("careless", {}, CompileError, "<draft of careless>"),
        ("declaring", {"target": "a.d"}, UsageError, "no column `a.d`.*did you mean `a.b`"),
        ("declaring", {"target": "nothing like it"}, UsageError, "no column `nothing like it`.*the columns are a.b"),
        ("declaring", {"granularity": "fine"}, UsageError, "no granularity 'fine'.*minimal, standard, rich"),
        ("declaring", {"min_count": 0}, UsageError, "min_count must be 1 or more"),
        ("declaring", {"max_rules": -1}, UsageError, "max_rules 0 or more"),
    ],
)
def test_what_cannot_be_asked_or_was_written_badly_is_an_error_with_its_reason(
    provider: str, options: dict[str, object], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=f"(?s){message}"):
        htdbu.draft(FRAME, provider, **options)


def test_a_row_in_the_place_of_the_headers_is_refused() -> None:
    rows = [["41", "clerk", "NY"], ["17", "clerk", "LA"], ["41", "judge", "NY"]]
    with pytest.raises(DataError, match="seems to be a row: 3 of 3 headers") as caught:
        request_for(pd.DataFrame(rows[1:] + rows[:1], columns=rows[0]))
    assert "names of the columns" in str(caught.value.hint)
    with pytest.raises(DataError, match='the header "a" twice'):
        request_for(pd.DataFrame([[1, 2]], columns=["a", "a"]))


def test_a_header_that_is_a_level_by_chance_is_none() -> None:
    frame = pd.DataFrame({"y": ["y", "n"], "x": [1, 2], "list": [[1], [2]]})
    assert isinstance(request_for(frame), Request)


def test_the_branches_of_a_factor_are_not_counted_as_rules() -> None:
    text = """
    table t {
      a : bool
      b : category { "x", "y" }
    }
    hard one: a or b == "x"
    factor a ~ { true: 50%, false: 50% } {
      true  -> b in { "x" }
      false -> b ~ { "x": 50%, "y": 50% }
    }
    """
    program = compile_source(Source("t.htr", text)).checked()
    told = counts(program)
    assert (1, 1) == (told["hard"], told["factors"])
    assert len(program.rules) > 1
