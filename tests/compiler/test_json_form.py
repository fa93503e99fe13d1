"""The JSON form of a program is judged as the rule file that says the same: whatever a text may not say, it may not."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from htdbu.compiler.compile import Compilation, compile_file, compile_json, compile_source
from htdbu.errors import UsageError
from htdbu.grammar.source import Source, Span
from tests.compiler.writing.test_round_trip import FILES, QUICK
from tests.solver.rule_texts import Drawn, rule_files

TEXT = """\
table t {
  a : int in 0..99
  b : decimal(2) in 0..9
  c : category ordered { "low" < "high" }
  d : date in 2020-01-01..2024-12-31 null
  e : int in 0..200 = a + 1
  f : bool
  g : text from pool by c
}
param p = 18
param today = 2024-06-30
lookup least(c -> value) { "low" -> 1; "high" -> 2 }
hard adult: a >= p
soft(2) low: b <= 5
forbid none: d > today
when f { hard more: a >= least(c) }
unique (a, c)
fd a -> c
factor f ~ { true: 40%, false: 60% } { true -> c in { "low" } }
target m: mean(a given f) in 20..60
target x: dist(c) ~ { "low": 50%, "high": 50% } within 1%
test "t" { accept { a: 18 } reject { a: 17 } by adult }
"""
FORM: dict[str, Any] = compile_source(Source("a.htr", TEXT)).program.model_dump(mode="json")
NUMBER = {"op": "literal", "type": "number"}
DELETE = object()


def _compiled(form: Any, params: dict[str, object] | None = None) -> Compilation:
    return compile_json(Source("a.json", json.dumps(form)), params)


def _edited(path: str, value: Any) -> dict[str, Any]:
    """The JSON form with another value at a place."""
    form = copy.deepcopy(FORM)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place: Any = form
    for step in steps:
        place = place[step]
    if value is DELETE:
        del place[last]
    elif last == "+":
        place.append(value)
    else:
        place[last] = value
    return form


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_form_of_every_file_is_sound(path: Path) -> None:
    program = compile_file(path).program
    again = compile_json(Source("a.json", program.model_dump_json()))
    assert ((), program) == (again.diagnostics, again.program)


@QUICK
@given(rule_files())
def test_the_form_of_random_rules_has_the_same_errors(drawn: Drawn) -> None:
    found = compile_source(Source("a.htr", drawn.text))
    again = compile_json(Source("a.json", found.program.model_dump_json()))
    assert found.program == again.program
    assert {error.code for error in found.errors} == {error.code for error in again.errors}


@pytest.mark.parametrize(
    ("path", "value", "code", "said"),
    [
        # literals
        ("rules.0.body.args.1.value", "NaN", "HTR201", "in rule `adult`: `NaN` is no number"),
        ("rules.0.body.args.1.value", "abc", "HTR201", "`abc` is no number"),
        ("rules.0.body.args.1.value", "1e999999999", "HTR201", "without exponent"),
        ("rules.0.body.args.1.value", "9" * 400, "HTR201", "more than 300 digits"),
        ("rules.0.body.args.1.value", True, "HTR201", "`true` is no number"),
        ("rules.0.body.args.1.param", None, None, ""),
        ("rules.0.body.args.1.value", "21", "HTR001", "rules.0.body: `a >= p` stands here"),
        ("rules.0.body.args.1.param", "q", "HTR001", "rules.0.body: `a >= q` stands here"),
        ("rules.0.body.args.1", {"op": "literal", "type": "bool", "value": "x"}, "HTR201", "`x` is no bool"),
        ("rules.0.body.args.1", {"op": "literal", "type": "date", "value": "2024-02-30"}, "HTR201", "no date 2024"),
        ("params.0.value.value", "many", "HTR201", "in param `p`: `many` is no number"),
        ("params.1.value.value", "2024-02-30", "HTR201", "in param `today`: there is no date"),
        # columns
        ("columns.0.domain.0.high", "1e99999999", "HTR201", "in column `a`: `1e99999999` is no number"),
        ("columns.0.domain.0.high", "-5", "HTR201", "in column `a`: this range is empty"),
        ("columns.0.domain", [], "HTR208", "in column `a`: an empty set"),
        ("columns.0.domain.+", {"low": "1", "high": "3"}, "HTR208", "a set of single values, or one range"),
        ("columns.0.domain.0", {"low": None, "high": None}, "HTR208", "a range without ends"),
        ("columns.0.header", "b", "HTR102", "the header `b` is declared twice"),
        ("columns.0.name", "b", "HTR102", "`b` is declared twice"),
        ("columns.0.name", "a`b", "HTR208", "has a back-tick or a newline"),
        ("columns.0.name", "a\nb", "HTR208", "has a back-tick or a newline"),
        ("columns.0.name", "", "HTR208", "it is empty"),
        ("columns.0.name", "\0", "HTR101", "no column, param or def `a`"),
        ("columns.0.cost", "0", "HTR208", "greater than 0"),
        ("columns.0.cost", "0.001", "HTR208", "at most two digits"),
        ("columns.0.cost", "1E+999999", "HTR201", "in column `a`"),
        ("columns.0.cost", "NaN", "HTR001", "columns.0.cost: "),
        ("columns.1.type.scale", 400, "HTR208", "0 to 18 digits"),
        ("columns.1.type.scale", -1, "HTR001", "in column `b`"),
        ("columns.0.type.scale", 2, "HTR001", "columns.0.type.scale: `2` stands here"),
        ("columns.2.type.levels", ["low", "low"], "HTR102", "the level `low`"),
        ("columns.2.type.levels", [], "HTR208", "a category has a level"),
        ("columns.3.format", "%d", "HTR208", "in column `d`: a date written so"),
        ("columns.0.format", "%d", "HTR201", "only a date"),
        ("columns.4.derived.args.0.name", "e", "HTR104", "these derived columns need each other"),
        ("columns.6.pool_by", "none", "HTR101", "no column `none`"),
        ("columns.6.pool", None, "HTR001", "columns.6.pool_by: `c` stands here"),
        # rules
        ("rules.0.name", "low", "HTR102", "the rule `low`"),
        ("rules.1.weight", "-1", "HTR208", "in rule `low`: the weight of a soft rule"),
        ("rules.1.weight", None, "HTR001", "rules.1.weight: null stands here"),
        ("rules.0.weight", "3", "HTR001", "rules.0.weight: `3` stands here"),
        ("rules.0.kind", "soft", "HTR001", "rules.0.kind: `soft` stands here"),
        ("rules.0.origin", "forbid", "HTR208", "`forbid` is a `not`"),
        ("rules.0.body.function", "gee", "HTR101", "in rule `adult`: there is no function `gee`"),
        ("rules.0.body.args.0.name", "aa", "HTR101", "no column, param or def `aa`"),
        ("rules.0.body.args.0", {"op": "column", "name": ""}, "HTR208", "is no name"),
        ("rules.0.body.args", [], "HTR208", "`ge` takes 2 arguments"),
        ("rules.3.guard.name", "a", "HTR201", "a premise is a condition"),
        ("rules.3.body.args.1.table", "most", "HTR101", "in rule `more`: there is no function `most`"),
        ("rules.3.body.args.1.args", [], "HTR208", "takes 1 keys"),
        ("lookups.0.rows.0.keys", [], "HTR208", "in lookup `least`"),
        ("lookups.0.rows.0.keys.+", {**NUMBER, "value": "1"}, "HTR208", "in lookup `least`"),
        ("lookups.0.name", "sum", "HTR101", "no function `least`"),
        ("rules.4", DELETE, "HTR001", "rules.4: `f.true.c` is missing"),
        ("rules.4.body.args.1.args.1.value", "high", "HTR001", "rules.4.body: "),
        # what is about the table
        ("uniques.0.columns.0", "z", "HTR101", "in `unique(z, c)`: there is no column `z`"),
        ("uniques.0.columns", [], "HTR208", "no column is named"),
        ("uniques.0.columns.0", "c", "HTR102", "the column `c` is declared twice"),
        ("dependencies.0.right.0", "z", "HTR101", "no column `z`"),
        ("factors.0.column", "z", "HTR101", "in factor `z`: there is no column `z`"),
        ("factors.0.shares.0.share", "0.5", "HTR604", "in factor `f`: "),
        ("factors.0.shares.0.share", "-0.5", "HTR604", "in factor `f`: "),
        ("factors.0.shares.0.values", [], "HTR208", "a share names 0 values"),
        ("factors.0.branches.0.attributes", [], "HTR208", "a branch of a factor"),
        ("factors.0.branches.0.attributes.0.column", "z", "HTR101", "no column `z`"),
        ("factors.0.branches.0.values.low", None, "HTR208", "has both ends"),
        ("targets.0.columns.0", "z", "HTR101", "in target `m`: there is no column `z`"),
        ("targets.0.name", "x", "HTR102", "the target `x`"),
        ("targets.0.high", None, None, ""),
        ("targets.0.low.value", "Infinity", "HTR201", "in target `m`: `Infinity` is no number"),
        ("targets.0.condition", {"op": "column", "name": "f"}, "HTR001", "targets.0.condition: `f` stands here"),
        ("targets.1.real", True, "HTR208", "in target `x`"),
        ("targets.1.shares.0.share", "0.4", "HTR604", "in target `x`"),
        ("tests.0.title", 'a "b"', None, ""),
        ("tests.0.examples.1.by", "key(a)", "HTR101", 'in test "t": there is no rule'),
        # the shape
        ("rules.0.body.args", None, "HTR001", "rules.0.body.call.args: "),
        ("rules.0.sort", "hard", "HTR001", "rules.0.sort: "),
        ("format", "htdbu/9", "HTR001", "format: "),
    ],
)
def test_what_a_text_may_not_say_is_a_finding_at_the_beginning(
    path: str, value: Any, code: str | None, said: str
) -> None:
    found = _compiled(_edited(path, value))
    assert [code] * (code is not None) == [error.code for error in found.diagnostics[: code is not None]]
    assert code is not None or not found.diagnostics
    assert any(said in error.message for error in found.errors) or code is None
    assert {Span("a.json", 0, 1)} >= {finding.span for finding in found.diagnostics}


@pytest.mark.parametrize("depth", [50, 150, 100_000])
def test_any_depth_is_told_or_taken(depth: int) -> None:
    inner = json.dumps(FORM["rules"][0]["body"])
    body = '{"op":"call","function":"not","args":[' * depth + inner + "]}" * depth
    text = json.dumps(FORM).replace(inner, body, 1)
    assert ["HTR001"] * (depth > 100) == [error.code for error in compile_json(Source("a.json", text)).errors]


def test_only_errors_are_told() -> None:
    program = compile_source(Source("a.htr", "table t { a : int }\nparam p = 1\nhard r: a >= 1\n"))
    assert ["HTR302", "HTR103"] == [finding.code for finding in program.diagnostics]
    assert () == compile_json(Source("a.json", program.program.model_dump_json())).diagnostics


def test_a_table_needs_no_name() -> None:
    assert () == _compiled(_edited("name", None)).diagnostics
    assert () == _compiled({}).diagnostics


def test_params_are_set_before_the_program_is_judged() -> None:
    found = _compiled(FORM, {"p": 21, "today": "20240101"})
    assert () == found.diagnostics
    assert ["21", "2024-01-01"] == [param.value.value for param in found.program.params]
    assert found.program == compile_source(Source("a.htr", TEXT), {"p": 21, "today": "2024-01-01"}).program


@pytest.mark.parametrize("value", ["2024-05-01T10:00:00+02:00", "2024-05-01T10:00:00.5", "soon"])
def test_a_param_that_is_no_moment_of_the_language_is_refused(value: str) -> None:
    text = "table t { a : datetime }\nparam start = 2024-01-01T00:00:00\nhard r: a >= start\n"
    with pytest.raises(UsageError, match="is no datetime"):
        compile_source(Source("a.htr", text), {"start": value})
