"""The parts, in the order of the page."""

from __future__ import annotations

from benchmarks.texture.part import Part
from benchmarks.texture.parts import adult, bank, halves, policies, rare

PARTS: dict[str, Part] = {module.PART.name: module.PART for module in (bank, adult, halves, policies, rare)}
