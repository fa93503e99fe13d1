"""The diagnoses: each is one file here, and one line in the list below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from htdbu.evaluation.tuning.cause import Cause
from htdbu.evaluation.tuning.diagnoses import interaction, model, plan, rules
from htdbu.evaluation.tuning.evidence import Evidence
from htdbu.evaluation.tuning.setup import Setup

Diagnosis = Callable[[Setup, Evidence, Sequence[Cause]], list[Cause]]
"""What is at fault by one channel; given what the channels before it blame."""

DIAGNOSES: tuple[Diagnosis, ...] = (
    model.diagnose,
    rules.diagnose,
    plan.diagnose,
    interaction.diagnose,
)

__all__ = ["DIAGNOSES", "Diagnosis"]
