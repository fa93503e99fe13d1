"""Two rule files compared: verdicts and rows against the sets of all rows that each accepts."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest

from htdbu.analyses.difference import Difference, difference
from htdbu.compiler.compile import compile_source
from htdbu.compiler.program import Program
from htdbu.grammar.source import Source
from tests.analyses.enumeration import Enumeration, count_rows
from tests.analyses.random_rules import random_program_text

COLUMNS = 'age : int in 0..9  sure : bool  kind : category ordered { "a" < "b" < "c" }'


def program_of(text: str) -> Program:
    compilation = compile_source(Source("t.htr", text))
    assert [] == compilation.errors, text
    return compilation.program


def table(columns: str, *rules: str) -> str:
    return "\n".join([f"table t {{ {columns} }}", *rules]) + "\n"


def compared(old: str, new: str) -> Difference:
    return difference(program_of(old), program_of(new))


def column_texts(old: str, new: str) -> Difference:
    """Two files of one column and no rules."""
    return compared(table(f"x : {old}"), table(f"x : {new}"))


def row(found: Any) -> dict[str, Any] | None:
    return None if found.row is None else found.row.shown.row


def changes(found: Difference) -> dict[str, str]:
    return {rule.name: rule.change for rule in found.rules}


def test_the_same_file_is_equivalent() -> None:
    text = table(COLUMNS, "hard r: age >= 3", "soft s: sure")
    found = compared(text, text)
    assert ("equivalent", {"r": "unchanged", "s": "unchanged"}) == (found.verdict, changes(found))


def test_a_stricter_rule_makes_the_file_stricter_and_a_row_shows_it() -> None:
    found = compared(table(COLUMNS, "hard r: age >= 3"), table(COLUMNS, "hard r: age >= 5"))
    assert ("stricter", {"r": "stricter"}) == (found.verdict, changes(found))
    assert ({"age": 4, "sure": False, "kind": "a"}, None) == (row(found.only_old), row(found.only_new))
    assert {"age": 4, "sure": False, "kind": "a"} == row(found.rules[0].only_old)


def test_two_wider_ranges_on_either_side_are_neither() -> None:
    found = compared(table(COLUMNS, "hard r: age >= 3"), table(COLUMNS, "hard r: age <= 3"))
    assert ("neither", {"r": "neither"}) == (found.verdict, changes(found))


def test_a_rule_written_otherwise_is_equivalent() -> None:
    old, new = "hard r: sure => age >= 3", "forbid r: sure and age < 3"
    found = compared(table(COLUMNS, old), table(COLUMNS, new))
    assert ("equivalent", {"r": "equivalent"}) == (found.verdict, changes(found))


def test_added_and_removed_rules() -> None:
    found = compared(
        table(COLUMNS, "hard a: age >= 3", "hard b: sure"), table(COLUMNS, "hard b: sure", "hard c: age >= 2")
    )
    assert ("looser", {"a": "removed", "b": "unchanged", "c": "added"}) == (found.verdict, changes(found))
    assert ({"age": 2, "sure": True, "kind": "a"}, None) == (row(found.rules[0].only_new), row(found.rules[2].only_old))


def test_a_hard_rule_that_becomes_soft_is_looser() -> None:
    found = compared(table(COLUMNS, "hard r: age >= 3"), table(COLUMNS, "soft(2) r: age >= 3"))
    assert ("looser", {"r": "looser"}) == (found.verdict, changes(found))


def test_soft_rules_do_not_decide_but_are_told() -> None:
    old, new = ("soft(1) r: age >= 3", "soft s: sure"), ("soft(2) r: age >= 3", "soft s: not sure")
    found = compared(table(COLUMNS, *old), table(COLUMNS, *new))
    assert ("equivalent", {"r": "reweighted", "s": "neither"}) == (found.verdict, changes(found))


@pytest.mark.parametrize(
    ("old", "new", "verdict", "change", "only_old", "only_new"),
    [
        ("int in 0..9", "int in 0..8", "stricter", "narrower", 9, None),
        ("int in 0..9", "int in 2..10", "neither", "changed", 1, 10),
        ("int in 0..9", "int in 0..9 null", "looser", "wider", None, None),
        ("int in 0..9", "decimal(1) in 0..9", "looser", "wider", None, 3.9),
        ("decimal(2) in 0..1", "decimal(1) in 0..1", "stricter", "narrower", 0.49, None),
        ('category { "a", "b" }', 'category { "b", "c", "a" }', "looser", "wider", None, "c"),
        ('category { "a", "b" }', 'category { "b", "a" }', "equivalent", "changed", None, None),
        (
            "date in 2020-01-01..2020-01-03",
            "date in 2020-01-02..2020-01-03",
            "stricter",
            "narrower",
            "2020-01-01",
            None,
        ),
        ("int in 0..9", "int in 0..9 key cost 2", "equivalent", "changed", None, None),
        ("text", "text null", "looser", "wider", None, None),
        ("bool", "bool", "equivalent", "unchanged", None, None),
    ],
)
def test_what_a_column_declares_counts(
    old: str, new: str, verdict: str, change: str, only_old: object, only_new: object
) -> None:
    found = column_texts(old, new)
    assert (verdict, change) == (found.verdict, found.columns[0]["change"])
    for expected, side in ((only_old, found.only_old), (only_new, found.only_new)):
        if expected is not None:
            assert {"x": expected} == row(side)


def test_levels_are_compared_by_name_whatever_their_order() -> None:
    old = table('x : category ordered { "a" < "b" < "c" }', 'hard r: x <= "b"')
    new = table('x : category ordered { "c" < "b" < "a" }', 'hard r: x >= "b"')
    assert ("equivalent", "equivalent") == (compared(old, new).verdict, compared(old, new).rules[0].change)
    same = table('x : category ordered { "c" < "b" < "a" }', 'hard r: x <= "b"')
    assert ("neither", {"r": "neither"}) == (compared(old, same).verdict, changes(compared(old, same)))


def test_what_derives_a_column_counts() -> None:
    old = table("a : int in 0..9  b : int = a + 1", "hard r: b >= 3")
    new = table("a : int in 0..9  b : int = 1 + a", "hard r: b >= 3")
    other = table("a : int in 0..9  b : int = a + 2", "hard r: b >= 3")
    assert "equivalent" == compared(old, new).verdict
    found = compared(old, other)
    assert "neither" == found.verdict
    shown = row(found.only_old)
    assert shown is not None
    assert shown["b"] == shown["a"] + 1
    plain = table("a : int in 0..9  b : int in 0..10", "hard r: b >= 3")
    assert "looser" == compared(old, plain).verdict


def test_an_added_column_takes_rows_away_and_an_unbounded_text_does_not() -> None:
    assert "stricter" == compared(table("a : bool"), table("a : bool  b : int in 0..9")).verdict
    assert "looser" == compared(table("a : bool  b : int in 0..9"), table("a : bool")).verdict
    assert "equivalent" == compared(table("a : bool"), table("a : bool  b : text null")).verdict


def test_types_that_share_no_value_cannot_be_compared() -> None:
    found = column_texts("int in 0..9", 'category { "a", "b" }')
    assert ("neither", ("x",), "incomparable") == (found.verdict, found.incomparable, found.columns[0]["change"])


def test_a_file_that_accepts_nothing_is_stricter_than_any_other() -> None:
    nothing = table(COLUMNS, "hard r: age >= 3", "hard s: age < 3")
    assert "stricter" == compared(table(COLUMNS, "hard r: age >= 3"), nothing).verdict
    assert "equivalent" == compared(nothing, table(COLUMNS, "hard r: age >= 4", "hard s: age < 3")).verdict


def test_texts_are_compared_by_what_they_say() -> None:
    old, new = table("x : text", 'hard r: x != "b"'), table("x : text", 'hard q: x != "a"', 'hard r: x != "b"')
    found = compared(old, new)
    assert ("stricter", {"x": "a"}, {"r": "unchanged", "q": "added"}) == (
        found.verdict,
        row(found.only_old),
        changes(found),
    )


def test_lookups_count_by_their_rows() -> None:
    text = (
        "table t {{ a : int in 0..3  b : int in 0..9 }}\nlookup l(k -> v) {{ 1 -> {0}; 2 -> 5 }}\nhard r: b <= l(a)\n"
    )
    found = compared(text.format(4), text.format(3))
    assert ("stricter", {"r": "stricter"}) == (found.verdict, changes(found))
    assert [{"name": "l", "change": "changed"}] == found.declarations["lookups"]


def test_targets_factors_and_uniques_are_read_off() -> None:
    old = table(COLUMNS, "target t: share(sure) >= 10%", "unique (age, kind)")
    new = table(COLUMNS, "target t: share(sure) >= 20%", "fd age -> kind")
    found = compared(old, new)
    assert "equivalent" == found.verdict
    assert ["changed"] == [change["change"] for change in found.declarations["targets"]]
    assert [("unique(age, kind)", "removed")] == [(c["name"], c["change"]) for c in found.declarations["uniques"]]
    assert [("fd(age -> kind)", "added")] == [(c["name"], c["change"]) for c in found.declarations["dependencies"]]


def mutated(text: str, seed: int) -> str:
    """A file with a few things changed; it may not compile."""
    r = random.Random(seed)
    for _ in range(r.randint(1, 2)):
        lines = text.splitlines()
        i = r.randrange(1, len(lines))
        numbers = list(re.finditer(r"(?<![\w.-])\d(?![\w.-])", lines[i]))
        if re.match(r"hard|soft|forbid|when", lines[i]) and r.random() < 0.3:
            del lines[i]
        elif numbers:
            spot = r.choice(numbers)
            lines[i] = lines[i][: spot.start()] + str(int(spot[0]) + r.choice((-1, 1))) + lines[i][spot.end() :]
        elif lines[i].startswith("  "):
            lines[i] = lines[i].removesuffix(" null") if lines[i].endswith(" null") else lines[i] + " null"
        text = "\n".join(lines) + "\n"
    return text


def pairs(first: int, last: int) -> list[tuple[int, Program, Program]]:
    """Programs and mutated ones of few rows."""
    found = []
    for seed in range(first, last):
        text = random_program_text(seed)
        old = compile_source(Source("old.htr", text))
        new = compile_source(Source("new.htr", mutated(text, seed)))
        both = not old.errors and not new.errors and bool(new.program.columns)
        if both and max(count_rows(old.program), count_rows(new.program)) <= 3_000:
            found.append((seed, old.program, new.program))
    return found


def rows_of(every: Enumeration, chosen: Any) -> set[tuple[Any, ...]]:
    names = sorted(column.name for column in every.program.columns)
    return {tuple(every.rows[i][name] for name in names) for i in chosen}


@pytest.mark.parametrize(
    ("seed", "old", "new"), pairs(0, 120), ids=lambda part: str(part) if isinstance(part, int) else ""
)
def test_random_files_differ_as_their_lists_of_rows_do(seed: int, old: Program, new: Program) -> None:
    found, a, b = difference(old, new), Enumeration(old), Enumeration(new)
    if any(column["change"] in ("added", "removed") for column in found.columns):
        return  # the lists hold no rows of a column that one file does not declare
    accepted = rows_of(a, a.valid), rows_of(b, b.valid)
    assert bool(accepted[0] - accepted[1]) == found.only_old.exists, seed
    assert bool(accepted[1] - accepted[0]) == found.only_new.exists, seed
    shared = rows_of(a, a.every) & rows_of(b, b.every)
    for rule in found.rules:
        if rule.old is None or rule.new is None or rule.old.kind != rule.new.kind:
            continue
        broken = rows_of(a, a.fails[rule.name]) & shared, rows_of(b, b.fails[rule.name]) & shared
        assert bool(broken[1] - broken[0]) == rule.only_old.exists, (seed, rule.name)
        assert bool(broken[0] - broken[1]) == rule.only_new.exists, (seed, rule.name)
