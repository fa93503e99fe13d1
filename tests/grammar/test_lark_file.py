"""The grammar file itself: no conflicts, inside llguidance's subset, and what it can say is read."""

from __future__ import annotations

import logging
import re
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark, logger
from lark.lexer import PatternStr

from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source
from htdbu.grammar.terminals import lark, new_lark
from tests.grammar.dump import tree_lines

GRAMMAR = files("htdbu.grammar").joinpath("htr.lark").read_text("utf-8")
SAMPLE = (Path(__file__).parent / "fixtures" / "sample.htr").read_text("utf-8")


def test_the_sample_program_of_the_contract_is_sound() -> None:
    tree = parse(Source("sample.htr", SAMPLE))
    assert () == tree.findings
    kinds = [
        "Table",
        "ParamDecl",
        *["DefDecl"] * 2,
        *["RuleDecl"] * 8,
        "When",
        "FactorDecl",
        *["TargetDecl"] * 3,
        "TestDecl",
    ]
    assert kinds == [type(statement).__name__ for statement in tree.statements]


@pytest.mark.parametrize("space", [" ", "\n", "\r\n", " \t\f\n\n"])
def test_newlines_mean_nothing(space: str) -> None:
    plain = re.sub("#[^\n]*", "", SAMPLE)
    text = re.sub(r'("[^"\n]*")|\s+', lambda found: found[1] or space, plain)
    expected, actual = (tree_lines(parse(Source("a.htr", t))) for t in (plain, text))
    assert expected == actual


def test_the_parser_has_no_conflicts(caplog: pytest.LogCaptureFixture) -> None:
    level = logger.level
    try:
        with caplog.at_level(logging.DEBUG, logger=logger.name):
            Lark(GRAMMAR, parser="lalr", debug=True)
    finally:
        logger.setLevel(level)
    assert [] == [record.message for record in caplog.records if "onflict" in record.message]


def test_the_grammar_is_accepted_in_strict_mode() -> None:
    pytest.importorskip("interegular", reason="strict mode needs interegular")
    Lark(GRAMMAR, parser="lalr", strict=True, postlex=lark().options.postlex)


@pytest.mark.parametrize(
    "construct",
    [
        pytest.param(r"^%(extend|declare|override|import)", id="directives"),
        pytest.param(r"^[?!]*\w+\.-?\d+\s*:", id="priorities"),
        pytest.param(r"\(\?[=!<]|\\b|\\B", id="lookaround"),
        pytest.param(r"^[?!]*\w+\s*\{", id="templates"),
    ],
)
def test_the_grammar_keeps_inside_the_subset_of_llguidance(construct: str) -> None:
    code = re.sub(r"^//.*$", "", GRAMMAR, flags=re.MULTILINE)
    assert [] == re.findall(construct, code, re.MULTILINE)


def test_llguidance_accepts_the_grammar() -> None:
    llguidance = pytest.importorskip("llguidance", reason="llguidance is an optional dependency")
    text = '%llguidance {"allow_initial_skip": true}\n' + GRAMMAR
    assert "" == llguidance.LLMatcher.validate_grammar(llguidance.grammar_from("lark", text))


_PATTERNS = {
    "NAME": st.sampled_from(["a", "b1", "hard", "within", "date"]),
    "QUOTED_NAME": st.sampled_from(["`a b`", "`and`"]),
    "STRING": st.sampled_from(['""', '"x"', r'"\"#"']),
    "DATE": st.just("2024-05-01"),
    "DATETIME": st.just("2024-05-01T12:30:00"),
    "NUMBER": st.sampled_from(["0", "1_000", "0.5", "1e3", "12%"]),
    "NUMBER_RANGE": st.sampled_from(["0..", "0.5..", "1%.."]),
    "PATTERN": st.just("[a*]"),
    "COMMENT": st.just("# c\n"),
    "WHITESPACE": st.sampled_from([" ", "\n", "\t"]),
}


def _sentences() -> st.SearchStrategy[str]:
    """Sentences of the grammar, with a space around every token, so that no two grow together."""
    spelled = {t.name: st.just(t.pattern.value) for t in lark().terminals if isinstance(t.pattern, PatternStr)}
    spaced = {name: strategy.map(lambda word: f" {word} ") for name, strategy in {**_PATTERNS, **spelled}.items()}
    return from_lark(new_lark(), start="start", explicit=spaced)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(_sentences())
def test_every_sentence_of_the_grammar_is_read(text: str) -> None:
    messages = [finding.message for finding in parse(Source("a.htr", text)).findings]
    assert [] == [message for message in messages if not message.endswith("is said twice")]
