"""The verdict of the report: four questions, each answered in words with the figures behind it and their floors.

What is valid is a matter of counting. The other three are judged by `measures`: each measure against what chance, or
real rows drawn anew, would give. A question is answered with yes where all of its measures keep their limits. Where
some do not, how bad that is goes by the middle between nothing and all: of what real rows teach a model, half; of the
way from a coin toss to always telling rows apart, half.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from htdbu.evaluation.measures import Finding, findings

State = Literal["good", "mixed", "bad", "unknown"]
_HALF = 0.5
_COIN = 0.5
_HALF_WAY = 0.75
"""The AUC half-way from a coin toss to certainty."""


@dataclass(frozen=True)
class Figure:
    """A measure: what it is, its value, what to hold it against, and whether it keeps its limit."""

    label: str
    value: str
    against: str = ""
    within: bool | None = None


@dataclass(frozen=True)
class Verdict:
    """The answer to one question; `words` are whole sentences."""

    question: str
    answer: str
    state: State
    words: str
    figures: tuple[Figure, ...]


def verdicts(scores: Mapping[str, Any], real_violations: Mapping[str, Any] | None = None) -> tuple[Verdict, ...]:
    """Is it valid, is it useful, is it close, is it private?

    Args:
        scores: in the form of `evaluate --format json`.
        real_violations: the check of the real rows, where it is known.
    """
    return _valid(scores, real_violations), _useful(scores), _close(scores), _private(scores)


def shown(value: float | None, digits: int = 3) -> str:
    """A figure, or a dash where it was not measured."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.{digits}f}"


def percent(share: float) -> str:
    """A share in percent, two digits after the point."""
    return f"{100 * share:.2f} %"


def figure(found: Finding) -> Figure:
    """A finding as the page shows it."""
    line = found.measure

    def spelled(value: float) -> str:
        return percent(value) if line.share else shown(value)

    floor = None if found.floor is None else f"{found.floor:,.1f}" if line.whole else spelled(found.floor)
    known = {"floor": floor, "limit": None if found.limit is None else spelled(found.limit)}
    lacking = [f"{{{name}}}" for name, value in known.items() if value is None]
    parts = [part.format(**known) for part in line.against if not any(gap in part for gap in lacking)]
    if found.within is False and not any("{limit}" in part for part in line.against):
        parts.append(f"chance reaches {known['limit']}")
    return Figure(line.name, spelled(found.value), ", ".join(parts), found.within)


def _valid(scores: Mapping[str, Any], real: Mapping[str, Any] | None) -> Verdict:
    found, raw = scores["violations"], scores.get("raw_violations")
    rows, bad, targets = found["rows"], found["violating_rows"], found["targets"]
    met = sum(target["met"] is True for target in targets)
    judged = sum(target["met"] is not None for target in targets)
    figures = [Figure("rows that break a hard rule", f"{bad:,} of {rows:,}", percent(found["violation_rate"]))]
    if raw is not None:
        figures.append(Figure("before any rule was enforced", percent(raw["violation_rate"])))
    if real is not None and real["rows"]:
        figures.append(Figure("real rows that break one", percent(real["violation_rate"])))
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


def _useful(scores: Mapping[str, Any]) -> Verdict:
    found, question, target = findings(scores, "useful"), "Is it useful?", scores["setup"]["target"]
    figures = tuple(map(figure, found))
    judged = [line for line in found if line.within is not None and line.floor is not None]
    if not judged:
        return Verdict(question, "Not measured", "unknown", f"No model of {target} could be compared.", figures)
    learned = f"A model that learns {target} from these rows and is tested on real ones"
    beyond = [line for line in judged if not line.within]
    if not beyond:
        words = (
            f"{learned} does as well as one that learned from as many real rows: no gap is wider than chance explains."
        )
        return Verdict(question, "Yes", "good", words, figures)
    lost = " and ".join(_lost(line) for line in beyond)
    words = f"{learned} loses {lost} to one that learned from as many real rows."
    leads = [line for line in beyond if line.measure.lead]
    if not leads and any(line.measure.lead for line in judged):
        return Verdict(question, "Nearly", "mixed", f"{words} It ranks, or fits, as well.", figures)
    kept = min((_kept(line) for line in leads), default=_HALF)
    if kept >= _HALF:
        return Verdict(question, "Partly", "mixed", words, figures)
    return Verdict(question, "Hardly", "bad", words, figures)


def _lost(found: Finding) -> str:
    return f"{abs((found.floor or 0.0) - found.value):,.3f} of {found.measure.name.replace(', ', ' (')})"


def _kept(found: Finding) -> float:
    """The part of what real rows teach that synthetic ones teach too; a coin has an AUROC of 0.5, and R² 0."""
    nothing, floor = _COIN if found.measure.name.startswith("AUROC") else 0.0, found.floor or 0.0
    return (found.value - nothing) / (floor - nothing) if floor > nothing else 0.0


def _close(scores: Mapping[str, Any]) -> Verdict:
    found, question = findings(scores, "close"), "Is it close?"
    figures = tuple(map(figure, found))
    judged = [line for line in found if line.within is not None]
    if not judged:
        return Verdict(question, "Not measured", "unknown", "Nothing could be compared.", figures)
    apart = next((line for line in judged if line.measure.lead), None)
    errors = [line for line in judged if line is not apart]
    words = _errors_in_words([line for line in errors if not line.within], len(errors))
    words += "" if apart is None else f" A classifier {_told_apart(apart)}."
    if all(line.within for line in judged):
        return Verdict(question, "Yes", "good", words.strip(), figures)
    if apart is not None and apart.value >= _HALF_WAY:
        return Verdict(question, "Not in detail", "bad", words.strip(), figures)
    answer = "Nearly" if all(line.within for line in errors) else "Partly"
    return Verdict(question, answer, "mixed", words.strip(), figures)


def _errors_in_words(beyond: Sequence[Finding], all_of_them: int) -> str:
    if not all_of_them:
        return ""
    if not beyond:
        return "These rows differ from the real ones about as much as real rows drawn anew would."
    names = " and ".join(line.measure.name for line in beyond)
    times = [line.value / line.floor for line in beyond if line.floor and line.measure.less]
    most = f", up to {max(times):.1f} times their floor" if times else ""
    return f"More than chance explains differs by {names}{most}."


def _told_apart(found: Finding) -> str:
    if found.within:
        return "tells these rows from real ones no better than chance"
    if found.value < _HALF_WAY:
        return "tells these rows from real ones better than chance"
    return "tells these rows from real ones most of the time"


def _private(scores: Mapping[str, Any]) -> Verdict:
    found, question = findings(scores, "private"), "Is it private?"
    figures = tuple(map(figure, found))
    if not found or not scores["setup"]["rows"]["synthetic"]:
        return Verdict(question, "Not measured", "unknown", "Nothing could be compared.", figures)
    copies = next((line for line in found if line.measure.whole), None)
    near = [line for line in found if line is not copies and line.within is not None]
    words = "" if copies is None else _copied(int(copies.value), chance=bool(copies.within))
    beyond, unseen = [line for line in near if not line.within], bool(scores["setup"]["rows"]["test"])
    if beyond:
        signs = ", ".join(line.measure.name for line in beyond)
        words += f" These rows tell more of the real ones than chance explains ({signs})."
    elif near and unseen:
        words += " Rows lie no nearer to the rows that were learned from than to unseen ones."
    if not unseen:
        words += " Whether rows lie too near to those that were learned from shows only with test rows."
    elif near:
        words += " A warning light, not a guarantee."
    return Verdict(question, *_privacy_answer(copies, beyond, near if unseen else ()), words.strip(), figures)


def _copied(copies: int, *, chance: bool) -> str:
    """How many rows are copies, in words; `chance`: whether so many come about by chance."""
    if not copies:
        return "No row copies a real one."
    return (
        f"{_count(copies, 'row equals', 'rows equal')} a real one{', no more than chance explains' if chance else ''}."
    )


def _privacy_answer(copies: Finding | None, beyond: Sequence[Finding], near: Sequence[Finding]) -> tuple[str, State]:
    """The answer, given what lies beyond chance, and what was measured beside unseen rows."""
    if beyond:
        return "In doubt", "bad"
    if copies is not None and not copies.within:
        return "Look at the copies", "mixed"
    return ("No sign against it", "good") if near else ("No copies", "mixed")


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
