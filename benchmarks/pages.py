"""Pages in Markdown, from templates."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, StrictUndefined


def rendered(template: Path, **values: object) -> str:
    """A template filled in; a name that it knows and `values` does not is an error."""
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, trim_blocks=True)
    return environment.from_string(template.read_text("utf-8")).render(**values)


def tidy(text: str) -> str:
    """Markdown without runs of empty lines."""
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"
