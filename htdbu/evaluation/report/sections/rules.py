"""The rules, and how often they are broken: as first sampled, in the end, and by the real rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from htdbu.evaluation.report.html import Heads, Part, count, el, join, marked, numbers, percent, soft, table
from htdbu.evaluation.report.material import Material
from htdbu.evaluation.report.section import Section

_STATED = ("hard", "soft", "key", "unique", "fd", "target")


def build(material: Material) -> Markup:
    """A line a rule; those that columns bring along only where some row broke one."""
    found, raw, real = material.violations, material.raw_violations, material.real_violations
    docs = {rule.name: rule.doc for rule in material.program.rules}
    before, truth = (_by_name(checked) for checked in (raw, real))
    broken = {rule["name"] for checked in (found, raw, real) if checked for rule in checked["rules"] if rule["fail"]}
    spoken = [rule for rule in found["rules"] if rule["kind"] in _STATED or rule["name"] in broken]
    rates = ["In the end", *([] if raw is None else ["As sampled"]), "Real rows"]
    heads: Heads = ["Rule", *numbers(*rates, "Pass", "Fail", "Unknown"), "Kind"]
    lines = [
        [
            _named(rule["name"], docs.get(rule["name"])),
            _final(rule),
            *([] if raw is None else [_rate(before, rule)]),
            _rate(truth, rule),
            count(rule["pass"]),
            count(rule["fail"]),
            count(rule["unknown"]),
            _kind(rule),
        ]
        for rule in spoken
    ]
    words = "The share of rows that fail each rule, by a check that knows nothing of how the rows were made"
    words += "." if raw is None else ": in the end, and as first sampled, before any rule was enforced."
    words += " A rule that many real rows break may be wrong."
    return join([soft(words), table("Rules and violations", heads, lines) if lines else None, _quiet(found, spoken)])


def _by_name(checked: Mapping[str, Any] | None) -> dict[str, Mapping[str, Any]]:
    return {} if checked is None else {rule["name"]: rule for rule in checked["rules"]}


def _named(name: str, doc: str | None) -> Part:
    return join([name, el("span", doc, cls="doc") if doc else None])


def _kind(rule: Mapping[str, Any]) -> Part:
    weight = rule["weight"] if rule["kind"] == "soft" else None
    return rule["kind"] if weight is None else join([rule["kind"], " ", el("span", f"weight {weight}", cls="soft")])


def _final(rule: Mapping[str, Any]) -> Part:
    return marked(percent(rule["rate"]), "mixed" if rule["kind"] == "soft" else "bad") if rule["fail"] else "0.00 %"


def _rate(checked: Mapping[str, Mapping[str, Any]], rule: Mapping[str, Any]) -> Part:
    known = checked.get(rule["name"])
    return None if known is None else percent(known["rate"])


def _quiet(found: Mapping[str, Any], spoken: list[Any]) -> Markup | None:
    """How many rules are not listed."""
    quiet = len(found["rules"]) - len(spoken)
    what = count(quiet, "more rule that the columns bring along", "more rules that the columns bring along")
    verb = "is" if quiet == 1 else "are"
    return soft(f"{what} (domain, null, derived), none ever broken, {verb} not listed.") if quiet else None


SECTION = Section("rules", "Rules", build)
