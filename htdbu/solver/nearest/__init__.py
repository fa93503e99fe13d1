"""Nearest allowed cells: of a small block every row there can be is repaired beforehand, and then only looked up."""
