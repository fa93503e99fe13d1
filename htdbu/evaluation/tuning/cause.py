"""What a diagnosis finds: a cause, the evidence for it, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from htdbu.evaluation.tuning.setup import Change

Kind = Literal["model", "rule", "plan", "interaction"]


@dataclass(frozen=True)
class Cause:
    """Something that is at fault.

    Attributes:
        kind: which channel shows it.
        name: the rule, the factor or target, the generator, or the rule that interacts most.
        evidence: the figures that blame it, in words.
        change: the smallest change that the data support, None where none is known.
    """

    kind: Kind
    name: str
    evidence: str
    change: Change | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What it is, without the evidence; there is one model at a time."""
        return self.kind, "" if self.kind == "model" else self.name

    def to_dict(self) -> dict[str, Any]:
        """For `--format json`."""
        proposed = None if self.change is None else self.change.said
        return {"kind": self.kind, "name": self.name, "evidence": self.evidence, "proposal": proposed}
