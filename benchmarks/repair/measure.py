"""All measurements: every table, every contestant, one after another; what comes out is what the page shows."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks.repair import judge, rule_sets, tables
from benchmarks.repair.contestants.requests import DRAWN, Request
from benchmarks.repair.environments import PISHIELD, SDV, NotInstalledError, environment
from benchmarks.repair.linear_rules import linear_part
from benchmarks.repair.rule_sets import RULE_SETS, RuleSet
from benchmarks.repair.running import Outcome, run
from htdbu.solver.engine import names

NAIVE, LAYER, REJECTION = "naive CP-SAT", "PiShield", "SDV"
REFERENCE = "cp-sat"
"""The engine with which the others must agree, row by row."""
LEARN = 20_000
"""Rows that SDV learns from."""
PASSIVE = {"OMP_WAIT_POLICY": "PASSIVE"}
"""PyTorch's threads spin while they wait; on a machine that does anything else, that made it up to 70 times slower."""
PACKAGES = ("htdbu", "numpy", "pandas", "ortools", "numba")

Cell = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """What to measure.

    Attributes:
        rows: the rows of each full table; those of the rule set by default.
        seconds: how long each contestant is measured on each table, about.
        patience: seconds after which one is ended.
        cold: whether the first call ever is measured of all engines, which compiles the code of some anew, or of the
            reference alone.
    """

    sets: tuple[str, ...]
    kinds: tuple[str, ...]
    seconds: float
    threads: int
    seed: int
    cache: Path
    peers: bool = True
    rows: int | None = None
    patience: float = 900
    cold: bool = True


@dataclass(frozen=True)
class Contestant:
    """One that repairs tables; one that has no program says why."""

    name: str
    module: str
    options: dict[str, Any]
    python: Path | None = None
    trouble: str = ""
    rules: tuple[str, ...] | None = None
    """The rules that it is given; all by default."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Further environment variables."""


def measure(plan: Plan) -> dict[str, Any]:
    """All figures."""
    cells: list[Cell] = []
    alone: list[Cell] = []
    generated: list[Cell] = []
    cold = list(_cold(plan, RULE_SETS[plan.sets[-1]], plan.kinds[0]))
    _warm(plan, RULE_SETS[plan.sets[0]], plan.kinds[0])
    for name in plan.sets:
        rule_set = RULE_SETS[name]
        for kind in plan.kinds:
            cells += _table(plan, rule_set, kind)
            alone += _alone(plan, rule_set, kind)
        if plan.peers:
            generated.append(_generated(plan, rule_set))
    return {"machine": _machine(plan), "cold": cold, "cells": cells, "alone": alone, "generated": generated}


def _table(plan: Plan, rule_set: RuleSet, kind: str) -> list[Cell]:
    """All contestants on one table, judged on the rows that all of them did."""
    path = table(plan, rule_set, kind)
    with tempfile.TemporaryDirectory() as folder:
        done: list[tuple[Contestant, Outcome]] = []
        for contestant in _contestants(plan, rule_set):
            _say(f"{rule_set.name:<5} {kind:<6} {contestant.name}")
            done.append((contestant, _outcome(plan, contestant, path, Path(folder) / f"{len(done)}")))
        return list(_judged(rule_set, kind, path, done))


def _contestants(plan: Plan, rule_set: RuleSet) -> Iterator[Contestant]:
    for name in ("auto", *names()):
        yield Contestant(name, "ours", {"engine": name})
    if plan.peers:
        yield Contestant(NAIVE, "naive", {})
        yield _layer(plan, rule_set)


def _layer(plan: Plan, rule_set: RuleSet) -> Contestant:
    """PiShield, with the rules that it can state."""
    part = linear_part(rule_set.program)
    options = {"columns": part.columns, "scales": part.scales, "requirements": part.text}
    python, trouble = _environment(plan, "pishield", PISHIELD)
    return Contestant(LAYER, "pishield_layer", options, python, trouble, part.names, PASSIVE)


def _environment(plan: Plan, name: str, packages: tuple[str, ...]) -> tuple[Path | None, str]:
    try:
        return environment(name, packages, plan.cache), ""
    except NotInstalledError as error:
        return None, str(error)


def _outcome(plan: Plan, contestant: Contestant, path: Path, folder: Path) -> Outcome:
    if contestant.trouble:
        return Outcome(None, folder, contestant.trouble)
    request = Request(str(path), str(_rules(path)), plan.seconds, plan.threads, contestant.options)
    return run(contestant.module, request, folder, contestant.python, plan.patience, contestant.settings)


def _rules(path: Path) -> Path:
    """The rule file of a table, whose name begins with the rule set's."""
    return RULE_SETS[path.name.split("-")[0]].path


def _judged(rule_set: RuleSet, kind: str, path: Path, done: list[tuple[Contestant, Outcome]]) -> Iterator[Cell]:
    before = pd.read_parquet(path)
    common = min((outcome.figures["rows"] for _, outcome in done if outcome.figures), default=0)
    reference = next((outcome for c, outcome in done if c.name == REFERENCE and outcome.figures), None)
    expected = None if reference is None else reference.rows()
    for contestant, outcome in done:
        cell: Cell = {"set": rule_set.name, "kind": kind, "who": contestant.name, "trouble": outcome.trouble}
        if outcome.figures:
            figures, after = outcome.figures, outcome.rows()
            held = before.head(figures["rows"])
            cell |= {"figures": figures, "table_rows": len(before)}
            cell["violating"] = judge.violating(rule_set.program, held)
            cell["left"] = judge.violating(rule_set.program, after)
            if contestant.rules is not None:
                cell["given"] = list(contestant.rules)
                cell["given_before"] = judge.violating(rule_set.program, held, contestant.rules)
                cell["given_left"] = judge.violating(rule_set.program, after, contestant.rules)
            cell["common"] = judge.judge(rule_set, before.head(common), after.head(common))
            if expected is not None:
                both = min(len(after), len(expected))
                unlike = judge.unlike_rows(rule_set.program, after.head(both), expected.head(both))
                cell["compared"], cell["unlike"] = both, unlike
        yield cell


def _alone(plan: Plan, rule_set: RuleSet, kind: str) -> Iterator[Cell]:
    """The search of each engine by itself."""
    path = table(plan, rule_set, kind)
    for name in names():
        _say(f"{rule_set.name:<5} {kind:<6} {name}, the search alone")
        with tempfile.TemporaryDirectory() as folder:
            contestant = Contestant(name, "ours", {"engine": name, "alone": True})
            outcome = _outcome(plan, contestant, path, Path(folder))
        trouble, figures = outcome.trouble, outcome.figures
        yield {"set": rule_set.name, "kind": kind, "who": name, "trouble": trouble, "figures": figures}


def _cold(plan: Plan, rule_set: RuleSet, kind: str) -> Iterator[Cell]:
    """The first call of each engine on a machine that has never run it: with caches of compiled code that are empty."""
    path = table(plan, rule_set, kind)
    for name in ("auto", *names()) if plan.cold else (REFERENCE,):
        _say(f"{rule_set.name:<5} {kind:<6} {name}, the first call ever")
        with tempfile.TemporaryDirectory() as folder:
            empty = {"NUMBA_CACHE_DIR": f"{folder}/numba", "XDG_CACHE_HOME": f"{folder}/cache"}
            contestant = Contestant(name, "ours", {"engine": name, "first": True}, settings=empty)
            outcome = _outcome(plan, contestant, path, Path(folder))
        yield {"set": rule_set.name, "who": name, "trouble": outcome.trouble, "figures": outcome.figures}


def _warm(plan: Plan, rule_set: RuleSet, kind: str) -> None:
    """Fill the caches of compiled code, so that no engine is measured while another stands in for it."""
    _say("compiling once")
    with tempfile.TemporaryDirectory() as folder:
        contestant = Contestant("compiled", "ours", {"engine": "compiled", "first": True})
        _outcome(plan, contestant, table(plan, rule_set, kind), Path(folder))


def _generated(plan: Plan, rule_set: RuleSet) -> Cell:
    """SDV, which makes new rows instead of repairing any."""
    path = table(plan, rule_set, "valid")
    python, trouble = _environment(plan, "sdv", SDV)
    contestant = Contestant(REJECTION, "sdv_rejection", {"learn": LEARN}, python, trouble)
    _say(f"{rule_set.name:<5} valid  {REJECTION}")
    with tempfile.TemporaryDirectory() as folder:
        outcome = _outcome(plan, contestant, path, Path(folder))
        cell: Cell = {"set": rule_set.name, "who": REJECTION, "trouble": outcome.trouble}
        if outcome.figures:
            real, made = pd.read_parquet(path), outcome.rows()
            cell |= {"figures": outcome.figures, "left": judge.violating(rule_set.program, made)}
            cell["edge_real"] = judge.on_the_edge(rule_set, real) / len(real)
            if len(made):
                cell["edge_made"] = judge.on_the_edge(rule_set, made) / len(made)
                drawn = pd.read_parquet(outcome.folder / DRAWN)
                cell["thinned"] = judge.thinned(rule_set.program, drawn, made)
    return cell


def table(plan: Plan, rule_set: RuleSet, kind: str) -> Path:
    """The file of a table, made where it is not there."""
    rows = plan.rows or rule_set.rows
    sources = (Path(tables.__file__), Path(rule_sets.__file__), rule_set.path)
    key = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    path = plan.cache / f"{rule_set.name}-{kind}-{rows}-{plan.seed}-{key}.parquet"
    if not path.exists():
        _say(f"{rule_set.name:<5} {kind:<6} making {rows:,} rows")
        plan.cache.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        tables.make(rule_set, kind, rows, plan.seed).to_parquet(unfinished, index=False)
        unfinished.replace(path)
    return path


def _machine(plan: Plan) -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "cores": os.cpu_count(),
        "cpu": _processor(),
        "system": platform.system(),
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
        "seconds": plan.seconds,
        "threads": plan.threads,
        "seed": plan.seed,
    }


def _processor() -> str:
    """The model of the processor, where the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
