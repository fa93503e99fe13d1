"""TVAE (Xu et al. 2019): a variational autoencoder for tables."""

from __future__ import annotations

from typing import Any

from htdbu.generators.neural import NeuralGenerator


class TVAEGenerator(NeuralGenerator):
    """`NeuralGenerator` by SDV's `TVAESynthesizer`: rows are squeezed to a few normal numbers, and drawn from such.

    Args are those of `NeuralGenerator`.
    """

    def _synthesizer(self, metadata: Any, epochs: int) -> Any:
        from sdv.single_table import TVAESynthesizer

        return TVAESynthesizer(metadata, epochs=epochs, enforce_rounding=False, enable_gpu=False)

    def _drawing(self, network: Any) -> Any:
        return network.decoder

    def _transformer(self, network: Any) -> Any:
        return network.transformer
