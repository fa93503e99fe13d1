"""The pages of the findings, from what `htdbu explain` says of them."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Kind
from htdbu.compiler.diagnostics.registry import all_kinds

GROUPS = {
    "0": "How a file is written",
    "1": "Names",
    "2": "Types",
    "3": "Ranges and limits",
    "4": "One rule by itself",
    "5": "Rules together",
    "6": "Soft rules, targets and shares",
    "7": "Rules and data",
    "8": "Layout",
    "9": "Tests",
}
"""What the first digit of a code is about."""

_NOTE = "<!-- Made by docs/generate.py from htdbu/compiler/diagnostics/kinds; do not edit. -->"


def diagnostic_pages() -> dict[str, str]:
    """The page of every finding by its file name."""
    return {f"{kind.code}.md": _page(kind) for kind in all_kinds().values()}


def _page(kind: Kind) -> str:
    return f"""{_NOTE}
# {kind.code} {kind.name}

**{kind.severity.capitalize()}.** {kind.meaning}

{kind.why}

This gets it:

```htr
{kind.failing.rstrip()}
```

This does not:

```htr
{kind.mended.rstrip()}
```

[All findings](README.md)
"""


def diagnostic_index(folder: str) -> str:
    """A table of all findings for every first digit, with links into a folder."""
    groups: dict[str, list[Kind]] = {}
    for kind in all_kinds().values():
        groups.setdefault(kind.code[3], []).append(kind)
    return "\n".join(_group(GROUPS[digit], kinds, folder.strip()) for digit, kinds in groups.items())


def _group(title: str, kinds: list[Kind], folder: str) -> str:
    rows = [
        f"| [{kind.code}]({folder}{kind.code}.md) | {kind.name} | {kind.severity} | {_cell(kind)} |" for kind in kinds
    ]
    return "\n".join([f"### {title}", "", "| code | name | severity | reported for |", "|---|---|---|---|", *rows, ""])


def _cell(kind: Kind) -> str:
    return kind.meaning.replace("\n", " ").replace("|", "\\|")
