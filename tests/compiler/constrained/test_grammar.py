"""What a grammar takes and what it refuses, how large it gets, and how it is asked for."""

from __future__ import annotations

from random import Random

import pytest
from llguidance import LLMatcher, grammar_from

import htdbu
from htdbu.compiler.compile import compile_source
from htdbu.compiler.constrained import LONGEST_TABLE, grammar, table_text
from htdbu.compiler.constrained.columns import columns_of_table
from htdbu.compiler.program import Program
from htdbu.errors import UsageError
from htdbu.grammar.source import Source
from tests.compiler.constrained.gbnf_reader import Gbnf
from tests.compiler.constrained.test_walks import errors, program
from tests.compiler.constrained.walks import Walker

SENSIBLE = """
## Nobody under age.
hard r1_adult: age >= 18
hard r2_in_cap: asked <= case { age < 25 -> 20000; job == "student" or age > 80 -> 40000; else -> 200000 }
soft(3) r3_modest: job == "student" => asked <= 5000
forbid r4_young_pensioner: job == "retired" and age < 50
hard r5_in_order: closed is null or closed >= opened + 30
when bad {
  hard r6: rating <= "C" and income < 0.4 * asked + 12 * months
  soft r7: count(web, job not in { "student", "retired" }, not age == 17) <= 2
}
hard r8: weekday(opened) in { 1, 2, 3, 4, 5 } and days_between(opened, closed) > 0
unique (opened, closed)
fd job -> rating
factor bad ~ { false: 97%, true: 3% } {
  true -> job in { "student", "employed" }
  false -> job ~ { "student": 10%, "employed": 70%, "retired": 20% }, asked in 0.00..50000
}
target t1_bad_young: share(bad given age < 30) <= 6%
target t2: mean(asked) >= 8000
target t3: dist(job, bad) ~ real within 3%
"""
WRONG = {
    "a column that is not there": "hard r1: agee >= 18\n",
    "a level that is not there": 'hard r1: job == "clerk"\n',
    "the level of another column": 'hard r1: job == "A"\n',
    "an order of levels without one": 'hard r1: job < "retired"\n',
    "a number finer than its column": "hard r1: age == 17.5\n",
    "a number for a level": "hard r1: job == 1\n",
    "a day that is none": "hard r1: opened >= 2020-02-30\n",
    "a date before the domain": "hard r1: opened >= 2014-12-31\n",
    "a text that is compared": 'hard r1: note == "x"\n',
    "a column that is never null": "hard r1: age is null\n",
    "a number as a condition": "hard r1: age\n",
    "null in a set": "hard r1: age in { 17, null }\n",
    "a name that is not the next": "hard r2: age >= 18\n",
    "a name twice": "hard r1: age >= 18\nhard r1: age >= 19\n",
    "a rule without a column": "hard r1: 1 <= 2\n",
    "a weight of zero": "soft(0) r1: age >= 18\n",
    "brackets in brackets": "hard r1: (bad and (web or bad))\n",
    "shares of 99 %": "factor bad ~ { false: 97%, true: 2% } {\n  true -> web in { true }\n}\n",
    "a factor of itself": "factor bad {\n  true -> bad in { true }\n}\n",
    "a value of a factor twice": "factor bad {\n  true -> web in { true }\n  true -> web in { true }\n}\n",
    "a column twice in a tuple": "unique (age, age)\n",
    "a tuple twice": "unique (age)\nunique (age)\n",
    "a column that decides itself": "fd age -> age\n",
    "a share above 100 %": "target t1: share(bad) <= 101%\n",
    "the mean of levels": "target t1: mean(job) <= 3\n",
    "the distribution of a number": "target t1: dist(income) ~ real within 3%\n",
    "an import": 'import "/etc/passwd"\n',
    "a second table": "table t { a : int }\n",
}


@pytest.fixture(scope="module")
def walker() -> Walker:
    """The grammar of the loans for llguidance."""
    table = program("loans")
    return Walker(grammar(table, "llguidance"), table_text(table), Random(1))


@pytest.fixture(scope="module")
def gbnf() -> Gbnf:
    """The same for llama.cpp."""
    return Gbnf(grammar(program("loans"), "gbnf"))


def test_a_sensible_file_is_taken(walker: Walker, gbnf: Gbnf) -> None:
    text = table_text(program("loans")) + SENSIBLE
    assert (True, True, []) == (walker.accepts(text), gbnf.has(text), errors(text))


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_refused(walker: Walker, gbnf: Gbnf, wrong: str) -> None:
    text = f"{table_text(program('loans'))}\n{WRONG[wrong]}"
    assert (False, False) == (walker.accepts(text), gbnf.has(text))


def test_a_table_cannot_be_declared_otherwise(walker: Walker, gbnf: Gbnf) -> None:
    text = table_text(program("loans")).replace("16..95", "16..96") + "\n"
    assert (False, False) == (walker.accepts(text), gbnf.has(text))


def test_rules_may_be_written_without_their_table(gbnf: Gbnf) -> None:
    rules = Gbnf(grammar(program("loans"), "gbnf", table=False))
    assert rules.has(SENSIBLE[1:])
    assert not gbnf.has(SENSIBLE[1:])


def test_there_are_no_more_rules_than_were_asked_for() -> None:
    form = Gbnf(grammar(program("one int"), "gbnf", 3, table=False))
    rules = [f"hard r{i}: n <= {i}\n" for i in range(1, 5)]
    assert [True, True, False] == [form.has("".join(rules[:count])) for count in (1, 3, 4)]
    assert not form.has(f"when n > 1 {{\n  {'  '.join(rules)}}}\n")


@pytest.mark.parametrize(("form", "count", "said"), [("ebnf", 40, "of the form `ebnf`"), ("gbnf", 0, "not 0")])
def test_a_grammar_that_cannot_be_made(form: str, count: int, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        grammar(program("loans"), form, count)


# The edges of 64 bits ------------------------------------------------------------------------------------------------


def numbers(size: int, scale: int) -> Program:
    """A table of two numbers up to a size."""
    kind = f"decimal({scale}) in -{size}..{size}"
    return htdbu.compile_text(f"table t {{ a : {kind}  b : {kind} }}")


def largest(scale: int, *, multiplied: bool) -> int:
    """The largest size, of some digits, of numbers that may be added up, or multiplied with each other."""
    sizes = [d * 10**e for e in range(15) for d in (1, 2, 4, 7) if d * 10 ** (e + scale) < 2**50]
    found = [size for size in sizes if _is_taken(numbers(size, scale), multiplied=multiplied)]
    return max(found)


def _is_taken(table: Program, *, multiplied: bool) -> bool:
    columns = columns_of_table(table, 40)
    return len(columns.multiplied if multiplied else columns.added) == 2


@pytest.mark.parametrize("scale", [0, 2, 4])
@pytest.mark.parametrize("multiplied", [False, True])
def test_the_largest_terms_that_can_be_written_fit_into_64_bits(scale: int, multiplied: bool) -> None:
    table = numbers(largest(scale, multiplied=multiplied), scale)
    term = "a * b" if multiplied else "999.99 * a"
    large = f"{term} + {term} - 999.99 * b"
    text = f"hard r1: {large} <= {large}\nhard r2: abs({large}) <= {large}\nhard r3: {large} != max(a, b, a, b)\n"
    assert Gbnf(grammar(table, "gbnf", table=False)).has(text)
    assert [] == errors(f"{table_text(table)}\n{text}")


def test_columns_that_would_not_fit_are_told() -> None:
    told: dict[str, str] = {}
    text = grammar(program("edges"), "gbnf", table=False, omitted=told.__setitem__)
    assert {"huge": "a rule with it would have prices of more than 64 bits"} == told
    assert not Gbnf(text).has("hard r1: huge is null\n")
    assert Gbnf(text).has("hard r1: open is null\n")


# Size ----------------------------------------------------------------------------------------------------------------


def wide(columns: int, levels: int) -> Program:
    """Categories without a level in common."""
    kinds = (", ".join(f'"level {j} of {i}"' for j in range(levels)) for i in range(columns))
    lines = "\n".join(f"c{i} : category {{ {kind} }}" for i, kind in enumerate(kinds))
    return compile_source(Source("wide", f"table wide {{\n{lines}\n}}\n")).checked()


@pytest.mark.slow
def test_a_table_of_300_columns_with_50_levels_has_a_grammar_of_reasonable_size() -> None:
    table = wide(300, 50)
    texts = {form: grammar(table, form, table=False) for form in ("gbnf", "llguidance")}
    assert [] == [form for form, text in texts.items() if len(text) > 1_000_000]
    assert (False, []) == LLMatcher.validate_grammar_with_warnings(grammar_from("lark", texts["llguidance"]))
    walks = Walker(texts["llguidance"], "hard", Random(1))
    assert walks.accepts('hard r1: c299 == "level 49 of 299" => c0 in { "level 1 of 0" }\nfd c3 -> c7\n')
    assert not walks.accepts('hard r1: c299 == "level 49 of 298"\n')


def test_a_table_statement_that_is_too_long_is_refused_with_the_way_out() -> None:
    table = wide(50, 150)
    assert len(table_text(table)) > LONGEST_TABLE
    with pytest.raises(UsageError, match="the table statement has") as raised:
        grammar(table, "gbnf")
    assert "--dialect rules" in str(raised.value.hint)
