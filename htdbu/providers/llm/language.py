"""The language on one page, which the documentation shows as well."""

from __future__ import annotations

from importlib.resources import files


def language_page() -> str:
    """The page as Markdown."""
    return (files("htdbu.providers.llm") / "language.md").read_text("utf-8")
