"""The fenced blocks of the documentation; CONTRIBUTING says what each kind means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[1]
MINE = [
    DOCS / "README.md",
    DOCS / "drafting.md",
    DOCS / "exports.md",
    DOCS / "generators.md",
    DOCS / "proofs.md",
    DOCS / "large-files.md",
    DOCS / "models.md",
    DOCS / "privacy.md",
    DOCS / "tuning.md",
    *sorted(p for f in ("language", "cookbook", "diagnostics") for p in (DOCS / f).glob("*.md")),
]
"""The pages whose blocks are tested."""
_FENCE = re.compile(r"^```([^\n`]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: the words after the fence, its text, and where it stands."""

    page: Path
    line: int
    words: tuple[str, ...]
    text: str

    @property
    def kind(self) -> str:
        """The first word."""
        return self.words[0] if self.words else ""

    @property
    def file(self) -> str | None:
        """The name of the file that the block is, where it is one."""
        return next((word.removeprefix("file=") for word in self.words if word.startswith("file=")), None)

    def __str__(self) -> str:
        """Where it stands, for the names of tests."""
        return f"{self.page.relative_to(DOCS.parent)}:{self.line}"


def blocks(page: Path) -> list[Block]:
    """All blocks of a page, in order."""
    return blocks_of(page, page.read_text("utf-8"))


def blocks_of(page: Path, text: str) -> list[Block]:
    """All blocks of the text, or the first part of the text, of a page."""
    return [
        Block(page, text.count("\n", 0, found.start()) + 1, tuple(found[1].split()), found[2])
        for found in _FENCE.finditer(text)
    ]


def with_next(page: Path) -> Iterator[tuple[Block, Block | None]]:
    """Every block with the one after it."""
    found = blocks(page)
    yield from zip(found, [*found[1:], None], strict=False)
