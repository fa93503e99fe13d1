"""The joint distribution that XModal compares: the target and the sentiment."""

from __future__ import annotations

from markupsafe import Markup

from htdbu.evaluation.report.compare import beside
from htdbu.evaluation.report.html import el, join
from htdbu.evaluation.report.joints import joint_table
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.report.section import Section
from htdbu.evaluation.verdict import shown


def build(material: Material) -> Markup | None:
    """Both joints; nothing where the scores name fewer than two columns."""
    names, scores = list(material.scores["setup"]["joint"]), material.scores
    if len(names) < 2:
        return None
    words = "XModal, the distance between the two joint distributions, "
    if scores["xmodal"] is None:
        said = el("p", f"{words}was not measured.")
    else:
        floor = f"; as many rows drawn from the real table score {shown(scores['xmodal_floor'], 4)} (the floor)."
        said = el("p", f"{words}is ", el("b", shown(scores["xmodal"], 4)), floor)
    return join([said, beside("joint", names, joint_table(material.typed_real, material.typed_synthetic, names))])


SECTION = Section("joint", "Joint", build, lambda material: " × ".join(material.scores["setup"]["joint"][:2]))
