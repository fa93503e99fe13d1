"""Short notes of a loan officer, put together from parts so that their tone matches a sentiment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

# Every note of a sentiment is one of each: who, what, and what follows.
WHO = {
    "negative": ("The customer", "The borrower", "The account holder", "Our client", "The debtor", "This household"),
    "neutral": ("The customer", "The borrower", "The account holder", "Our client", "The applicant", "This household"),
    "positive": (
        "The customer",
        "The borrower",
        "The account holder",
        "Our client",
        "A loyal client",
        "This household",
    ),
}
WHAT = {
    "negative": (
        "missed three instalments in a row",
        "lost the main source of income",
        "does not answer letters or calls",
        "disputes the amount that is overdue",
        "broke the agreed repayment plan again",
        "reports heavy debts with other lenders",
        "returned the last direct debit unpaid",
        "complained angrily about the late fees",
        "was warned twice without any effect",
        "asks for relief after a failed business",
    ),
    "neutral": (
        "asked for a copy of the statement",
        "changed the address on file",
        "moved the payment day to the 15th",
        "renewed the identity document",
        "visited the branch for a routine review",
        "confirmed the current employer",
        "asked how the limit is calculated",
        "switched to electronic letters",
        "gave a new telephone number",
        "returned the yearly questionnaire",
    ),
    "positive": (
        "pays every instalment ahead of time",
        "thanked us for the quick decision",
        "received a well deserved promotion",
        "recommended the bank to two friends",
        "has built up comfortable savings",
        "is very pleased with the lower rate",
        "settled a large part of the loan early",
        "praised the helpful branch staff",
        "reports a strong and growing income",
        "never had a late payment in years",
    ),
}
THEN = {
    "negative": (
        "; the case goes to collections.",
        ", and the loss looks serious.",
        "; a further decline is likely.",
        ", so the limit was frozen.",
        "; a lawyer's letter was sent.",
        ", which is a bad sign.",
        "; recovery seems doubtful.",
        ", and no improvement is in sight.",
    ),
    "neutral": (
        ".",
        "; nothing else to report.",
        ", as is usual at this time of year.",
        "; the file was updated.",
        ", and no action is needed.",
        "; next contact in six months.",
        ", by telephone.",
        "; see the enclosed form.",
    ),
    "positive": (
        "; the outlook is excellent.",
        ", and a higher limit is well supported.",
        "; an improvement on last year.",
        ", which makes this a model account.",
        "; we are glad to keep this relation.",
        ", so a better rate was granted.",
        "; risk has clearly fallen.",
        ", and everyone is satisfied.",
    ),
}


def write_notes(sentiments: Sequence[str], rng: np.random.Generator) -> list[str]:
    """One note for each sentiment; there are 480 different ones for each of the three."""
    parts = rng.integers(0, [len(WHO["neutral"]), len(WHAT["neutral"]), len(THEN["neutral"])], (len(sentiments), 3))
    return [
        f"{WHO[tone][who]} {WHAT[tone][what]}{THEN[tone][then]}"
        for tone, (who, what, then) in zip(sentiments, parts.tolist(), strict=True)
    ]
