"""Words are contextual: any but the reserved ones may name anything, anywhere."""

from __future__ import annotations

import pytest

from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source
from htdbu.grammar.syntax import RuleDecl, Table
from htdbu.grammar.words import LATER, RESERVED, STATEMENTS, TYPES
from tests.grammar.dump import shown

CONTEXTUAL = (
    *STATEMENTS,
    *TYPES,
    *sorted(LATER),
    *("accept", "reject", "within", "real", "dist", "share", "mean", "min", "max", "sum", "quantile", "count", "day"),
)
ENDS = (
    "int",
    "int in 0..5",
    "int in 3..",
    "date in ..2020-01-01",
    "int = a + b",
    "int = f(a)",
    "bool = a is null",
    "bool = a in { 1 }",
    "bool = a in 1..2",
    "int = case { a -> 1; else -> 2 }",
    "int = if a then 1 else b",
    "bool = a == true",
    "decimal(2)",
    'category { "a" }',
    'category ordered { "a" < "b" } null',
    "text",
    "text from p by q",
    "int null cost 2",
    'int as "x"',
    'date format "%d"',
    "bool key fixed",
)
PLACES = (
    "hard {w}: {w} > 1",
    "hard a: x > {w}\nhard b: 3 < {w}\nsoft c: {w}",
    "soft(3) {w}: {w} forbid {w}: {w}",
    "def {w} = {w}\ndef f(x, {w}) = {w} + {w}\ndef b = {w}",
    "param {w} = 3\nparam b = 4",
    "table {w} {{ {w} : text from {w} by {w} }}",
    "factor {w} ~ {{ 1: 100% }} {{ 1 -> {w} in {{ 1 }}, {w} ~ {{ 2: 1% }} }} factor {w} {{ }}",
    "target {w}: mean({w} given {w} > 1) == 3 within 1% target b: max({w}) in 1..2",
    "target {w}: dist({w}, {w} given {w}) ~ real within 1%",
    "target {w}: share({w} given {w}) >= 1",
    "target {w}: quantile({w}, 0.5 given {w}) <= 1",
    "fd {w}, {w} -> {w}, {w}\nhard a: x > 1",
    "unique ({w}, {w}) unique ({w})",
    'test "x" {{ accept {{ {w}: 1, {w}: "a" }} reject {{ {w}: 1 }} by {w} reject {{ }} by {w} accept {{ }} }}',
    'lookup l({w}, {w} -> {w}) {{ (1, 2) -> 3 }}\nlookup l({w} -> {w}) from "a"',
    "when {w} {{ hard {w}: {w} when {w} {{ soft {w}: {w} }} }}",
    "forbid {w}: case {{ {w} -> {w}; else -> {w} }} == if {w} then {w} else {w}",
    "hard a: {w} in {w}..{w} and {w} not in {{ {w}, {w} }} or {w} is not null",
)


@pytest.mark.parametrize("end", ENDS)
def test_a_column_may_have_any_word_for_its_name_whatever_stands_before_it(end: str) -> None:
    for word in CONTEXTUAL:
        tree = parse(Source("a.htr", f"table t {{ x : {end}\n {word} : int }}"))
        assert () == tree.findings, word
        (table,) = tree.statements
        assert isinstance(table, Table)
        assert ["x", word] == [column.name.value for column in table.columns]


@pytest.mark.parametrize("place", PLACES)
def test_any_word_may_stand_where_a_name_may(place: str) -> None:
    for word in CONTEXTUAL:
        assert () == parse(Source("a.htr", place.format(w=word))).findings, word


@pytest.mark.parametrize("word", sorted(set(CONTEXTUAL) - LATER))
def test_any_word_may_name_a_function(word: str) -> None:
    assert () == parse(Source("a.htr", f"def {word}(a) = a hard a: {word}({word}) > 1")).findings


@pytest.mark.parametrize("word", sorted(RESERVED))
@pytest.mark.parametrize(
    "place",
    [
        "hard {w}: x",
        "param {w} = 1",
        "def {w} = x",
        "table {w} {{ a : int }}",
        "table t {{ {w} : int }}",
        "fd {w} -> a",
    ],
)
def test_a_reserved_word_needs_back_ticks_to_be_a_name(place: str, word: str) -> None:
    bare, quoted = (parse(Source("a.htr", place.format(w=w))) for w in (word, f"`{word}`"))
    assert [(f"`{word}` is a reserved word", "HTR001")] == [(f.message, f.code) for f in bare.findings]
    assert f"`` `{word}` ``" in str(bare.findings[0].help)
    assert () == quoted.findings


@pytest.mark.parametrize("word", sorted(LATER))
def test_a_word_of_a_later_version_is_free_as_a_name_and_not_as_a_function(word: str) -> None:
    named = f"param {word} = 1 hard a: {word} > 1 target {word}: mean({word}) >= 1"
    assert () == parse(Source("a.htr", named)).findings
    for text in (f"hard a: {word}(x) > 1", f"def {word}(x) = x", f"lookup {word}(x -> y) {{ }}", f"{word} x"):
        findings = parse(Source("a.htr", text)).findings
        assert [("HTR003", word)] == [(f.code, text[f.span.start : f.span.end]) for f in findings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hardfoo: a > 1", ("HTR001", "hardfoo")),
        ("hard a: b andc", ("HTR001", "andc")),
        ("tablet { }", ("HTR001", "tablet")),
    ],
)
def test_glued_words_are_one_word(text: str, expected: tuple[str, str]) -> None:
    (finding,) = parse(Source("a.htr", text)).findings
    assert expected == (finding.code, text[finding.span.start : finding.span.end])


def test_a_word_ends_at_the_first_sign_that_is_no_name_character() -> None:
    (rule,) = parse(Source("a.htr", "hard a:(b)and(not(c)or`d`)=>e in{1}")).statements
    assert isinstance(rule, RuleDecl)
    assert "((b and ((not c) or d)) => (e in {1}))" == shown(rule.body)
