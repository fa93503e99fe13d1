"""From the IR to the normal form."""

from htdbu.compiler.lowering.normalise import lower_program, normalise, projected

__all__ = ["lower_program", "normalise", "projected"]
