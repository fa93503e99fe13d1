"""The table of the generators, from their classes."""

from __future__ import annotations

import re
from importlib.metadata import EntryPoint
from inspect import getdoc

from htdbu.generators import registry


def generator_table() -> str:
    """One line for every built-in generator: its name, and the first sentence of what its class says."""
    lines = []
    for name, value in registry.BUILT_IN.items():
        text = getdoc(EntryPoint(name, value, registry.GROUP).load()) or ""
        first = text.split("\n\n")[0].replace("\n", " ")
        sentence = re.split(r"(?<=[.])\s", first, maxsplit=1)[0]
        lines.append(f"| `{name}` | {sentence} |")
    return "| name | how it learns |\n|---|---|\n" + "\n".join(lines) + "\n"
