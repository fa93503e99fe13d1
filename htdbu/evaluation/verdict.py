"""The verdict of the report: four questions, each answered in words with the figures behind it and their floors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from htdbu.evaluation.scores import Scores

State = Literal["good", "mixed", "bad", "unknown"]

AUROC_MARGIN = 0.03
"""How far below real rows synthetic ones may stay and still count as useful; the margin this project promises."""
_WEAK_MARGIN = 0.1
_NOISE_FACTOR = 2.0
"""Up to twice its floor, an error is called noise: single draws stray about that far from the mean draw."""
_TOLD_APART, _ALWAYS_TOLD_APART = 0.6, 0.9
_DEVIATIONS = 3.0


@dataclass(frozen=True)
class Figure:
    """A measure: what it is, its value, and what to hold it against."""

    label: str
    value: str
    against: str = ""


@dataclass(frozen=True)
class Verdict:
    """The answer to one question; `words` are whole sentences."""

    question: str
    answer: str
    state: State
    words: str
    figures: tuple[Figure, ...]


def verdicts(scores: Scores) -> tuple[Verdict, ...]:
    """Is it valid, is it useful, is it close, is it private?"""
    return _valid(scores), _useful(scores), _close(scores), _private(scores)


def shown(value: float | None, digits: int = 3) -> str:
    """A figure, or a dash where it was not measured."""
    if value is None or not math.isfinite(value):
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.{digits}f}"


def percent(share: float | None) -> str:
    """A share in percent, two digits after the point."""
    return "–" if share is None else f"{100 * share:.2f} %"


def _valid(scores: Scores) -> Verdict:
    found = scores.violations
    rows, bad, targets = found["rows"], found["violating_rows"], found["targets"]
    met = sum(target["met"] is True for target in targets)
    judged = sum(target["met"] is not None for target in targets)
    figures = [Figure("rows that break a hard rule", f"{bad:,} of {rows:,}", percent(found["violation_rate"]))]
    if scores.raw_violations is not None:
        figures.append(Figure("before any rule was enforced", percent(scores.raw_violations["violation_rate"])))
    if targets:
        rest = "" if judged == len(targets) else "the rest not judged"
        figures.append(Figure("targets met", f"{met} of {judged}", rest))
    if not rows:
        return Verdict("Is it valid?", "No rows", "unknown", "There is no row to judge.", tuple(figures))
    words = "No row breaks a hard rule." if not bad else f"{_count(bad, 'row breaks', 'rows break')} a hard rule."
    if judged > met:
        words += f" {_count(judged - met, 'target is', 'targets are')} missed."
    state: State = "bad" if bad else "mixed" if judged > met else "good"
    answer = {"bad": "No", "mixed": "Rules yes, targets no", "good": "Yes"}[state]
    return Verdict("Is it valid?", answer, state, words, tuple(figures))


def _useful(scores: Scores) -> Verdict:
    figures = tuple(
        Figure(name, shown(scores.tstr.get(key)), f"real rows: {shown(scores.trtr.get(key))}")
        for key, name in (("auroc", "AUROC"), ("f1", "F1"), ("accuracy", "accuracy"))
    )
    question, target = "Is it useful?", scores.setup.target
    ours, ceiling = scores.tstr.get("auroc"), scores.trtr.get("auroc")
    if ours is None or ceiling is None:
        return Verdict(question, "Not measured", "unknown", f"No model of {target} could be compared.", figures)
    gap = ceiling - ours
    learned = f"A model that learns {target} from these rows and is tested on real ones"
    if gap <= AUROC_MARGIN:
        words = f"{learned} does as well as one that learned from as many real rows, within {AUROC_MARGIN} of AUROC."
        lost = (scores.trtr.get("f1") or 0.0) - (scores.tstr.get("f1") or 0.0)
        if lost > _WEAK_MARGIN:
            words += f" Its cut between the classes is worse: it loses {lost:.3f} of F1."
            return Verdict(question, "For ranking", "mixed", words, figures)
        return Verdict(question, "Yes", "good", words, figures)
    words = f"{learned} loses {gap:.3f} of AUROC to one that learned from as many real rows."
    if gap <= _WEAK_MARGIN:
        return Verdict(question, "Partly", "mixed", words, figures)
    return Verdict(question, "Hardly", "bad", words, figures)


def _close(scores: Scores) -> Verdict:
    found = scores.fidelity
    shape, trend, auc = (found.get(key) for key in ("shape_error", "trend_error", "c2st_auc"))
    floors = found.get("shape_floor"), found.get("trend_floor")
    figures = (
        Figure("shape: single columns", shown(shape), _floor(floors[0])),
        Figure("trend: pairs of columns", shown(trend), _floor(floors[1])),
        Figure("c2st: told apart from real rows", shown(auc), "0.5 is a coin toss, 1 is always"),
    )
    question = "Is it close?"
    if shape is None and auc is None:
        return Verdict(question, "Not measured", "unknown", "Nothing could be compared.", figures)
    errors = [_against_floor(*line) for line in (("Single columns", shape, floors[0]), ("pairs", trend, floors[1]))]
    noisy = all(noise for noise, _ in errors)
    words = "; ".join(text for _, text in errors if text) + "."
    if auc is not None:
        words += f" A classifier {_told_apart(auc)}."
    if noisy and (auc is None or auc <= _TOLD_APART):
        return Verdict(question, "Yes", "good", words, figures)
    if auc is not None and auc > _ALWAYS_TOLD_APART:
        return Verdict(question, "Not in detail", "bad", words, figures)
    return Verdict(question, "Partly", "mixed", words, figures)


def _against_floor(what: str, error: float | None, floor: float | None) -> tuple[bool, str]:
    """Whether an error is noise, and how to say it."""
    if error is None:
        return True, ""
    if floor is None or floor <= 0:
        return error <= 0, f"{what} differ by {error:.3f}"
    if error <= _NOISE_FACTOR * floor:
        return True, f"{what} differ about as much as real rows drawn anew would"
    return False, f"{what} differ {error / floor:.1f} times as much as real rows drawn anew would"


def _told_apart(auc: float) -> str:
    if auc <= _TOLD_APART:
        return "can hardly tell these rows from real ones"
    if auc <= _ALWAYS_TOLD_APART:
        return "tells these rows from real ones better than chance"
    return "tells these rows from real ones nearly always"


def _private(scores: Scores) -> Verdict:
    found, rows = scores.privacy, scores.setup.rows
    share, copies, expected = (found.get(key) for key in ("dcr_share", "copied_rows", "copied_rows_floor"))
    figures = (
        Figure("nearer to a row that was learned from", percent(share), "50 % is ideal"),
        Figure("exact copies of a real row", shown(copies), _chance(expected)),
    )
    question = "Is it private?"
    if copies is None or not rows["synthetic"]:
        return Verdict(question, "Not measured", "unknown", "Nothing could be compared.", figures)
    allowed = _tolerance(expected or 0.0)
    words = _copied(int(copies), chance=expected is not None and copies <= allowed)
    if share is None:
        words += " Whether rows lie too near to those that were learned from shows only with test rows."
        return Verdict(question, *_privacy_answer(copies > allowed, None), words, figures)
    near = share > 0.5 + _DEVIATIONS * 0.5 / math.sqrt(min(n for n in rows.values() if n))
    words += (
        " Rows lie nearer to the rows that were learned from than to unseen ones."
        if near
        else " Rows lie no nearer to the rows that were learned from than to unseen ones."
    )
    words += " A warning light, not a guarantee."
    return Verdict(question, *_privacy_answer(copies > allowed, near), words, figures)


def _copied(copies: int, *, chance: bool) -> str:
    """How many rows are copies, in words; `chance`: whether so many come about by chance."""
    if not copies:
        return "No row copies a real one."
    return (
        f"{_count(copies, 'row equals', 'rows equal')} a real one{', no more than chance explains' if chance else ''}."
    )


def _privacy_answer(copied: bool, near: bool | None) -> tuple[str, State]:
    if near:
        return "In doubt", "bad"
    if copied:
        return "Look at the copies", "mixed"
    return ("No copies", "mixed") if near is None else ("No sign against it", "good")


def _tolerance(expected: float) -> float:
    """The most copies that chance explains: a Poisson count's mean and three standard deviations."""
    return expected + _DEVIATIONS * math.sqrt(expected)


def _floor(value: float | None) -> str:
    return "" if value is None else f"floor: {value:.3f}"


def _chance(expected: Any) -> str:
    return "" if expected is None else f"by chance: {expected:.1f}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
