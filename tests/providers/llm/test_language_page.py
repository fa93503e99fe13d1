"""The page that goes into the prompt is in the package, and the documentation shows the same."""

from __future__ import annotations

from pathlib import Path

import htdbu
from htdbu.providers.llm.language import language_page

ROOT = Path(htdbu.__file__).parent.parent


def test_the_page_of_the_documentation_is_the_one_of_the_prompt() -> None:
    assert language_page() == (ROOT / "docs/language/for-llms.md").read_text("utf-8")
