"""Expressions: every operator, with the precedence of the contract."""

from __future__ import annotations

import pytest

from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source
from htdbu.grammar.syntax import ParamDecl, RuleDecl
from tests.grammar.dump import shown


def _rule(text: str) -> RuleDecl:
    tree = parse(Source("a.htr", f"hard r: {text}"))
    assert () == tree.findings
    (rule,) = tree.statements
    assert isinstance(rule, RuleDecl)
    return rule


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # From the weakest operator to the strongest, each beside its neighbour.
        ("a <=> b => c", "(a <=> (b => c))"),
        ("a => b <=> c", "((a => b) <=> c)"),
        ("a => b or c", "(a => (b or c))"),
        ("a or b => c", "((a or b) => c)"),
        ("a or b and c", "(a or (b and c))"),
        ("a and b or c", "((a and b) or c)"),
        ("not a and b", "((not a) and b)"),
        ("a and not b", "(a and (not b))"),
        ("not a == b", "(not (a == b))"),
        ("not a in { 1 }", "(not (a in {1}))"),
        ("not a is null", "(not (a is null))"),
        ("a + 1 < b - 2", "((a + 1) < (b - 2))"),
        ("a + b * c", "(a + (b * c))"),
        ("a * b + c", "((a * b) + c)"),
        ("-a * b", "((- a) * b)"),
        ("a * -b", "(a * (- b))"),
        ("- - a", "(- (- a))"),
        # Chains.
        ("a <=> b <=> c", "((a <=> b) <=> c)"),
        ("a => b => c", "(a => (b => c))"),
        ("a or b or c", "((a or b) or c)"),
        ("a and b and c", "((a and b) and c)"),
        ("not not a", "(not (not a))"),
        ("a - b - c", "((a - b) - c)"),
        ("a / b / c * d", "(((a / b) / c) * d)"),
        ("a - -b", "(a - (- b))"),
        ("0 <= a <= b", "(0 <= a <= b)"),
        ("a < b == c >= d != e > f", "(a < b == c >= d != e > f)"),
        # Brackets.
        ("(a or b) and c", "((a or b) and c)"),
        ("a * (b + c)", "(a * (b + c))"),
        ("((a))", "a"),
        ("not (a and b)", "(not (a and b))"),
        # Ranges and sets.
        ("a in 1..2", "(a in 1..2)"),
        ("a in 1 .. 2", "(a in 1..2)"),
        ("a in b..c and d", "((a in b..c) and d)"),
        ("a in 1..2 + 3", "(a in 1..(2 + 3))"),
        ("a in b + 1..c - 1", "(a in (b + 1)..(c - 1))"),
        ("a in b - 2 * 5..7", "(a in (b - (2 * 5))..7)"),
        ("a in b / 5..7", "(a in (b / 5)..7)"),
        ("a in (1)..(2)", "(a in 1..2)"),
        ("a in -5..-1", "(a in (- 5)..(- 1))"),
        ("a in f(1)..0.5", "(a in f(1)..0.5)"),
        ("a in 0.5..1.5", "(a in 0.5..1.5)"),
        ("a in 1e3..1e4", "(a in 1000..10000)"),
        ("a in 1%..2%", "(a in 0.01..0.02)"),
        ("a in 2024-01-01..2024-12-31", "(a in 2024-01-01..2024-12-31)"),
        ('a not in { "x", "y", }', '(a not in {"x", "y"})'),
        ("a not in 1..2", "(a not in 1..2)"),
        ("a + 1 in { b * 2, null }", "((a + 1) in {(b * 2), null})"),
        # Null.
        ("a is null or b is not null", "((a is null) or (b is not null))"),
        ("a + b is null", "((a + b) is null)"),
        # Branches.
        ("if a then 1 else 2", "if[a -> 1; else 2]"),
        ("if a or b then c => d else not e", "if[(a or b) -> (c => d); else (not e)]"),
        ("if a then b else if c then d else e", "if[a -> b; else if[c -> d; else e]]"),
        ("if a then if b then c else d else e", "if[a -> if[b -> c; else d]; else e]"),
        ("x <= if p then 1 else 2 and q", "((x <= if[p -> 1; else 2]) and q)"),
        ("x <= if p and r then 1 else 2 + 3 => q", "((x <= if[(p and r) -> 1; else (2 + 3)]) => q)"),
        ("0 < x <= if p then 1 else 2", "(0 < x <= if[p -> 1; else 2])"),
        ("x == if p then 1 else if q then 2 else 3 or r", "((x == if[p -> 1; else if[q -> 2; else 3]]) or r)"),
        ("x == if p then if q then 1 else 2 else 3", "(x == if[p -> if[q -> 1; else 2]; else 3])"),
        ("x == (if p then 1 else 2) + 1", "(x == (if[p -> 1; else 2] + 1))"),
        ("(if p then a else b) and c", "(if[p -> a; else b] and c)"),
        ("max(if p then 1 else 2, 3) > x", "(max(if[p -> 1; else 2], 3) > x)"),
        (
            "x <= case { a -> 1; b or c -> 2; else -> 3 } + 1 and q",
            "((x <= (case[a -> 1; (b or c) -> 2; else 3] + 1)) and q)",
        ),
        ("case { else -> a; }", "case[; else a]"),
        ("-case { a -> 1; else -> 2 } * 2 > b", "(((- case[a -> 1; else 2]) * 2) > b)"),
        # Calls and patterns.
        ("f() > 1", "(f() > 1)"),
        ("count([flag_*], a > 1) <= 2", "(count([flag_*], (a > 1)) <= 2)"),
        ("all([a?b]) and any(a, b)", "(all([a?b]) and any(a, b))"),
        ("sum(a) > min(b, f(c))", "(sum(a) > min(b, f(c)))"),
        # Literals.
        ("a == 12_000 or a == 1e3", "((a == 12000) or (a == 1000))"),
        ("a == 1.5E-2 or a == 0.50", "((a == 0.015) or (a == 0.50))"),
        ("a == 12% or a == 0.5%", "((a == 0.12) or (a == 0.005))"),
        ("a == true or b == false or c == null", "(((a == true) or (b == false)) or (c == null))"),
        ("a >= 2024-05-01", "(a >= 2024-05-01)"),
        ("a < 2024-05-01T12:30:00", "(a < 2024-05-01T12:30:00)"),
        ("a - 2024-05-01 > 3", "((a - 2024-05-01) > 3)"),
        ("a > 2024-5", "(a > (2024 - 5))"),
        ("`two words` == `and`", "(two words == and)"),
    ],
)
def test_an_expression_is_read_with_the_precedence_of_the_contract(text: str, expected: str) -> None:
    assert expected == shown(_rule(text).body)


@pytest.mark.parametrize(
    "text",
    [
        "p => if q then a else b",
        "1 + if q then a else b",
        "x in 1..",
        "x in ..1",
        "a is null is null",
        "a in { 1 } in { 2 }",
        "x == if p then a > 1 else b",
        "x in { }",
        "[flag_*] > 1",
        "case { a -> 1; }",
        "a not b",
        "",
    ],
)
def test_what_the_contract_does_not_allow_is_a_finding(text: str) -> None:
    assert ["HTR001"] == [finding.code for finding in parse(Source("a.htr", f"hard r: {text}")).findings]


def test_a_number_keeps_all_its_digits() -> None:
    digits = "1234567890123456789012345678901234567890.12345"
    assert f"(a == (- {digits}))" == shown(_rule(f"a == -{digits}").body)
    tree = parse(Source("a.htr", f"param p = -{digits} param q = {digits}%"))
    values = [shown(statement.value) for statement in tree.statements if isinstance(statement, ParamDecl)]
    assert [f"-{digits}", "12345678901234567890123456789012345678.9012345"] == values
