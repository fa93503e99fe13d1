"""Small random rule files that are rich in what the analyses look for; every file compiles without errors."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.analyses.random_columns import Drawn, atom, draw_columns, order_cut


def random_program_text(seed: int) -> str:
    """The rule file of a seed."""
    return _Writer(random.Random(seed)).text()


class _Writer:
    """Draws one file: its columns, its names, then rules that use them."""

    def __init__(self, r: random.Random) -> None:
        self.r = r
        self.columns = draw_columns(r)
        self.numbers = [column.name for column in self.columns if column.is_number]
        self.heads: list[str] = []
        self.rules: list[str] = []
        self.bodies: list[tuple[str, str]] = []
        self.derived: list[str] = []

    def text(self) -> str:
        self._names()
        self._derived()
        recipes = self.r.choices(list(_RECIPES), list(_RECIPES.values()), k=self.r.randint(1, 5))
        for recipe in recipes:
            recipe(self)
        for _ in range(self.r.randint(0, 2)):
            self.rule(f"soft({self.r.choice((1, 2, 5))})", self.condition(1), guarded=True)
        declared = [f"  {column.name} : {column.declaration}" for column in self.columns if column.declaration]
        table = ["table t {", *declared, *self.derived, "}"]
        return "\n".join([*table, *self.heads, *self.rules, *self._factor()]) + "\n"

    def _names(self) -> None:
        """A param, a definition and a lookup now and then; numbers may use them."""
        column = self.r.choice(self.columns)
        if self.r.random() < 0.3:
            self.heads.append(f"param p = {self.r.randint(0, 3)}")
            self.numbers.append("p")
        if self.r.random() < 0.3:
            self.heads.append(f"def twice(x) = {self.r.choice(('2 * x', 'x + x', 'if x > 1 then 2 * x else x'))}")
            self.numbers.append(f"twice({self.columns[0].name})")
        if self.r.random() < 0.3:
            known = self.r.sample(column.values, self.r.randint(1, len(column.values)))
            rows = "; ".join(f"{key} -> {self.r.randint(0, 4)}" for key in known)
            self.heads.append(f"lookup L(k -> v) {{ {rows} }}")
            self.numbers.append(f"L({column.name})")

    def _derived(self) -> None:
        """A derived column now and then, of a declared domain that may cut rows off."""
        first = self.columns[0].name
        match self.r.randint(0, 9):
            case 0:
                self.derived.append(f"  s0 : int in -40..{self.r.choice((4, 12, 60))} null = {self.number(1)}")
                self.numbers.append("s0")
            case 1:
                self.derived.append(f"  s0 : decimal(1) null = {self.number(1)} / {self.r.choice((2, 3, 4))}")
                self.numbers.append("s0")
            case 2:
                levels = '"a", "b", "c"'
                value = f'case {{ {self.condition(0)} -> "a"; {first} > 2 -> "b"; else -> "{self.r.choice("abc")}" }}'
                self.derived.append(f"  s0 : category {{ {levels} }} null = {value}")
                self.columns.append(Drawn("s0", "category", ('"a"', '"b"', '"c"'), "", nullable=True))
            case 3:
                self.derived.append(f"  s0 : bool null = {self.condition(1)}")
                self.columns.append(Drawn("s0", "bool", ("false", "true"), "", nullable=True))

    def number(self, depth: int) -> str:
        """A number."""
        a, r = self.r.choice(self.numbers), self.r
        if depth == 0:
            return a
        b = self.number(depth - 1)
        dates = [column.name for column in self.columns if column.kind == "date"]
        choices = [
            a,
            b,
            f"({a} + {b})",
            f"({a} - {b})",
            f"({a} * {b})" if "twice" not in a else f"(2 * {b})",
            f"sum({a}, {b}, 1)",
            f"count({self.condition(0)}, {self.condition(0)})",
            f"{r.choice(('min', 'max'))}({a}, {b})",
            f"{r.choice(('round', 'floor', 'ceil'))}({a} / {r.choice(('2', '-2', '0.4'))})",
            f"mod({a}, {r.choice((2, 3))})",
            f"abs({a} - {r.randint(1, 4)})",
            f"coalesce({a}, {r.randint(0, 3)})",
            f"(if {self.condition(0)} then {a} else {b})",
            f"case {{ {self.condition(0)} -> {a}; {self.condition(0)} -> {r.randint(0, 3)}; else -> {b} }}",
        ]
        if dates:
            day = r.choice(dates)
            parts = (f"day({day})", f"month({day})", f"weekday({day})", f"days_between({day}, 2024-02-01)")
            choices += [r.choice(parts), f"({day} - {r.choice(dates)})"]
        return r.choice(choices)

    def condition(self, depth: int) -> str:
        """A condition."""
        if depth == 0:
            return atom(self.r, self.r.choice(self.columns))
        a, b = self.condition(depth - 1), self.condition(depth - 1)
        match self.r.randint(0, 11):
            case 0 | 1 | 2:
                return f"{self.number(1)} {self.r.choice(('<', '<=', '>', '>='))} {self.r.randint(-1, 6)}"
            case 3:
                return f"{self.number(1)} {self.r.choice(('<=', '>='))} {self.number(0)}"
            case 4:
                return f"({a} and {b})"
            case 5 | 6:
                return f"({a} or {b})"
            case 7:
                return f"not ({a})"
            case 8:
                return f"({a} <=> {b})"
            case 9:
                return f"{self.r.choice(('any', 'all'))}({a}, {b})"
            case _:
                return a

    def rule(self, kind: str, body: str, *, guarded: bool = False) -> None:
        """Write a rule, sometimes under a guard."""
        name = f"r{len(self.rules)}"
        guard = self.condition(0) if guarded and self.r.random() < 0.25 else None
        line = f"{kind} {name}: {body}"
        self.rules.append(line if guard is None else f"when {guard} {{ {line} }}")
        if kind == "hard" and guard is None:
            self.bodies.append((name, body))

    def ordered(self) -> Drawn:
        """A column with an order."""
        return self.r.choice([column for column in self.columns if column.has_order and len(column.values) > 1])

    def _factor(self) -> list[str]:
        """At most one factor, over a column of few values."""
        few = [c for c in self.columns if c.kind in ("category", "ordered", "bool")]
        if not few or self.r.random() > 0.2:
            return []
        column, other = self.r.choice(few), self.columns[0]
        arms = [
            f"{value} -> {other.name} in {{ {', '.join(self.r.sample(other.values, self.r.randint(1, 2)))} }}"
            for value in self.r.sample(column.values, self.r.randint(1, len(column.values)))
        ]
        return [f"factor {column.name} {{ {'; '.join(arms)} }}"]


def _implication(w: _Writer) -> None:
    w.rule("hard", f"{w.condition(0)} => {w.condition(w.r.randint(0, 1))}", guarded=True)


def _plain(w: _Writer) -> None:
    w.rule("hard", f"({w.condition(1)} or {w.condition(0)})", guarded=True)


def _forbid(w: _Writer) -> None:
    w.rule("forbid", f"{w.condition(0)} and {w.condition(1)}", guarded=True)


def _equivalence(w: _Writer) -> None:
    w.rule("hard", f"{w.condition(0)} <=> {w.condition(0)}")


def _always(w: _Writer) -> None:
    """True by the domains, whatever else it says."""
    column = w.ordered()
    bounds = (f"{column.name} <= {column.values[-1]}", f"{column.name} >= {column.values[0]}")
    w.rule("hard", w.r.choice((*bounds, f"({w.r.choice(bounds)} or {w.condition(0)})")))


def _never(w: _Writer) -> None:
    """False by the domains (and then infeasible, unless unknown), or true of few rows."""
    column = w.ordered()
    bound = (f"{column.name} < {column.values[0]}", f"{column.name} > {column.values[-1]}")
    w.rule(w.r.choice(("hard", "soft", "soft")), w.r.choice(bound))


def _silent(w: _Writer) -> None:
    """A premise outside of the domains."""
    column = w.ordered()
    premise = w.r.choice((f"{column.name} < {column.values[0]}", f"{column.name} > {column.values[-1]}"))
    form = "hard" if w.r.random() < 0.7 else "soft"
    w.rule(form, f"{premise} => {w.condition(0)}")


def _bounded(w: _Writer) -> None:
    """A bound, then a weaker one, or a premise or a soft rule that it decides."""
    strict, weak, against = order_cut(w.r, w.ordered())
    w.rule("hard", strict)
    match w.r.randint(0, 5):
        case 0:
            w.rule("hard", weak)
        case 1 | 2:
            w.rule("hard", f"{against} => {w.condition(0)}")
        case 3:
            w.rule("soft", weak)
        case 4:
            w.rule("soft(2)", against)


def _excluded(w: _Writer) -> None:
    """A level that no row may take, or a value."""
    column = w.r.choice([c for c in w.columns if c.kind in ("category", "ordered")] or w.columns)
    w.rule("hard", f"{column.name} != {w.r.choice(column.values)}")


def _fixed(w: _Writer) -> None:
    """One value remains."""
    column = w.r.choice(w.columns)
    w.rule("hard", f"{column.name} == {w.r.choice(column.values)}")


def _chain(w: _Writer) -> None:
    """A => B, B => C, and what follows."""
    a, b, c = w.condition(0), w.condition(0), w.condition(0)
    w.rule("hard", f"{a} => {b}")
    w.rule("hard", f"{b} => {c}")
    w.rule(w.r.choice(("hard", "soft")), f"{a} => {c}")


def _again(w: _Writer) -> None:
    """A rule that is there, written otherwise."""
    if not w.bodies:
        _implication(w)
    if w.bodies:
        _, body = w.r.choice(w.bodies)
        form = w.r.choice(("({0})", "not not ({0})", "({0}) or false", "true => ({0})"))
        if w.r.random() < 0.3:
            w.rule("forbid", f"not ({body})")
        else:
            w.rule(w.r.choice(("hard", "hard", "hard", "soft")), form.format(body))


def _shadowed(w: _Writer) -> None:
    """A case of which a branch is shadowed by an earlier one."""
    column = w.ordered()
    strict, weak, against = order_cut(w.r, column)
    arms = w.r.choice(([weak, strict], [strict, weak], [weak, against], [weak, w.condition(0), strict]))
    values = "; ".join(f"{arm} -> {w.r.randint(0, 6)}" for arm in arms)
    w.rule(w.r.choice(("hard", "soft")), f"{w.number(0)} <= case {{ {values}; else -> {w.r.randint(1, 6)} }}")


_RECIPES: dict[Callable[[_Writer], None], float] = {
    _implication: 5,
    _plain: 3,
    _forbid: 3,
    _equivalence: 1,
    _always: 1.5,
    _never: 0.8,
    _silent: 1.5,
    _bounded: 3,
    _excluded: 2,
    _fixed: 1.5,
    _chain: 1,
    _again: 2,
    _shadowed: 1.5,
}
