"""Nulls: columns that are never empty in enough rows."""

from __future__ import annotations

from collections.abc import Iterator

from htdbu.providers.mined.finding import Finding
from htdbu.providers.mined.view import View


def mine(view: View) -> Iterator[Finding]:
    """That a column has no nulls: with none in n rows, the true share is below 3 / n with 95 % confidence.

    This is the rule of three (Hanley and Lippman-Hand 1983).
    """
    for field in view.fields:
        if not field.null.any() and view.n >= view.support:
            yield Finding("null", "null", "", (field.name,), view.n, length=1)
