"""HTR603 impossible-target: targets that no table of valid rows meets together."""

from __future__ import annotations

from htdbu.compiler.diagnostics.model import Diagnostic, Kind
from htdbu.compiler.diagnostics.proofs import Implying, labels, listed, names, place

KIND = Kind(
    code="HTR603",
    name="impossible-target",
    severity="error",
    meaning="Targets that cannot hold together, or not together with the hard rules.",
    why=(
        "A household insurer planned test data with 2 to 3 percent of fraud. The head of claims, short of people, "
        "wanted at most 1 percent of the claims to be investigated. A hard rule says that every fraud is. The "
        "generator missed one target or the other in every run, and each of the two departments filed a bug. The "
        "finding adds the numbers up before any row is made, and names both targets and the rule."
    ),
    failing="""\
table claims {
  fraud        : bool
  investigated : bool
}
hard fraud_is_investigated: fraud => investigated
target fraud_rate:          share(fraud) in 2%..3%
target investigations:      share(investigated) <= 1%
""",
    mended="""\
table claims {
  fraud        : bool
  investigated : bool
}
hard fraud_is_investigated: fraud => investigated
target fraud_rate:          share(fraud) in 2%..3%
target investigations:      share(investigated) <= 8%
""",
)


def impossible(targets: Implying, implying: Implying) -> Diagnostic:
    """Targets that no table of valid rows meets together.

    Args:
        targets: as few as can be; shares of a factor are named "factor X". The last one is where it is reported.
        implying: the hard rules that matter; none where the targets contradict each other by themselves.
    """
    last = next((i for i in reversed(range(len(targets))) if targets[i][1] is not None), None)
    others = [target for i, target in enumerate(targets) if i != last]
    alone = len(targets) == 1
    return KIND.at(
        place(None if last is None else targets[last][1]),
        f"no table of valid rows meets {listed(names(targets))}{'' if alone else ' together'}",
        related=(*labels(others, "cannot be met together with it"), *labels(implying)),
        note=f"because of {listed(names(implying))}, whatever the rows" if implying else "whatever the rows",
        help="loosen the target" if alone else "loosen one of the targets",
        rules=(*names(targets), *names(implying)),
    )
