"""The verdict: four questions, each with its answer, the figures behind it and their floors."""

from __future__ import annotations

from markupsafe import Markup

from htdbu.evaluation.report.html import Part, el, figures, join, marked, soft
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.report.section import Section
from htdbu.evaluation.verdict import Figure, Verdict, verdicts

_SIGNS = {"good": "✓", "mixed": "~", "bad": "✕", "unknown": "?"}


def build(material: Material) -> Markup:
    """A card a question."""
    cards = (_card(verdict) for verdict in verdicts(material.scores, material.real_violations))
    floors = "A floor is what as many rows drawn from the real table itself would score: no synthetic table can be "
    floors += "expected to do better. What lies beyond chance is marked."
    return join([el("div", *cards, cls="grid verdicts"), soft(floors)])


def _card(verdict: Verdict) -> Markup:
    sign = el("span", _SIGNS[verdict.state], aria_hidden="true")
    return el(
        "article",
        el("h3", verdict.question, cls="question"),
        el("p", sign, " ", verdict.answer, cls="answer"),
        el("p", verdict.words),
        figures((figure.label, _value(figure), figure.against) for figure in verdict.figures),
        cls=f"card {verdict.state}",
    )


def _value(figure: Figure) -> Part:
    """The value; what lies beyond its limit is marked in words too, for those who see no colours."""
    return marked(f"{figure.value} (beyond)", "mixed") if figure.within is False else figure.value


SECTION = Section("verdict", "Verdict", build)
