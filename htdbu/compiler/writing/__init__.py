"""The way back: from the program to the text of a rule file, as a person would have written it.

What a text does not say is not in it: definitions stand where they were used, imports are merged, rules that a factor
makes are left to the factor, and `# htr: ignore` is gone. Compiled again, the text gives the same program, but for what
`sameness` lists.
"""

from htdbu.compiler.writing.errors import UnwritableError
from htdbu.compiler.writing.expressions import write_expression
from htdbu.compiler.writing.program import write_program

__all__ = ["UnwritableError", "write_expression", "write_program"]
