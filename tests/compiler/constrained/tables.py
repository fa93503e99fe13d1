"""Tables that a grammar is made for: every type, names and levels that need care, and the edges of the number range."""

from __future__ import annotations

LOANS = """
## Loans of a bank.
table loans {
  id       : int in 1..999_999 key
  age      : int in 16..95
  job      : category { "student", "employed", "retired" }
  spouse   : category { "student", "employed", "retired" } null
  income   : decimal(2) in 0..500_000 null
  asked    : decimal(2) in 0..200_000
  months   : int in 6..120
  rate     : decimal(4) = asked / months
  rating   : category ordered { "D" < "C" < "B" < "A" }
  opened   : date in 2015-01-01..2026-06-30 fixed
  closed   : date in 2015-03-15..2026-06-30 null
  seen     : datetime in 2015-01-01T08:00:00..2026-06-30T17:30:00
  answered : datetime in 2015-01-01T08:00:00..2026-06-30T17:30:00 null
  bad      : bool as "default.flag"
  web      : bool
  note     : text from notes by job
}
"""
BANK = """
table bank {
  age      : int in 18..95
  job      : category { "admin.", "blue-collar", "self-employed", "unknown" }
  marital  : category { "divorced", "married", "single" }
  default_ : bool as "default"
  balance  : int in -8_019..102_127
  day      : int in 1..31
  month    : category ordered { "jan" < "feb" < "mar" < "dec" }
  duration : int in 0..4_918
  pdays    : int in -1..871
  previous : int in 0..275
  y        : bool
}
"""
NAMES = r"""
table `odd table` {
  `emp.var rate` : decimal(1) in -3.4..1.4 as "emp.var \"rate\""
  `Größe`        : int in 0..3_000
  `in`     : category { "say \"no\"", "back\\slash", "line\nbreak", "tab\tstop", "żółć", "日本", "", " } hard x: "}
  `is`           : category ordered { "<" < "<=" < "\\n" < "é" }
  hard           : bool
  `case`         : bool null
  date           : date in 2024-02-27..2024-03-02
  a              : int in 5..5
  a_b            : int in 10..12
  `a b`          : int in { 1, 3, 7 }
  r1             : text null
  `[x]*^-\`      : bool
}
"""
EDGES = """
table edges {
  huge     : decimal(6) in -1..2_000_000_000 cost 0.25 null
  wide     : int in -1_000_000_000_000_000..100
  finest   : decimal(15) in 0..1
  open     : decimal(2) null
  openint  : int
  opendate : date null
  opentime : datetime
  half     : decimal(3) in 0.25..0.75
  below    : decimal(2) in -0.75..-0.25
  one      : decimal(2) in 1..1
  old      : date in 0999-01-01..1000-12-31
}
"""
ONE = "table one { only : text key }"
ONE_INT = "table one { n : int in 0..9 }"
DATES = """
table days {
  a : date in 2000-02-29..2000-02-29
  b : date null
  c : datetime in 2024-01-01T00:00:00..2024-01-02T00:00:00
}
"""
TABLES = {
    "loans": LOANS, "bank": BANK, "names": NAMES, "edges": EDGES, "one text": ONE, "one int": ONE_INT, "dates": DATES,
}  # fmt: skip
