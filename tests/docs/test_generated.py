"""Generated pages are fresh, complete, and say what the code does."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from docs import generate
from docs.generating.blocks import DOCS, MINE
from docs.generating.functions import function_table
from docs.generating.kleene import TRUTHS, outcomes
from htdbu.compiler.diagnostics.registry import codes
from htdbu.compiler.functions import written_names

OPERATORS = sorted(set(re.findall(r"generated: kleene (\S+)", (DOCS / "language" / "null.md").read_text("utf-8"))))


def test_no_generated_page_is_stale() -> None:
    assert [] == generate.stale(), "run `python -m docs.generate`"


def test_every_finding_has_a_page_and_a_line_in_the_index() -> None:
    index = (DOCS / "diagnostics" / "README.md").read_text("utf-8")
    assert codes() == sorted(path.stem for path in (DOCS / "diagnostics").glob("HTR*.md"))
    assert [] == [code for code in codes() if f"({code}.md)" not in index]


def test_every_function_is_on_its_page_with_an_example() -> None:
    text = (DOCS / "language" / "functions.md").read_text("utf-8")
    examples = "".join(re.findall(r"^```htr.*?^```", text, re.MULTILINE | re.DOTALL))
    assert [] == [name for name in written_names() if f"`{name}(" not in text or f"{name}(" not in examples]


def test_no_line_of_the_function_table_is_empty() -> None:
    assert len(written_names()) == len(
        re.findall(r"^\| `\w+\(.+\)` \| [^|]+ \| [^|]*\w[^|]* \|$", function_table(), re.M)
    )


def strength(value: bool | None) -> float:
    """False, unknown, true as 0, 1/2, 1: Kleene's `and` is the smaller, `or` the larger, `not` one minus it."""
    return {False: 0.0, None: 0.5, True: 1.0}[value]


def by_hand(operator: str, a: bool | None, b: bool | None) -> float:
    x, y = strength(a), strength(b)
    match operator:
        case "and":
            return min(x, y)
        case "or":
            return max(x, y)
        case "=>":
            return max(1 - x, y)
    return 0.5 if 0.5 in (x, y) else float(x == y)


@pytest.mark.parametrize("operator", [name for name in OPERATORS if name != "not"])
def test_the_tables_are_those_of_kleene(operator: str) -> None:
    expected = [by_hand(operator, a, b) for a, b in product(TRUTHS, repeat=2)]
    assert expected == [strength(value) for value in outcomes(f"a {operator} b", "ab")]


def test_all_operators_have_a_table() -> None:
    assert ["<=>", "=>", "and", "not", "or"] == OPERATORS
    assert [0.0, 0.5, 1.0] == [strength(value) for value in outcomes("not a", "a")]


@pytest.mark.parametrize("page", MINE, ids=lambda page: f"{page.parent.name}/{page.name}")
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(
        r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)",
        re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL),
    )
    for target, anchor in targets:
        place = page.parent / target if target else page
        assert place.exists(), f"{target} in {page}"
        if anchor:
            heads = re.findall(r"^#+ (.*)$", place.read_text("utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}, anchor
