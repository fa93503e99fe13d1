"""The worked example of the repair page: its prices, computed again from the definition and by the solver."""

from __future__ import annotations

import re
from fractions import Fraction
from io import StringIO

import pandas as pd

import htdbu
from docs.generating.blocks import DOCS, blocks

PAGE = DOCS / "language" / "repair.md"
HALF = Fraction(1, 2)
LIMIT_WIDTH, AGE_WIDTH = 32_767, 81 - 18


def distance(before: int, after: int, width: int) -> Fraction:
    return Fraction(abs(after - before), 2 ** width.bit_length())


def prices_by_definition() -> list[Fraction]:
    return [
        1 * (1 + distance(16_100, 16_000, LIMIT_WIDTH)),
        1 * (1 + distance(52, 40, AGE_WIDTH)),
        1 * (1 + distance(2_600, 2_000, LIMIT_WIDTH)),
        1 * (1 + HALF),
        2 * (1 + HALF),
    ]


def prices_on_the_page() -> list[Fraction]:
    """The third column of the table: sums and products of whole numbers and fractions."""
    cells = re.findall(r"^\| \d \| [^|]+ \| ([^|]+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    return [Fraction(eval(re.sub(r"\d+", r"Fraction(\g<0>)", cell), {"Fraction": Fraction})) for cell in cells]


def test_the_prices_of_the_page_are_those_of_the_definition_and_of_the_solver() -> None:
    files = {block.file: block.text for block in blocks(PAGE) if block.file}
    program = htdbu.compile_text(files["clients.htr"])
    frame = pd.read_csv(StringIO(files["clients.csv"]), dtype=str, keep_default_na=False)
    solved = [program.repair(frame.iloc[[k]]).report.objective for k in range(len(frame))]
    assert prices_by_definition() == prices_on_the_page() == solved
