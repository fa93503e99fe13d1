"""HTR504 duplicate-rule: a rule that says the same as another one."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind, Label
from htdbu.compiler.diagnostics.proofs import delete_rule, place
from htdbu.grammar.source import Span

KIND = Kind(
    code="HTR504",
    name="duplicate-rule",
    severity="warning",
    meaning="A rule that says the same as another rule, however it is written.",
    why=(
        "A bakery chain may employ minors for 20 hours a week at most. One branch had written that as what is "
        "forbidden, another as what must hold, and a merge of their files kept both. When the law went down to 16 "
        "hours one of the two was changed, and for two weeks the report named the wrong rule to the wrong manager. "
        "The finding pairs the two on the day of the merge. The second was meant to keep minors from night shifts."
    ),
    failing="""\
table shifts {
  age   : int in 15..70
  hours : int in 0..48
  night : bool
}
forbid overworked_minor: age < 18 and hours > 20
hard minors:             age <= 17 => hours <= 20
""",
    mended="""\
table shifts {
  age   : int in 15..70
  hours : int in 0..48
  night : bool
}
forbid overworked_minor: age < 18 and hours > 20
hard minors:             age <= 17 => not night
""",
    fixer=delete_rule,
)


def duplicate(rule: str, span: Span | None, other: str, other_span: Span | None, is_soft: bool = False) -> Diagnostic:
    """A rule with the same outcome in every row as another one.

    Args:
        is_soft: whether they are soft rules, whose weights add up.
    """
    delete = f"delete `{rule}`" + (f" and add its weight to that of `{other}`" if is_soft else "")
    return KIND.at(
        place(span),
        f"the rule `{rule}` says the same as `{other}`",
        related=() if other_span is None else (Label(other_span, "the same rule"),),
        note="every row that breaks one of them breaks the other",
        help=f"{delete}, or correct what it should {'discourage' if is_soft else 'forbid'}",
        rules=(other,),
    )
