"""Whatever a grammar lets a model write is a rule file without errors, in both forms of the grammar."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from llguidance import LLMatcher, grammar_from

from htdbu.compiler.compile import compile_source
from htdbu.compiler.constrained import grammar, table_text
from htdbu.compiler.exports import Omitted, ignore
from htdbu.compiler.program import Program
from htdbu.grammar.source import Source
from tests.compiler.constrained.gbnf_reader import Gbnf
from tests.compiler.constrained.tables import TABLES
from tests.compiler.constrained.walks import Walker

WALKS = {"loans": 260, "bank": 200, "names": 200, "edges": 140, "dates": 100, "one int": 80, "one text": 20}
STEPS = 60
CONSTRUCTS = {
    "hard ", "soft r", "soft(", "forbid ", "when ", "unique (", "fd ", "factor ", "target ", "## ", " and ", " or ",
    "not ", " => ", " <=> ", " in {", " not in {", " is null", " is not null", "case {", "count(", "abs(", "min(",
    "mod(", "days_between(", "year(", "month(", "weekday(", " ~ {", "..", "share(", "mean(", "quantile(", "dist(",
    " given ", " ~ real within ", "\n}\n", "\n  hard ", "%",
}  # fmt: skip


def program(name: str) -> Program:
    """A table of that name, compiled."""
    return compile_source(Source("table", TABLES[name])).checked()


def errors(text: str) -> list[str]:
    """What is wrong with a text, with the place."""
    return [
        f"{found.code} {found.message}: {text[max(0, found.span.start - 40) : found.span.end + 20]!r}"
        for found in compile_source(Source("walk", text)).errors
    ]


def walker(name: str, seed: int, omitted: Omitted = ignore) -> Walker:
    """Walks over the grammar of a table."""
    table = program(name)
    return Walker(grammar(table, "llguidance", omitted=omitted), table_text(table), Random(seed))


def drawn(name: str, count: int) -> Iterator[str]:
    """Sentences of the other form of the grammar."""
    form, random = Gbnf(grammar(program(name), "gbnf")), Random(name)
    return (form.draw(random) for _ in range(count))


def test_there_are_a_thousand_walks_over_all_tables() -> None:
    assert set(TABLES) == set(WALKS)
    assert 1_000 == sum(WALKS.values())


@pytest.mark.slow
@pytest.mark.parametrize("name", WALKS)
def test_every_walk_of_random_tokens_is_a_rule_file_without_errors(name: str) -> None:
    walks = walker(name, seed=20_26)
    texts = [walks.walk(STEPS) for _ in range(WALKS[name])]
    assert [] == [error for text in texts for error in errors(text)]
    assert len(set(texts)) > 0.9 * len(texts) or name == "one text"


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
def test_both_forms_have_the_same_sentences(name: str) -> None:
    table = program(name)
    walks, form = walker(name, seed=7), Gbnf(grammar(table, "gbnf"))
    assert [] == [text for text in drawn(name, 12) if not walks.accepts(text)]
    assert [] == [text for text in (walks.walk(STEPS) for _ in range(12)) if not form.has(text)]


@pytest.mark.slow
@pytest.mark.parametrize("name", TABLES)
def test_sentences_of_gbnf_are_rule_files_without_errors(name: str) -> None:
    assert [] == [error for text in drawn(name, 10) for error in errors(text)]


@pytest.mark.parametrize("name", TABLES)
def test_the_reader_of_llguidance_takes_both_forms_without_a_warning(name: str) -> None:
    forms = [grammar(program(name), form) for form in ("gbnf", "llguidance")]
    said = [LLMatcher.validate_grammar_with_warnings(grammar_from("grammar", form)) for form in forms]
    assert [(False, []), (False, [])] == said


def test_every_construct_of_the_grammar_is_met() -> None:
    written = "".join(drawn("loans", 40)).replace(table_text(program("loans")), "")
    assert set() == {construct for construct in CONSTRUCTS if construct not in written}
