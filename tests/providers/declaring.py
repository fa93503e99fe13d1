"""Providers as another package would offer them: the smallest that writes a sound file, and some that do not."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from htdbu.compiler.writing import write_program
from htdbu.errors import DataError
from htdbu.providers import registry
from htdbu.providers.base import Draft, Progress, Provider, Request
from htdbu.providers.declaration import declare, names
from htdbu.solver.encoding import NULL_TEXTS


class DeclaringProvider(Provider):
    """Columns with their types, and one soft rule that says what the table's first column is not.

    Args:
        never: the value that it should not have.
    """

    def __init__(self, *, never: int = 0) -> None:
        self.never = never

    def draft(self, request: Request, progress: Progress | None = None) -> Draft:
        program = declare(request.frame, NULL_TEXTS | set(request.nulls), request.table)
        if not len(request.frame):
            raise DataError("there are no rows to draw rules from", "give some")
        first = next(names(request.frame.columns))
        text = f"{write_program(program)}\nsoft never: {first} != {self.never}\n"
        told = {"target": request.target, "granularity": request.granularity, "max_rules": request.max_rules}
        return Draft(text, told, remarks=("nothing was looked at",))


class CarelessProvider(Provider):
    """Writes what is no rule file."""

    def draft(self, request: Request, progress: Progress | None = None) -> Draft:
        return Draft("table t { a: int }\nhard h: b > 1\n")


def offer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an installed package offer these, and something that is none."""
    places = {"declaring": "DeclaringProvider", "careless": "CarelessProvider", "odd": "declare"}
    points = [EntryPoint(name, f"{__name__}:{place}", registry.GROUP) for name, place in places.items()]
    monkeypatch.setattr("htdbu.offers.entry_points", lambda group: points if group == registry.GROUP else [])
