"""Random rule files, as texts, and random raw rows for them."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

NUMBERS = ("n", "m", "d")
LEVELS = ("low", "mid", "top")


@dataclass(frozen=True)
class Drawn:
    """A rule file, the headers of its stored columns, and rows of cells as texts."""

    text: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def _number(draw: st.DrawFn, depth: int) -> str:
    """An expression of numbers; divisors are columns or literals that are never 0."""
    if depth == 0:
        return draw(st.sampled_from([*NUMBERS, "n", "1", "2", "-3", "0.5", "1.5", "p", "month(t)", "day(t)"]))
    a, b = (lambda: _number(draw, depth - 1)), (lambda: _number(draw, depth - 1))
    match draw(st.integers(0, 15)):
        case 0:
            return f"({a()} + {b()})"
        case 1:
            return f"({a()} - {b()})"
        case 2:
            return f"({a()} * {b()})"
        case 3:
            return f"({a()} / {draw(st.sampled_from(['m', '3', '-2', '0.4', '(m + 1)', '(0 - m)']))})"
        case 4:
            return f"round({a()}, {draw(st.integers(0, 1))})"
        case 5:
            return f"{draw(st.sampled_from(['floor', 'ceil', 'abs', 'round']))}({a()})"
        case 6:
            return f"{draw(st.sampled_from(['min', 'max', 'sum']))}({a()}, {b()})"
        case 7:
            return f"mod({a()}, {draw(st.sampled_from(['m', '3', '-2']))})"
        case 8:
            return f"coalesce({a()}, {b()})"
        case 9:
            return f"(if {_condition(draw, depth - 1)} then {a()} else {b()})"
        case 10:
            return f"case {{ {_condition(draw, depth - 1)} -> {a()}; else -> {b()} }}"
        case 11:
            return f"count({_condition(draw, depth - 1)}, {_condition(draw, 0)})"
        case 12:
            return draw(st.sampled_from(["weekday(t)", "year(t)", "days_between(t, 2024-01-30)", "(2024-02-02 - t)"]))
        case 13:
            return f"-{a()}"
        case 14:
            return f"twice({a()})"
        case _:
            return a()


def _condition(draw: st.DrawFn, depth: int) -> str:
    if depth == 0:
        return draw(
            st.sampled_from(
                [
                    "f", "not f", 'c == "a"', 'c != "b"', 'o <= "mid"', 'o > "low"', "n is null", "c is not null",
                    "n >= 2", "m < 2", "d == 0.5", "n in { 0, 2 }", "m not in 1..2", 'c in { "a", "b" }',
                    "t >= 2024-02-01", "t + 1 < 2024-02-01", 'starts_with(c, "a")', 'matches(o, "l.*|top")',
                    'contains(c, "b")', "true", "0 <= n < 3", 'o in "low".."mid"', 'ends_with(o, "d")',
                    'o == (if f then "low" else "top")', "f == (n > 1)", "coalesce(f, false)",
                ]
            )
        )  # fmt: skip
    a, b = (lambda: _condition(draw, depth - 1)), (lambda: _condition(draw, depth - 1))
    match draw(st.integers(0, 9)):
        case 0 | 1:
            sign = draw(st.sampled_from(["<", "<=", ">", ">="]))
            return f"({_number(draw, depth - 1)} {sign} {_number(draw, depth - 1)})"
        case 2:
            return f"({a()} and {b()})"
        case 3:
            return f"({a()} or {b()})"
        case 4:
            return f"({a()} => {b()})"
        case 5:
            return f"({a()} <=> {b()})"
        case 6:
            return f"not {a()}"
        case 7:
            return f"{draw(st.sampled_from(['all', 'any']))}({a()}, {b()})"
        case 8:
            return f"({_number(draw, depth - 1)} + 0.1 >= {_number(draw, depth - 1)})"
        case _:
            return a()


@st.composite
def rule_files(draw: st.DrawFn, rows: int = 3, most_rules: int = 3, wild: bool = True) -> Drawn:
    """A small table with every kind of column, up to a few rules, and rows of raw cells."""
    null = {name: draw(st.sampled_from(["", "", " null"])) for name in ("n", "m", "d", "f", "c", "o", "t")}
    fixed = {name: draw(st.sampled_from([""] * 7 + [" fixed"])) for name in null}
    cost = {name: draw(st.sampled_from(["", "", " cost 2", " cost 0.25"])) for name in null}
    end = {name: null[name] + fixed[name] + cost[name] for name in null}
    total = draw(st.sampled_from(["", "  s : decimal(1) = n / 2 + d\n", f"  s : int in -9..99{null['n']} = n * m\n"]))
    lines = [
        "table t {",
        f"  n : int in 0..3{end['n']}",
        f"  m : int in {{ 1, 3 }}{end['m']}",
        f"  d : decimal(1) in 0..0.4{end['d']}",
        f"  f : bool{end['f']}",
        f'  c : category {{ "a", "ab" }}{end["c"]}'.replace('"ab"', '"b"' if draw(st.booleans()) else '"b", "ab"'),
        f'  o : category ordered {{ "low" < "mid" < "top" }}{end["o"]}',
        f"  t : date in 2024-01-31..2024-02-01{end['t']}",
        total.rstrip("\n"),
        "}",
        "param p = 1.5",
        "def twice(x) = 2 * x",
    ]
    for k in range(draw(st.integers(1, most_rules))):
        kind = draw(st.sampled_from(["hard", "hard", "forbid", "soft(2)", "soft", "soft(0.75)"]))
        body = _condition(draw, draw(st.integers(0, 3)))
        rule = f"{kind} r{k}: {body}"
        lines.append(f"when {_condition(draw, 1)} {{ {rule} }}" if draw(st.integers(0, 4)) == 0 else rule)
    cells = {
        "n": ["0", "1", "2", "3", "", "7", "-2"], "m": ["1", "3", "", "2"], "d": ["0", "0.1", "0.3", "0.4", "", "0.9"],
        "f": ["true", "false", ""], "c": ["a", "b", ""], "o": [*LEVELS, ""],
        "t": ["2024-01-31", "2024-02-01", "", "2024-03-05"],
    }  # fmt: skip
    odd = {"n": ["abc", "1" + "0" * 30, "1.5"], "d": ["x", "0.25"], "c": ["z"], "f": ["maybe"], "t": ["2024-02-30"]}
    table = [
        tuple(draw(st.sampled_from(values + (odd.get(name, []) if wild else []))) for name, values in cells.items())
        for _ in range(rows)
    ]
    return Drawn("\n".join(lines), tuple(cells), tuple(table))
