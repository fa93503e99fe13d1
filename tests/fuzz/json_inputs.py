"""Mutated JSON forms of programs."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

from htdbu.compiler.compile import compile_source
from htdbu.grammar.source import Source
from tests.fuzz.inputs import HERE, seeds

ODD: list[Any] = [
    None, True, False, 0, -1, 1, 400, 10**30, 0.5, 1e308, "", "x", "`", "a`b", "a\nb", "\x00", "\u2028", "é", '"', "\\",
    "NaN", "Infinity", "-0", "007", "1.50", "1e5", "1e999999999", "9" * 400, "0." + "1" * 400, "1e99999999", "-1",
    "99999999999999999999", "2024-02-30", "2024-13-01", "0000-01-01", "20240101", "2024-05-01", "2024-05-01T25:00:00",
    "true", "null", "not", "int", "decimal", "bool", "category", "date", "datetime", "text", "number", "soft", "hard",
    "forbid", "factor", "accept", "reject", "and", "or", "in", "is_null", "coalesce", "count", "matches", "round", "le",
    "implies", "neg", "sub", "dist", "quantile", "share", "%d", "(", [], {}, [[]], [None],
    {"op": "column", "name": "x"}, {"op": "literal", "type": "null", "value": None},
]  # fmt: skip
"""What a value is replaced by."""


class JsonInputs:
    """An endless supply of mutated programs, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        recipes = [path.read_text("utf-8") for path in sorted((HERE.parents[1] / "docs" / "cookbook").glob("*.htr"))]
        found = [compile_source(Source("seed.htr", text)) for text in [*seeds(), *recipes]]
        self._forms = [c.program.model_dump(mode="json") for c in found if not c.errors and c.program.columns]

    def next(self) -> str:
        """Another mutant; the text of one is seldom cut or has its letters changed as well."""
        form = copy.deepcopy(self._draw.choice(self._forms))
        for _ in range(self._draw.choice([1, 1, 1, 2, 3, 8])):
            form = self._mutated(form)
        text = json.dumps(form, ensure_ascii=self._draw.random() < 0.5)
        if self._draw.random() < 0.02:
            place = self._draw.randrange(len(text))
            text = text[:place] + self._draw.choice(["", "[" * 500, "1" * 5_000, "\\ud800", '"', "}"]) + text[place:]
        return text

    def _mutated(self, form: Any) -> Any:
        """The form with one of its values deleted, replaced, doubled, nested, or swapped with another."""
        places = list(_places(form))
        holder, key = self._draw.choice(places)
        match self._draw.randint(0, 7):
            case 0:
                del holder[key]
            case 1 | 2:
                same = [odd for odd in ODD if type(odd) is type(holder[key])] or ODD
                holder[key] = copy.deepcopy(self._draw.choice(same))
            case 3:
                other, name = self._draw.choice(places)
                holder[key] = copy.deepcopy(self._draw.choice([other[name], *ODD]))
            case 4 if isinstance(holder, list):
                holder.insert(self._draw.randint(0, len(holder)), copy.deepcopy(holder[key]))
            case 5 if isinstance(holder[key], dict):
                for _ in range(self._draw.choice([1, 3, 40, 120])):
                    name = self._draw.choice(["not", "neg", "abs", "is_null"])
                    holder[key] = {"op": "call", "function": name, "args": [holder[key]]}
            case 6:
                alike = [(h, k) for h, k in places if type(h[k]) is type(holder[key])]
                other, name = self._draw.choice(alike)
                holder[key] = copy.deepcopy(other[name])
            case _:
                similar = [(h, k) for h, k in places if k == key and h is not holder]
                if similar:
                    other, name = self._draw.choice(similar)
                    holder[key] = copy.deepcopy(other[name])
        return form


def _places(node: Any) -> Any:
    """Every value, as what holds it and where."""
    todo = [node]
    while todo:
        holder = todo.pop()
        keys = holder if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            yield holder, key
            if isinstance(holder[key], dict | list):
                todo.append(holder[key])
