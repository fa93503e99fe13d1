"""The interaction: nothing else is at fault, yet the final rows are worse than what went into them.

Of a sound model under sound rules the final rows are about as like real rows as the raw samples, or as real rows
repaired under the rules, whichever is worse. Where they are worse than both by more than chance, the two do not go
together: the rules steer the model where it knows little.
"""

from __future__ import annotations

from collections.abc import Sequence

from htdbu.evaluation.tuning.cause import Cause
from htdbu.evaluation.tuning.evidence import Evidence
from htdbu.evaluation.tuning.likeness import STATISTICS
from htdbu.evaluation.tuning.setup import Setup


def diagnose(setup: Setup, evidence: Evidence, found: Sequence[Cause]) -> list[Cause]:
    """The interaction, where final rows are worse than raw samples and than repaired real rows."""
    final = evidence.final(setup)
    if found:
        return []
    if final.likeness is None:
        return [Cause("interaction", "rules", f"no rows can be made: {final.why}")]
    raw, repaired = evidence.raw(setup.recipe), evidence.repaired(setup)
    told = []
    for name in STATISTICS:
        apart = max(raw.values[name], repaired.values[name])
        if final.likeness.values[name] - apart > evidence.noise(name).gap(1, len(STATISTICS)):
            told.append(f"{name} {final.likeness.values[name]:.4f} of final rows and {apart:.4f} of either by itself")
    if not told:
        return []
    return [Cause("interaction", _most_broken(final.raw_violations), "; ".join(told))]


def _most_broken(raw: dict[str, object] | None) -> str:
    """The rule that raw samples break most, as that is where rules and model disagree most."""
    rules = raw["rules"] if raw else []
    assert isinstance(rules, list)
    broken = [rule for rule in rules if rule["kind"] != "soft"]
    return str(max(broken, key=lambda rule: rule["fail"])["name"]) if broken else "rules"
