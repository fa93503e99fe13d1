"""What `evaluate` tells people: every measure beside what real rows score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from htdbu.cli.screen import Screen, count, figure, percent
from htdbu.cli.views import MOST_ROWS, show_targets, show_verdict

_SCORES = {"accuracy": ">accuracy", "f1": ">F1", "auroc": ">AUROC", "rmse": ">RMSE", "r2": ">R2"}
_NOISE = 2
"""A share at a bound is shown where it is this many floors or more above the real one."""


def show_scores(screen: Screen, scores: Mapping[str, Any], report: str | None) -> None:
    """What models learn from synthetic rows beside what they learn from real ones, and every other measure."""
    _show_utility(screen, scores["utility"])
    screen.table(("measure", ">value", ">real rows"), _measures(scores))
    screen.say()
    _show_pile_up(screen, scores["pile_up"])
    for note in scores["notes"]:
        screen.say(f"note: {note}")
    if scores["notes"]:
        screen.say()
    _show_violations(screen, scores)
    if report is not None:
        screen.say(f"written: {report}")


def _show_utility(screen: Screen, utility: Mapping[str, Mapping[str, Mapping[str, float | None]]]) -> None:
    """One kind of model after the other; of the scores those that the target has."""
    taken = [name for name in _SCORES if any(found["trtr"][name] is not None for found in utility.values())]
    taken = taken or ["accuracy", "f1", "auroc"]
    lines = [
        line
        for model, found in utility.items()
        for line in (
            (f"synthetic rows (TSTR), {model}", *(figure(found["tstr"][name]) for name in taken)),
            (f"real rows (TRTR), {model}", *(figure(found["trtr"][name]) for name in taken)),
            ("  real rows drawn anew differ by", *(figure(found["floor"][name]) for name in taken)),
        )
    ]
    screen.table(("a model learns from", *(_SCORES[name] for name in taken)), lines)
    screen.say()


def _measures(scores: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Every measure that was taken, with its floor."""
    from htdbu.evaluation.scores import floor_of

    top = {"xmodal": scores["xmodal"], "xmodal_floor": scores["xmodal_floor"]}
    return [
        (name, figure(value), figure(part.get(floor_of(name))))
        for part in (top, scores["fidelity"], scores["privacy"])
        for name, value in part.items()
        if value is not None and floor_of(name) in part
    ]


def _show_pile_up(screen: Screen, bounds: Sequence[Mapping[str, Any]] | None) -> None:
    """The bounds at which more synthetic rows stand than noise explains."""
    if not bounds:
        return
    over = [line for line in bounds if line["synthetic"] - line["real"] > _NOISE * line["floor"]]
    if not over:
        screen.say(f"at none of {count(len(bounds), 'bound')} of the rules stand more rows than in the real table")
        screen.say()
        return
    over.sort(key=lambda line: line["real"] - line["synthetic"])
    headers = ("more rows at a bound of", "bound", ">real", ">synthetic", ">noise")
    screen.table(headers, [_bound_line(line) for line in over[:MOST_ROWS]])
    if len(over) > MOST_ROWS:
        screen.say(f"and {count(len(over) - MOST_ROWS)} more")
    screen.say()


def _bound_line(line: Mapping[str, Any]) -> tuple[str, ...]:
    """A bound as a line of a table; a long one is cut."""
    bound = line["bound"] if len(line["bound"]) <= 40 else f"{line['bound'][:39]}…"
    place = line["rule"] if line["rule"].startswith(f"{line['column']}.") else f"{line['rule']}: {line['column']}"
    return place, bound, *(percent(line[key]) for key in ("real", "synthetic", "floor"))


def _show_violations(screen: Screen, scores: Mapping[str, Any]) -> None:
    """Soft rules that rows break, targets, hard rules; and how it was before any rule was enforced."""
    found, raw = scores["violations"], scores["raw_violations"]
    before = {} if raw is None else {rule["name"]: rule for rule in raw["rules"]}
    soft = [rule for rule in found["rules"] if rule["kind"] == "soft"]
    if soft:
        lines = [
            (
                rule["name"],
                count(rule["fail"]),
                percent(rule["rate"]),
                percent(before.get(rule["name"], {}).get("rate")),
            )
            for rule in sorted(soft, key=lambda rule: -rule["fail"])[:MOST_ROWS]
        ]
        screen.table(("soft rule", ">fail", ">rate", ">rate before"), lines)
        screen.say()
    show_targets(screen, found["targets"])
    if raw is not None:
        screen.say(f"before any rule was enforced {percent(raw['violation_rate'])} of the rows broke a hard rule")
    show_verdict(screen, found)
