"""The grammar: how texts are read, with precedence, contextual words, spans and documentation."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from htdbu.grammar import syntax
from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source

TABLE = """\
## People.
table t {
  ## Full years.
  age : int in 16..95 null key fixed cost 2.5 as "Age"
  job : category { "a", "b" }
}
"""


def _tree(text: str) -> syntax.Tree:
    return parse(Source("a.htr", text))


def _sound(text: str) -> tuple[Any, ...]:
    tree = _tree(text)
    assert () == tree.findings
    return tree.statements


def _shown(node: Any) -> str:
    """An expression with all brackets written."""
    match node:
        case syntax.Number(value=value):
            return f"{value:f}"
        case syntax.Text(value=value) | syntax.DateText(value=value):
            return value
        case syntax.Name(value=value):
            return value
        case syntax.Boolean(value=value):
            return str(value).lower()
        case syntax.Null():
            return "null"
        case syntax.Pattern(value=value):
            return f"[{value}]"
        case syntax.Unary(operator=operator, operand=operand):
            return f"({operator} {_shown(operand)})"
        case syntax.Binary(operator=operator, left=left, right=right):
            return f"({_shown(left)} {operator} {_shown(right)})"
        case syntax.Comparison(operands=operands, operators=operators):
            rest = " ".join(f"{sign} {_shown(operand)}" for sign, operand in zip(operators, operands[1:], strict=True))
            return f"({_shown(operands[0])} {rest})"
        case syntax.Membership(item=item, collection=collection, negated=negated):
            return f"({_shown(item)} {'not in' if negated else 'in'} {_shown(collection)})"
        case syntax.Range(low=low, high=high):
            return f"{_shown(low)}..{_shown(high)}"
        case syntax.Set(items=items):
            return "{" + ", ".join(map(_shown, items)) + "}"
        case syntax.NullTest(item=item, negated=negated):
            return f"({_shown(item)} is {'not ' if negated else ''}null)"
        case syntax.Apply(name=name, args=args):
            return f"{name.value}({', '.join(map(_shown, args))})"
        case syntax.Conditional(arms=arms, otherwise=otherwise, form=form):
            shown = "; ".join(f"{_shown(arm.condition)} -> {_shown(arm.value)}" for arm in arms)
            return f"{form}[{shown}; else {_shown(otherwise)}]"
    raise AssertionError(node)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a or b and not c", "(a or (b and (not c)))"),
        ("a => b => c", "(a => (b => c))"),
        ("a <=> b <=> c", "((a <=> b) <=> c)"),
        ("a <=> b => c or d", "(a <=> (b => (c or d)))"),
        ("not a == b", "(not (a == b))"),
        ("not not a", "(not (not a))"),
        ("a - b - c * d / e", "((a - b) - ((c * d) / e))"),
        ("-a * b", "((- a) * b)"),
        ("a - -b", "(a - (- b))"),
        ("0 <= a <= b", "(0 <= a <= b)"),
        ("a != b and c > d", "((a != b) and (c > d))"),
        ("a in 1..2 + 3", "(a in 1..(2 + 3))"),
        ("a in 2 * 5..7", "(a in (2 * 5)..7)"),
        ("a in -5..-1", "(a in (- 5)..(- 1))"),
        ("a in b..c and d", "((a in b..c) and d)"),
        ('a not in { "x", "y" }', "(a not in {x, y})"),
        ("a is null or b is not null", "((a is null) or (b is not null))"),
        ("if a then 1 else 2", "if[a -> 1; else 2]"),
        ("x <= if p then 1 else 2 and q", "((x <= if[p -> 1; else 2]) and q)"),
        ("0 < x <= if p then 1 else 2 + 3", "(0 < x <= if[p -> 1; else (2 + 3)])"),
        ("x == (if p then 1 else 2)", "(x == if[p -> 1; else 2])"),
        ("if a then if b then c else d else e", "if[a -> if[b -> c; else d]; else e]"),
        ("x <= case { a -> 1; b -> 2; else -> 3 } + 1", "(x <= (case[a -> 1; b -> 2; else 3] + 1))"),
        ("count([flag_*], a > 1) <= 2", "(count([flag_*], (a > 1)) <= 2)"),
        ("sum(a) > min(b, c)", "(sum(a) > min(b, c))"),
        ("d >= 2024-05-01 and e < 2024-05-01T12:30:00", "((d >= 2024-05-01) and (e < 2024-05-01T12:30:00))"),
        (
            "a == 12_000 or a == 1e3 or a == 12% or a == 0.50",
            "((((a == 12000) or (a == 1000)) or (a == 0.12)) or (a == 0.50))",
        ),
        (r'a == "say \"hi\" \\ \n"', '(a == say "hi" \\ \n)'),
        ("`hard` == `two words`", "(hard == two words)"),
        ("hard == when and date < sum", "((hard == when) and (date < sum))"),
    ],
)
def test_an_expression_is_read_with_the_precedence_of_the_contract(text: str, expected: str) -> None:
    (rule,) = _sound(f"hard r: {text}")
    assert expected == _shown(rule.body)


def test_a_column_holds_all_that_is_said_of_it() -> None:
    (table,) = _sound(TABLE)
    age = table.columns[0]
    assert ("People.", "Full years.") == (table.doc, age.doc)
    assert ("int", True, True, True, "Age") == (age.type.name, age.nullable, age.key, age.fixed, age.header.value)
    assert "2.5" == f"{age.cost.value}"
    assert "16..95" == _shown(age.bound)


def test_words_are_contextual() -> None:
    text = """
    table table {
      hard : int in 0..5 date : date in ..2000-01-01 sum:int real : bool within : bool
      share : decimal(2) in 0.. test : text accept : text from pool by job
      ref : int
    }
    hard hard: hard <= sum soft soft: share > 1 when real { hard test: within }
    target target: sum(sum given real) >= 3
    """
    statements = _sound(text)
    assert ["Table", "RuleDecl", "RuleDecl", "When", "TargetDecl"] == [type(s).__name__ for s in statements]
    assert ["hard", "date", "sum", "real", "within", "share", "test", "accept", "ref"] == [
        column.name.value for column in statements[0].columns
    ]


def test_glued_words_are_one_word() -> None:
    assert ["HTR001"] == [finding.code for finding in _tree("hardfoo: a > 1").findings]


def test_every_statement_is_read() -> None:
    text = """
    param p = -1.5
    def f(a, b) = a + b
    def g = f(1, 2)
    lookup rate(job, age -> r) { ("a", 1) -> 2; ("b", 2) -> 3 }
    lookup tax(job -> r) { "a" -> 1 "b" -> 2 }
    lookup far(job -> r) from "far.csv"
    import "other.htr"
    soft(2) s: a > 1
    forbid n: a > 1
    unique (a, b)
    fd a, b -> c, d
    factor d ~ { true: 1%, false: 99% } { true -> a in { 1, 2 }, b ~ { "x": 100% }; false -> c in 1..2 }
    factor e { 1..2 -> a in { 1 } -5 -> a in 1..2 }
    factor h ~ { true: 50%, false: 50% }
    target t1: share(a > 1 given b) in 1%..2%
    target t2: quantile(a, 0.5 given b) == 3 within 1
    target t3: dist(a, b) ~ { (1, "x"): 50%, (2, "y"): 50% } within 1%
    target t4: dist(a given c) ~ real within 1%
    target t5: max(a) <= 2020-01-01
    test "title" { accept { a: 1, b: "x" } reject { a: -2, } by n reject {} by "a.domain" }
    """
    assert 20 == len(_sound(text))


def test_a_span_is_the_text_of_its_part() -> None:
    text = 'hard r: age >= 18 and job in { "a" }'
    (rule,) = _sound(text)
    left, right = rule.body.left, rule.body.right
    shown = [text[node.span.start : node.span.end] for node in (rule, rule.name, left, left.operands[1], right)]
    assert [text, "r", "age >= 18", "18", 'job in { "a" }'] == shown


def test_an_ignore_is_kept_with_its_reason() -> None:
    tree = _tree("# htr: ignore[HTR503, HTR103] known\nhard r: a > 1")
    assert [(("HTR503", "HTR103"), "known")] == [(ignore.codes, ignore.reason) for ignore in tree.ignores]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_no_text_makes_the_parser_raise(text: str) -> None:
    _assert_inside(text)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_mutation_makes_the_parser_raise(data: st.DataObject) -> None:
    base = TABLE + 'when age > 3 {\n  hard a: job == "a"\n}\nfactor job { "a" -> age in 1..2 }\n'
    start = data.draw(st.integers(0, len(base)))
    end = data.draw(st.integers(start, min(len(base), start + 6)))
    put = data.draw(st.sampled_from(["", "{", "}", "(", '"', "hard", " => ", "..", "\x00", "`", "#", "é", "1e9"]))
    _assert_inside(base[:start] + put + base[end:])


def _assert_inside(text: str) -> None:
    for finding in _tree(text).findings:
        assert 0 <= finding.span.start <= finding.span.end <= len(text)


@pytest.mark.parametrize("text", ["(" * 5000, "hard r: " + "not " * 5000 + "a", "hard r: " + " + ".join(["a"] * 5000)])
def test_deep_nesting_is_a_finding(text: str) -> None:
    assert ["HTR001"] == [finding.code for finding in _tree(text).findings]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment", "\ufeff", "\r\n"])
def test_an_empty_text_is_sound(text: str) -> None:
    assert () == _sound(text)
