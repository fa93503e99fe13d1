"""Mistakes: all of a file are reported at once, each where it is, and what is sound is kept."""

from __future__ import annotations

import pytest

from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source
from htdbu.grammar.syntax import RuleDecl, When


def _findings(text: str) -> list[str]:
    source = Source("a.htr", text)
    return ["{}:{} {} {}".format(*source.position(f.span.start), f.code, f.message) for f in parse(source).findings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hrad a: b > 1", "1:1 HTR001 unexpected `hrad`: expected a statement"),
        ("hard a: b >", "1:12 HTR001 this ends too early: expected an expression"),
        ("hard a: b >\nhard c: d > 1", "1:12 HTR001 this ends too early: expected an expression"),
        ("hard a: (b > 1", "1:9 HTR002 this `(` is never closed"),
        ("hard a: (b > 1\nhard c: d > 1", "1:9 HTR002 this `(` is never closed"),
        ('hard a: b == "x', "1:14 HTR002 this text never ends"),
        ("when a > 1 {\n  hard b: c > 1", "1:12 HTR002 this `{` is never closed"),
        ("hard a: b = 1", "1:11 HTR001 unexpected `=`: expected an operator or a statement"),
        ("hard a: if b then 1", "1:20 HTR001 this ends too early: expected `else`"),
        ("hard a: case { b -> 1; }", "1:24 HTR001 unexpected `}`: expected an expression or `else`"),
        ("group g by x", "1:1 HTR003 `group` belongs to a later version"),
        ("hard a: prev(b) > 1", "1:9 HTR003 `prev` belongs to a later version"),
        ("hard by: b > 1", "1:6 HTR001 `by` is a reserved word"),
        ("param p =", "1:10 HTR001 this ends too early: expected a literal"),
    ],
)
def test_a_mistake_is_named_where_it_is(text: str, expected: str) -> None:
    assert [expected] == _findings(text)


def test_five_mistakes_are_five_findings_and_the_sound_statements_survive() -> None:
    text = """\
table t {
  age : int in 16..95
  pay : decimal(2 in 0..5
  job : categry { "a" }
  sum : int in 0..9
}
hard one: age >=
hard two: age > 1
when age > 3 {
  hard three: sum >
  hard four: sum > 1
}
hrad five: age > 1
hard six: sum > 2
"""
    tree = parse(Source("a.htr", text))
    assert ["3", "4", "7", "10", "13"] == [line.split(":")[0] for line in _findings(text)]
    assert ["age", "sum"] == [column.name.value for column in tree.statements[0].columns]
    rules = [rule for s in tree.statements[1:] for rule in (s.body if isinstance(s, When) else [s])]
    assert ["two", "four", "six"] == [rule.name.value for rule in rules if isinstance(rule, RuleDecl)]


@pytest.mark.parametrize(
    ("found", "help"),
    [
        ("hrad a: b > 1", "did you mean `hard`?"),
        ("hard a: b && c", "did you mean `and`?"),
        ("hard a: b = 1", "did you mean `==`?"),
        ("table t { a : integer }", "did you mean `int`?"),
        ('table t { a : categry { "x" } }', "did you mean `category`?"),
        ("table t { a : string }", "did you mean `text`?"),
    ],
)
def test_a_mistake_gets_a_help(found: str, help: str) -> None:
    assert [help] == [finding.help for finding in parse(Source("a.htr", found)).findings]


def test_many_broken_statements_stay_cheap() -> None:
    text = "\n".join(f"hard r{i}: a {'>' if i % 5 == 0 else '> 1'}" for i in range(1000))
    assert 200 == len(_findings(text))
