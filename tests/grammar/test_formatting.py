"""Layout: pairs of texts, and what must hold of every text: nothing but space changes, and once is enough.

A case of `fixtures/formatting/*.txt` begins with `--- title`; after `===` stands the text laid out.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet
from hypothesis import HealthCheck, given, settings

from htdbu.compiler.compile import compile_source
from htdbu.compiler.diagnostics import all_kinds
from htdbu.grammar.formatting import format_source
from htdbu.grammar.formatting.lexemes import lexemes
from htdbu.grammar.parser import parse
from htdbu.grammar.source import Source
from htdbu.grammar.syntax import Tree
from tests.grammar.dump import tree_lines
from tests.grammar.layouts import comments, respaced, sentences, spread, tokens
from tests.solver.rule_texts import rule_files
from tests.work import growth

ROOT = Path(__file__).parent.parent.parent
FIXTURES = Path(__file__).parent / "fixtures"
FORMATTED = [*sorted((ROOT / "examples").rglob("*.htr")), ROOT / "htdbu" / "datasets" / "loans.htr"]
FILES = [*FORMATTED, *sorted((ROOT / "docs").rglob("*.htr")), FIXTURES / "sample.htr"]


def formatted(text: str) -> str:
    """A sound text laid out."""
    made = format_source(Source("a.htr", text))
    assert made is not None
    return made


def tree_of(text: str) -> Tree:
    """The syntax tree of a sound text."""
    tree = parse(Source("a.htr", text))
    assert () == tree.findings
    return tree


def said(tree: Tree) -> tuple[list[str], list[object]]:
    """All that a tree says, places aside."""
    return tree_lines(tree), [(ignore.codes, ignore.reason) for ignore in tree.ignores]


def check_layout(text: str) -> str:
    """Lay a text out, and see that it says the same, with the same comments, and stays as it is from then on."""
    made = formatted(text)
    assert said(tree_of(text)) == said(tree_of(made))
    assert sorted(comments(text)) == sorted(comments(made))
    assert made == formatted(made)
    return made


def check_program(text: str, made: str) -> None:
    """See that two texts are compiled to the same program, with the same findings."""
    before, after = (compile_source(Source("a.htr", one)) for one in (text, made))
    assert before.program.model_dump_json() == after.program.model_dump_json()
    assert sorted(f.code for f in before.diagnostics) == sorted(f.code for f in after.diagnostics)


def cases() -> list[ParameterSet]:
    """The pairs of texts."""
    found = []
    for path in sorted((FIXTURES / "formatting").glob("*.txt")):
        for block in path.read_text("utf-8").split("--- ")[1:]:
            title, _, rest = block.partition("\n")
            before, _, after = rest.partition("===\n")
            found.append(pytest.param(before, after, id=f"{path.stem}: {title}"))
    return found


@pytest.mark.parametrize(("before", "after"), cases())
def test_a_text_gets_its_layout(before: str, after: str) -> None:
    assert after == formatted(before)
    assert after == formatted(after)
    check_layout(before)


@pytest.mark.parametrize("path", FORMATTED, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_examples_are_formatted(path: Path) -> None:
    assert path.read_text("utf-8") == formatted(path.read_text("utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_real_files_keep_their_meaning_however_they_are_spaced(path: Path) -> None:
    text = path.read_text("utf-8")
    made = check_layout(text)
    bare = formatted(" ".join(tokens(text)))
    for seed in range(2):
        other = check_layout(respaced(text, random.Random(seed)))
        assert tree_lines(tree_of(bare)) == tree_lines(tree_of(other))
    if not any(line.startswith("ImportDecl") for line in tree_lines(tree_of(text))):
        check_program(text, made)


@pytest.mark.parametrize("code", all_kinds())
def test_examples_of_findings_keep_their_findings(code: str) -> None:
    for text in (all_kinds()[code].failing, all_kinds()[code].mended):
        made = format_source(Source("a.htr", text))
        if made is not None:
            check_program(text, made)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(sentences().flatmap(spread))
def test_every_sentence_keeps_its_meaning_and_its_comments(text: str) -> None:
    check_layout(text)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(rule_files(rows=0).flatmap(lambda drawn: spread(drawn.text)))
def test_every_rule_file_keeps_its_program_and_its_findings(text: str) -> None:
    check_program(text, check_layout(text))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(sentences().flatmap(spread))
def test_the_tokens_are_those_of_the_parser(text: str) -> None:
    split = [part for token in tokens(text) for part in ([token[:-2], ".."] if token[-2:] == ".." else [token]) if part]
    assert split == [lexeme.text for lexeme in lexemes(text)][:-1]


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(sentences().flatmap(spread))
def test_lines_have_no_space_at_their_end_and_the_text_ends_with_one_newline(text: str) -> None:
    made = formatted(text)
    assert [line.rstrip() for line in made.split("\n")] == made.split("\n")
    assert "\n\n\n" not in made
    assert not made.startswith("\n")
    assert made == (made.rstrip("\n") + "\n" if made else "")


@pytest.mark.parametrize("text", ["", " \n\n", "\ufeff", "\r\n\t\x0c"])
def test_a_text_of_nothing_becomes_empty(text: str) -> None:
    assert "" == formatted(text)


@pytest.mark.parametrize("text", ["# c", "\n\n# c  \r\n\n", "\ufeff# c\n"])
def test_a_text_of_comments_keeps_them(text: str) -> None:
    assert "# c\n" == formatted(text)


@pytest.mark.parametrize("text", ["hard a: x >", "hard a: (x", "group g: x", "hard a: x\ntable t { age int }"])
def test_a_text_with_syntax_errors_is_not_laid_out(text: str) -> None:
    assert format_source(Source("a.htr", text)) is None


def test_windows_line_ends_and_tabs_become_plain() -> None:
    text = "table t {\r\n\ta : int # c\r\n\r\n\r\n\t# d\r\n\tlong : int\r\n}\r\n"
    assert "table t {\n  a : int  # c\n\n  # d\n  long : int\n}\n" == formatted(text)


def test_a_call_that_would_be_read_as_a_statement_leaves_the_text_as_it_is() -> None:
    text = f"hard  a: unique(x) and {' and '.join(f'column_{i} > 0' for i in range(12))}"
    assert text == formatted(text)
    declared = f"def unique(y) = y > 0\n{text}\n"
    assert "\n  unique(x)\n  and column_0 > 0\n" in check_layout(declared)


NAME = "a_name_of_some_length"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"hard a: {'(' * 97}x{')' * 97}", id="brackets"),
        pytest.param(f"hard a: {f'({NAME} and ' * 48}x{')' * 48}", id="operators"),
        pytest.param(f"hard a: {f'f({NAME}, {NAME} * ' * 48}x{')' * 48}", id="calls"),
        pytest.param(f"hard a: {'case { y -> ' * 45}x{'; else -> z }' * 45}", id="cases"),
        pytest.param(f"hard a: {f'if {NAME} then {NAME} else ' * 90}x", id="else if"),
        pytest.param(f"hard a: {f'if {NAME} then ' * 45}x{f' else {NAME}' * 45}", id="then if"),
        pytest.param(f"hard a: x => {f'{NAME} => ' * 90}x", id="arrows"),
        pytest.param(f"{f'when {NAME} {{ ' * 95}hard a: x{'}' * 95}", id="blocks"),
    ],
)
def test_the_deepest_nesting_is_laid_out(text: str) -> None:
    check_layout(text)


def test_work_grows_with_the_rules_only() -> None:
    def lay_out(n: int) -> None:
        columns = "\n".join(f"c{i}: int in 0..100" for i in range(n))
        rules = "\n".join(
            f"hard r{i}: c{i % n}+c{(i + 1) % n}<=5*c{(i + 7) % n} and (c1>{i} or c2 is null) => c3 in {{1,2,3}}"
            for i in range(5 * n)
        )
        source = Source("a.htr", f"table t {{\n{columns}\n}}\n{rules}")
        assert format_source(source, parse(source)) is not None

    assert growth(lay_out, 20) < 5


def test_work_grows_with_the_length_of_a_rule_only() -> None:
    def lay_out(n: int) -> None:
        rule = "hard a: " + " and ".join(f"(c{i} > 0 or b)" for i in range(n))
        assert formatted(rule).count("\n") > n

    assert growth(lay_out, 200) < 5
