"""The faults: each draws by seed what to spoil, of a healthy set-up, and says what the right cause is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from benchmarks.tuning.bases import TARGETS, Base
from benchmarks.tuning.withheld import Withheld
from htdbu.evaluation.tuning.evidence import Evidence
from htdbu.evaluation.tuning.recipe import Recipe
from htdbu.evaluation.tuning.setup import Setup
from htdbu.generators.dependence import information
from htdbu.solver.outcomes import Outcome

LEAST_BROKEN = 0.05
"""Fewer real rows than this share do not make a rule's fault; a smaller one drowns in the noise of so few rows."""


@dataclass(frozen=True)
class Fault:
    """What was spoiled: the text of the rules, the recipe, what the causes are, and how it was spoiled, in words."""

    text: str
    recipe: Recipe
    causes: frozenset[str] = frozenset()
    details: tuple[str, ...] = field(default=())

    def because(self, cause: str, detail: str, text: str | None = None, recipe: Recipe | None = None) -> Fault:
        """The same with one fault more."""
        causes, details = self.causes | {cause}, (*self.details, detail)
        return Fault(text or self.text, recipe or self.recipe, causes, details)


Spoil = Callable[[Base, Fault, np.random.Generator], Fault]


def rows(base: Base, healthy: Fault, rng: np.random.Generator) -> Fault:
    """A model starved of rows."""
    few, name = int(rng.integers(100, 301)), str(rng.choice(["bits", "xgboost", "trees"]))
    return healthy.because("model", f"{name} learns {few} rows", recipe=Recipe.of(name, {"max_rows": few}))


def depth(base: Base, healthy: Fault, rng: np.random.Generator) -> Fault:
    """A model starved of depth: trees of one question, and few of them; or leaves of hundreds of rows."""
    name = str(rng.choice(["bits", "xgboost", "trees"]))
    params: dict[str, int] = {"min_leaf": int(rng.integers(250, 501))}
    if name != "trees":
        params = {"depth": 1, "trees": int(rng.integers(5, 31))}
    return healthy.because("model", f"{name} with {params}", recipe=Recipe.of(name, params))


def column(base: Base, healthy: Fault, rng: np.random.Generator) -> Fault:
    """A model that a column is withheld from: one of the half of the columns that tell most about another one."""
    told = _strongest(base.evidence.rows.frame)
    names = sorted(told, key=lambda name: -told[name])[: len(told) // 2]
    name, inner = str(rng.choice(names)), str(rng.choice(["bits", "trees"]))
    made = Withheld(inner=inner, column=name, random_state=base.seed, threads=1)
    return healthy.because("model", f"{inner} without {name}", recipe=Recipe(f"{inner} without {name}", {}, made))


def _strongest(frame: pd.DataFrame) -> Mapping[str, float]:
    """By column, how much it tells about the column that it tells most about, in nats."""
    codes = {}
    for name in frame:
        ranks = frame[name].cat.codes if isinstance(frame[name].dtype, pd.CategoricalDtype) else frame[name]
        places = ranks.astype("float64").rank(pct=True, method="dense").fillna(0).to_numpy()
        distinct = len(np.unique(places))
        codes[name] = pd.factorize(np.floor(places * min(distinct, 8) - 1e-9))[0]
    return {
        name: max(information(own, other, int(other.max()) + 1) for else_, other in codes.items() if else_ != name)
        for name, own in codes.items()
    }


BOUNDS: Mapping[str, Mapping[str, tuple[str, str, Callable[[pd.DataFrame], pd.Series], bool]]] = {
    "bank": {
        "youngest": ("age >= ", "18", lambda f: f["age"], False),
        "oldest": ("age <= ", "98", lambda f: f["age"], True),
        "longest_call": ("duration <= ", "4_950", lambda f: f["duration"], True),
        "last_day": ("day <= ", "31", lambda f: f["day"], True),
        "most_calls": ("campaign <= ", "65", lambda f: f["campaign"], True),
        "balance_of_age": ("balance <= ", "6_000", lambda f: f["balance"] / f["age"], True),
    },
    "adult": {
        "grown_up": ("age >= ", "17", lambda f: f["age"], False),
        "oldest": ("age <= ", "90", lambda f: f["age"], True),
        "longest_week": ("hours <= ", "99", lambda f: f["hours-per-week"], True),
        "shortest_week": ("hours >= ", "1", lambda f: f["hours-per-week"], False),
    },
    "loans": {
        "adult": ("age >= ", "min_age", lambda f: f["age"], False),
        "worker_income": ("working => income >= ", "6_000", lambda f: f["income"][_works(f)], False),
        "limit_ceiling": ("credit_limit <= ", "limit_share", lambda f: f["credit_limit"] / f["income"], True),
        "student_limit": (
            'job == "student" => credit_limit <= ',
            "5_000",
            lambda f: f["credit_limit"][f["job"] == "student"],
            True,
        ),
        "drawn_in_limit": ("drawn <= ", "credit_limit", lambda f: f["drawn"] / f["credit_limit"], True),
    },
}
"""By table and rule what stands before its bound, the bound, what it bounds, and whether from above."""


def _works(frame: pd.DataFrame) -> pd.Series:
    return frame["job"].isin(["employed", "self-employed"])


def bound(base: Base, healthy: Fault, rng: np.random.Generator) -> Fault:
    """A rule with a wrong bound: at a quantile of the real rows, so that 10 to 40 % of those it speaks of break it."""
    for name in rng.permutation(sorted(BOUNDS[base.table])):
        before, right, measured, above = BOUNDS[base.table][name]
        share = rng.uniform(0.1, 0.4)
        value = float(measured(base.real).dropna().quantile(1 - share if above else share))
        wrong = f"{value:.2f}" if abs(value) < 2 else f"{value:.0f}"
        if right == "credit_limit":
            wrong = f"{value:.2f} * credit_limit"
        text = re.sub(
            rf"(hard {name}: +{re.escape(before)}){right}", lambda found, new=wrong: found[1] + new, healthy.text
        )
        if text != healthy.text and _broken(base, text, name) >= LEAST_BROKEN:
            return healthy.because(f"rule {name}", f"{name}: {right} became {wrong}", text)
    raise RuntimeError(f"no bound of {base.table} can be spoiled")


def reversed_implication(base: Base, healthy: Fault, rng: np.random.Generator) -> Fault:
    """An implication the other way round, one whose converse real rows break."""
    found = re.findall(r"^hard (\w+): +(.+?) => (.+)$", healthy.text, re.MULTILINE)
    for place in rng.permutation(len(found)):
        name, left, right = found[place]
        text = re.sub(rf"^(hard {name}: +).+$", lambda line: f"{line[1]}{right} => {left}", healthy.text, flags=re.M)  # noqa: B023
        if _broken(base, text, name) >= LEAST_BROKEN:
            return healthy.because(f"rule {name}", f"{name}: {right} => {left}", text)
    raise RuntimeError(f"no implication of {base.table} can be reversed")


def contradiction(base: Base, healthy: Fault, rng: np.random.Generator) -> Fault:
    """A rule against the data: it forbids a level of a category together with half of the values of a number."""
    program, frame = base.healthy.program, base.evidence.rows.frame
    numbers = [c.name for c in program.columns if c.type.kind in ("int", "decimal") and c.name in frame]
    levels = [
        (c.name, level)
        for c in program.columns
        if c.type.kind == "category" and c.name in frame
        for level in c.type.levels
        if (frame[c.name] == level).mean() >= 4 * LEAST_BROKEN
    ]
    for _ in range(100):
        category, level = levels[rng.integers(len(levels))]
        number = str(rng.choice(numbers))
        middle = float(frame[number].astype("float64").quantile(rng.uniform(0.3, 0.6)))
        rule = f'forbid clash: {category} == "{level}" and {number} > {middle:.0f}'
        text = f"{healthy.text}\n{rule}\n"
        if _broken(base, text, "clash") >= LEAST_BROKEN:
            return healthy.because("rule clash", rule, text)
    raise RuntimeError(f"nothing of {base.table} can be contradicted")


def share(base: Base, healthy: Fault, rng: np.random.Generator) -> Fault:
    """A factor's share stated wrong, by 8 to 40 points."""
    column = TARGETS[base.table]
    frame = base.evidence.rows.frame[column].astype(str)
    levels = ["<=50K", ">50K"] if base.table == "adult" else ["false", "true"]
    real = float((frame == levels[1]).mean())
    stated = round(real + rng.uniform(0.08, 0.4), 2)
    named = [f'"{level}"' if base.table == "adult" else level for level in levels]
    shares = f"{{ {named[0]}: {100 - round(100 * stated)}%, {named[1]}: {round(100 * stated)}% }}"
    text = healthy.text.replace(f"factor {column} {{", f"factor {column} ~ {shares} {{")
    return healthy.because(f"plan {column}", f"{column} ~ {shares} where {real:.1%} are", text)


def _broken(base: Base, text: str, name: str) -> float:
    """The share of the real rows that break a rule."""
    return float(
        next(o for o in outcomes(base.evidence, base.setup(text, Recipe.of(None, {}))) if o.name == name).fail.mean()
    )


def outcomes(evidence: Evidence, setup: Setup) -> list[Outcome]:
    """What the rules say of the real rows."""
    return evidence.outcomes(setup)


def both(*spoils: Spoil) -> Spoil:
    """Several faults at once."""

    def spoil(base: Base, healthy: Fault, rng: np.random.Generator) -> Fault:
        for each in spoils:
            healthy = each(base, healthy, rng)
        return healthy

    return spoil


def nothing(base: Base, healthy: Fault, rng: np.random.Generator) -> Fault:
    """No fault."""
    return healthy


FAULTS: dict[str, tuple[Spoil, int]] = {
    "model: rows": (rows, 8),
    "model: depth": (depth, 8),
    "model: column": (column, 8),
    "rule: bound": (bound, 7),
    "rule: reversed": (reversed_implication, 7),
    "rule: contradiction": (contradiction, 7),
    "plan: share": (share, 7),
    "both: rows, bound": (both(rows, bound), 2),
    "both: depth, contradiction": (both(depth, contradiction), 2),
    "both: column, reversed": (both(column, reversed_implication), 2),
    "both: rows, share": (both(rows, share), 1),
    "both: bound, share": (both(bound, share), 1),
    "healthy": (nothing, 20),
}
"""By name how to spoil, and how many cases there are: 60 with a fault and 20 without."""
