"""CTGAN (Xu et al. 2019): a generative adversarial network for tables."""

from __future__ import annotations

from typing import Any

from htdbu.generators.neural import NeuralGenerator


class CTGANGenerator(NeuralGenerator):
    """`NeuralGenerator` by SDV's `CTGANSynthesizer`: a network draws rows, another one tells them from real ones.

    Args are those of `NeuralGenerator`.
    """

    def _synthesizer(self, metadata: Any, epochs: int) -> Any:
        from sdv.single_table import CTGANSynthesizer

        return CTGANSynthesizer(metadata, epochs=epochs, enforce_rounding=False, enable_gpu=False)

    def _drawing(self, network: Any) -> Any:
        return network._generator

    def _transformer(self, network: Any) -> Any:
        return network._transformer
