"""Rule blocks as whole files: fragments get the standard table, columns a table around them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from docs.generating.blocks import DOCS, Block, blocks
from htdbu.compiler.compile import Compilation, compile_source
from htdbu.compiler.diagnostics.render import render_concise
from htdbu.grammar.source import Source

SHOWN_AS = "rules.htr"
"""What a rule block is called in the findings that a page shows."""


@cache
def standard_table() -> str:
    """The table that fragments are about: the first block of the language's index."""
    return blocks(DOCS / "language" / "README.md")[0].text


@dataclass(frozen=True)
class Whole:
    """A rule block as a file, and how many lines stand before its first."""

    text: str
    shift: int


def whole(block: Block) -> Whole:
    """The file that a rule block stands for."""
    if "fragment" in block.words:
        return Whole(standard_table() + block.text, standard_table().count("\n"))
    if "columns" in block.words:
        return Whole(f"table t {{\n{block.text}}}\n", 1)
    return Whole(block.text, 0)


def compiled(block: Block) -> tuple[Compilation, str]:
    """The block's file, compiled among the files of its page; and the folder that these stand in."""
    with TemporaryDirectory() as folder:
        for path in [*block.page.parent.glob("*.htr"), *block.page.parent.glob("*.csv")]:
            shutil.copy(path, folder)
        for other in blocks(block.page):
            if other.file is not None:
                Path(folder, other.file).write_text(other.text, "utf-8")
        return compile_source(Source(str(Path(folder, SHOWN_AS)), whole(block).text)), folder


def findings(block: Block) -> list[str]:
    """The concise findings, with lines counted from the first one that the page shows."""
    result, folder = compiled(block)
    found = []
    for line in render_concise(result.diagnostics, result.sources).splitlines():
        file, number, rest = line.removeprefix(f"{folder}/").split(":", 2)
        shift = whole(block).shift if file == SHOWN_AS else 0
        found.append(f"{file}:{int(number) - shift}:{rest}")
    return found
