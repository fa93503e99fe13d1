"""Random and mutated rule files."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path

from htdbu.compiler.diagnostics import all_kinds
from htdbu.datasets import loans_rules
from htdbu.grammar.terminals import new_lark

HERE = Path(__file__).parent
TOKEN = re.compile(r'"[^"\n]*"|`[^`\n]*`|[A-Za-z_]\w*|\d[\d_.]*|\s+|.', re.DOTALL)
ODD = [
    "\x00",
    "\ufeff",
    "é",
    "字",
    "🦊",
    "\u202e",
    "\r",
    "\t",
    "\x0b",
    "\\",
    "'",
    "“",
    "$",
    "@",
    "&&",
    "||",
    "!",
    ";",
    "%",
    "~",
    "[",
    "]",
]


def seeds() -> list[str]:
    """Whole files to begin from: the demo's, and the examples of every finding."""
    sample = (HERE.parent / "grammar" / "fixtures" / "sample.htr").read_text("utf-8")
    kinds = [text for kind in all_kinds().values() for text in (kind.failing, kind.mended)]
    return [loans_rules(), sample, *kinds]


def words() -> list[str]:
    """What the grammar is written of, and what it is not."""
    spelled = [str(t.pattern.value) for t in new_lark().terminals if t.pattern.type == "str"]
    values = [
        "a",
        "b1",
        "age",
        '"x"',
        "0",
        "1e9",
        "1e400",
        "0.5",
        "12%",
        "2024-02-30",
        "2024-05-01",
        "1..",
        "-",
        "`a b`",
        "\n",
        " ",
        "##",
        "# c\n",
    ]
    return [*spelled, *values, *ODD]


class Inputs:
    """An endless supply of inputs, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        self._seeds = [TOKEN.findall(text) for text in seeds()]
        self._words = words()

    def next(self) -> str:
        """Another input: a mutated file mostly, a heap of words sometimes, noise seldom."""
        kind = self._draw.random()
        if kind < 0.8:
            return "".join(self._mutated(list(self._draw.choice(self._seeds))))
        if kind < 0.95:
            return " ".join(self._draw.choices(self._words, k=self._draw.randint(0, 60)))
        return "".join(
            chr(self._draw.choice([self._draw.randint(0, 127), self._draw.randint(0, 0xD7FF)]))
            for _ in range(self._draw.randint(0, 200))
        )

    def _mutated(self, tokens: list[str]) -> Sequence[str]:
        for _ in range(self._draw.choice([1, 1, 2, 3, 8, 30])):
            i = self._draw.randint(0, len(tokens))
            match self._draw.randint(0, 6):
                case 0:
                    del tokens[i : i + self._draw.choice([1, 1, 2, 10, 40])]
                case 1:
                    tokens[i:i] = [self._draw.choice(self._words)]
                case 2:
                    tokens[i : i + 1] = [self._draw.choice(self._words)]
                case 3:
                    j = self._draw.randint(0, len(tokens))
                    tokens[i:i] = tokens[j : j + self._draw.randint(1, 30)]
                case 4:
                    tokens[i:i] = [self._draw.choice('(){}[]<>,:="`#~')] * self._draw.choice([1, 2, 300])
                case 5:
                    other = self._draw.choice(self._seeds)
                    tokens[i:] = other[self._draw.randint(0, len(other)) :]
                case _:
                    tokens[i : i + 2] = reversed(tokens[i : i + 2])
        return tokens
