"""The one way to lay out a rule file: `format_source` gives the same tokens and comments with other space between."""

from htdbu.grammar.formatting.pipeline import format_source

__all__ = ["format_source"]
