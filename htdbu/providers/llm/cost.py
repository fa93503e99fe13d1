"""What a draft cost in calls and tokens, and what a generator that asks a model for every row would have used.

A generator that is asked per row gets at least one row as an example and gives one back. So for the same N rows it
takes N calls, and N times the tokens of a row both ways. A row is written as `header is cell, header is cell, …`, as is
usual (Borisov et al., Language Models are Realistic Tabular Data Generators, 2023), and four signs count as a token.
That is less than is really used: numbers take more tokens than words of their length, and instructions do not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from htdbu.providers.llm.messages import Answer, Message

SIGNS_PER_TOKEN = 4
_BETWEEN = len(" is ") + len(", ")


@dataclass
class Cost:
    """Counts calls and tokens.

    Attributes:
        calls: those that were answered; `failures` were not.
        estimated: calls of which the endpoint told no tokens, so that they are estimated by their signs.
    """

    calls: int = 0
    failures: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    estimated: int = 0

    def add(self, messages: Sequence[Message], answer: Answer) -> None:
        """Count an exchange."""
        self.calls += 1
        self.estimated += answer.input_tokens is None or answer.output_tokens is None
        asked = tokens(sum(len(message.content) for message in messages))
        self.input_tokens += asked if answer.input_tokens is None else answer.input_tokens
        self.output_tokens += tokens(len(answer.text)) if answer.output_tokens is None else answer.output_tokens

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "calls": self.calls,
            "failed_calls": self.failures,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "calls_with_estimated_tokens": self.estimated,
        }


@dataclass(frozen=True)
class RowByRow:
    """What a generator that is asked for every row would have used for as many rows as a table has."""

    rows: int
    tokens: int

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {"rows": self.rows, "calls": self.rows, "input_tokens": self.tokens, "output_tokens": self.tokens}


def row_by_row(frame: pd.DataFrame) -> RowByRow:
    """The tokens of all rows of a table, as they would be written into a prompt."""
    rows = len(frame)
    signs = sum(
        rows * (len(str(header)) + _BETWEEN) + _signs(frame.iloc[:, i]) for i, header in enumerate(frame.columns)
    )
    return RowByRow(rows, tokens(signs))


def tokens(signs: int) -> int:
    """An estimate of the tokens of a text of so many signs, rounded up."""
    return -(-signs // SIGNS_PER_TOKEN)


def _signs(cells: pd.Series) -> int:
    """The signs of all cells, a missing one as an empty text."""
    counts = cells.value_counts(dropna=True)
    return sum(len(str(cell)) * int(n) for cell, n in zip(counts.index.tolist(), counts.tolist(), strict=True))


def told(cost: Cost, other: RowByRow) -> str:
    """Both, in one sentence each."""
    both = cost.input_tokens + cost.output_tokens
    times = 2 * other.tokens / both if both else 0.0
    guess = " (estimated)" if cost.estimated else ""
    return (
        f"cost: {_count(cost.calls, 'call')}, {cost.input_tokens:,} tokens in and {cost.output_tokens:,} out{guess}; "
        f"asked row by row, {_count(other.rows, 'row')} would have taken {_count(other.rows, 'call')} and at least "
        f"{other.tokens:,} tokens each way, {times:,.1f} times as many"
    )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
