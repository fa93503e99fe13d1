"""`hard` or `forbid`, whichever is shorter."""

from __future__ import annotations

from dataclasses import replace

from htdbu.analyses.simplify.candidates import Candidates, Known, Origin, Part, Why
from htdbu.analyses.simplify.shapes import dual, negated

_OTHER: dict[Origin, Origin] = {"hard": "forbid", "forbid": "hard"}


def _other_verb(part: Part, known: Known) -> Candidates:
    other = _OTHER.get(part.origin)
    if other is not None:
        for body in dict.fromkeys((negated(part.body), dual(part.body))):
            yield replace(part, origin=other, body=body), Why(f"it is shorter as `{other}`")


REWRITE = _other_verb
