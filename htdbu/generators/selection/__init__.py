"""Choosing among more rows than are wanted: those that, taken together, look most like the real ones."""

from htdbu.generators.selection.choose import DEFAULT, Selection, choose

__all__ = ["DEFAULT", "Selection", "choose"]
