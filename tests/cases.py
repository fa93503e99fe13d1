"""Cases as text: a file of `--- title`, a rule file, `===`, and the lines that are expected of it."""

from __future__ import annotations

from pathlib import Path

Case = tuple[str, str, list[str]]
"""A name, the text, and the expected lines."""


def cases(folder: Path) -> list[Case]:
    """The cases of all text files of a folder."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        for block in path.read_text().split("--- ")[1:]:
            title, _, rest = block.partition("\n")
            text, _, expected = rest.partition("===\n")
            found.append((f"{path.stem}: {title}", text, [line for line in expected.splitlines() if line.strip()]))
    return found
