"""What every provider of rules is asked, and what it answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, get_args

import pandas as pd

Granularity = Literal["minimal", "standard", "rich"]
GRANULARITIES: tuple[Granularity, ...] = get_args(Granularity)
"""How much of the data a provider is shown, from least to most."""
Progress = Callable[[int, int], None]
"""Told how many steps are done, and of how many."""


@dataclass(frozen=True)
class Request:
    """The table that needs rules, and what is wanted of them.

    Attributes:
        frame: the real rows, cells as they were read.
        table: what the table is to be called.
        nulls: texts that mean null, beside those that always do.
        target: the header of the column that is to be planned first, if any.
        granularity: how much of the data the rules may be drawn from.
        min_count: fewer rows than this are never told apart from others: no level, no value that fewer hold is named.
        max_rules: the most rules, the domains of the columns aside.
        seed: fixes what is drawn at random, if anything is.
    """

    frame: pd.DataFrame
    table: str = "data"
    nulls: tuple[str, ...] = ()
    target: str | None = None
    granularity: Granularity = "standard"
    min_count: int = 10
    max_rules: int = 40
    seed: int = 0


@dataclass(frozen=True)
class Draft:
    """A rule file, and what its provider has to say about it.

    Attributes:
        text: the `.htr` file, which compiles without an error.
        told: the provider's own account as JSON values, such as calls and tokens, or what was left out and why.
        remarks: what a person should read first, a line each.
    """

    text: str
    told: Mapping[str, Any] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


class Provider(ABC):
    """Writes a first rule file for a table; its constructor takes what it needs beside the table."""

    is_remote: ClassVar[bool] = False
    """Whether it asks somebody elsewhere."""

    @abstractmethod
    def draft(self, request: Request, progress: Progress | None = None) -> Draft:
        """A rule file for the table.

        Raises:
            HtdbuError: no file can be had, with the way out.
        """
