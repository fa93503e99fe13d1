"""Expressions are written as a good author would: with few brackets, ranges, sets, and the names of params."""

from __future__ import annotations

import pytest

from htdbu.compiler.compile import compile_source
from htdbu.compiler.expressions import Call, Case, ColumnRef, Constant, Expr, call
from htdbu.compiler.writing import UnwritableError, write_expression, write_program
from htdbu.grammar.source import Source

TABLE = """\
table t {
  a, b, c
  f : bool null
  g : bool
  k : category { "x", "y \\"z\\"", "\\\\" }
  o : category ordered { "low" < "high" }
  d : date in 2020-01-01..2030-12-31 null
  `in` : int in 0..9
  `odd name` : int in 0..9
  order : int in 0..9
}
param p = 3
def within(x) = x in 1..5
def either = a == 1 or a == 2
""".replace("  a, b, c\n", "  a : int in -9_000..9_000 null\n  b : int in 1..9\n  c : decimal(2) in 1..9\n")


def _expression(text: str) -> Expr:
    compilation = compile_source(Source("a.htr", f"{TABLE}hard r: {text}\n"))
    assert [] == compilation.errors
    return compilation.program.rules[0].body


@pytest.mark.parametrize(
    "text",
    [
        "f",
        "not f",
        "not not f",
        "f and g and a == 1",
        "(f and g) or (not f and not g)",
        "(f or g) and a == 1",
        "f => g => a == 1",
        "(f => g) => a == 1",
        "f <=> g <=> a == 1",
        "f <=> (g => a == 1)",
        "not (a == 1)",
        "not (f and g)",
        "f == (a > 1)",
        "a is null",
        "a is not null",
        "(a + 1) * b - c / 2 >= -(a + b)",
        "a - (b - c) > a - b - c",
        "a / (b * c) > a / b * c",
        "a + b + c + 1 > a + (b - c)",
        "-a < - -5",
        "a in { 1, 2 }",
        "a not in { 1, 2 }",
        "a in { 1, b, c + 1 }",
        "a not in { 1, b }",
        "a in 1..5",
        "a not in 1..5",
        "a in -5..b",
        "a in b - 1 .. b + 1",
        "a + 1 in { p }",
        "1 <= a < b",
        "a >= b >= c",
        "a < b and b > c",
        'o in "low".."high"',
        'k == "y \\"z\\""',
        'k == "\\\\"',
        'matches(k, "\\d+\\.x")',
        "a >= p + 1",
        "a >= 1_000",
        "year(d) >= 2024",
        "a >= 0.25",
        "d >= 2024-05-01",
        "a <= if f then 1 else 2",
        "a <= if f then 1 else if g then 2 else 3",
        "a <= (if f then 1 else 2) and g",
        "f => a <= if g then 1 else 2",
        "if f then g else a == 1",
        "a <= case { f -> 1; g -> 2; else -> 3 }",
        "count(f, a == 1 or g) >= round(c, -1)",
        "coalesce(f, false) and null",
        "`in` + `odd name` + order >= 1",
    ],
)
def test_what_a_good_author_wrote_stays_as_it_was(text: str) -> None:
    assert text.replace("- -", "--") == write_expression(_expression(text))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("((a) >= (1))", "a >= 1"),
        ("f or g and a == 1", "f or (g and a == 1)"),
        ("not (a is null)", "a is not null"),
        ("not (a in 1..5)", "a not in 1..5"),
        ("(f and g) and (a == 1 and b == 1)", "f and g and a == 1 and b == 1"),
        ("a >= 1 and a <= 5", "a in 1..5"),
        ("a + (b + c) >= 1e3", "a + b + c >= 1_000"),
        ("within(a + b) and g", "a + b in 1..5 and g"),
        ("either or f", "a == 1 or a == 2 or f"),
        ("a >= 50%", "a >= 0.5"),
        ("case { f -> a; else -> b } > 1", "(if f then a else b) > 1"),
    ],
)
def test_what_was_written_otherwise_is_mended(text: str, written: str) -> None:
    assert written == write_expression(_expression(text))


def test_a_param_is_named_where_it_has_the_value() -> None:
    three = Constant(type="number", value="3", param="p")
    assert "p" == write_expression(three)
    assert "3" == write_expression(three, {})
    assert "3" == write_expression(three, {"p": Constant(type="number", value="4")})
    assert "p" == write_expression(three, {"p": Constant(type="number", value="3")})


@pytest.mark.parametrize(
    ("expr", "said"),
    [
        (call("eq", ColumnRef(name="a")), "`eq` takes 2 arguments, not 1"),
        (call("in", ColumnRef(name="a")), "an empty set allows no value"),
        (call("rond", ColumnRef(name="a")), "there is no function `rond`"),
        (ColumnRef(name="a`b"), "no name"),
        (ColumnRef(name=""), "no name"),
        (Case(branches=(), otherwise=ColumnRef(name="a")), "without branches"),
        (Constant(type="number", value="NaN"), "`NaN` is no number"),
        (Constant(type="number", value="1e9"), "without exponent"),
        (Constant(type="number", value="9" * 301), "more than 300 digits"),
        (Constant(type="bool", value="x"), "`x` is no bool"),
        (Constant(type="text", value=True), "`true` is no text"),
        (Constant(type="date", value="1 May"), "`1 May` is no date"),
    ],
)
def test_what_the_language_has_no_words_for_is_refused(expr: Expr, said: str) -> None:
    with pytest.raises(UnwritableError, match=r".") as raised:
        write_expression(expr)
    assert said in raised.value.message


def test_a_program_is_laid_out_in_parts() -> None:
    text = """\
table t {
  ## Years.
  a : int in 0..99 null cost 2.5 as "Age"
  b : text from pool by k
  k : category { "x", "y" }
  d : date in ..2024-12-31 format "%d/%m/%Y"
  e : decimal(2) in { -1, 2.5 } fixed = a / 3
}

## Grown up.
param p = 18

lookup least(k, key2 -> value) { ("x", 1) -> 5; ("y", 2) -> 6_000 }

## At least.
hard adult:    a >= p
soft(2.5) low: a <= 40

when k == "x" {
  forbid none: a is null
  soft old:    a >= least(k, 1 + 1)
}

unique (a, k)

fd a -> k, d

factor a ~ { 0..49: 62.5%, 50..99: 37.5% } {
  0..9 -> k in { "x" }, d in 2020-01-01..2020-12-31
}

target m: mean(a given k == "x") in 20..60
target s: share(a > 20) == 50%
target q: quantile(a, 0.9) <= 80
target x: dist(k, a) ~ { ("x", 1): 50%, ("y", 2): 50% } within 1%

test "t" {
  accept {}
  reject { a: 101 } by "a.domain"
  reject { a: 17 } by adult
}
"""
    compilation = compile_source(Source("a.htr", text))
    assert [] == compilation.errors
    assert text == write_program(compilation.program)


def test_the_rules_of_a_factor_are_not_said_apart() -> None:
    program = compile_source(
        Source("a.htr", "table t { f : bool  g : bool }\nfactor f { true -> g in { true } }")
    ).program
    assert ["f.true.g"] == [rule.name for rule in program.rules]
    assert "f.true.g" not in write_program(program)


def test_a_forbidden_body_is_a_negation() -> None:
    program = compile_source(Source("a.htr", "table t { f : bool }\nforbid r: f\n")).program
    (rule,) = program.rules
    assert isinstance(rule.body, Call)
    broken = program.model_copy(update={"rules": (rule.model_copy(update={"body": rule.body.args[0]}),)})
    with pytest.raises(UnwritableError, match="forbid"):
        write_program(broken)
