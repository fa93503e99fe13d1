"""Small random rule files that are rich in what the analyses look for; every file compiles without errors.

A file has up to six columns, one of them derived at times, one to eight hard rules, some of them drawn by a recipe for
one kind of finding, up to three soft rules, and at times a param, definitions, a lookup with gaps and a factor.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.analyses.random_columns import Drawn, atom, draw_columns, order_cut
from tests.analyses.random_expressions import Expressions

_MOST_HARD, _MOST_SOFT = 8, 3


def random_program_text(seed: int) -> str:
    """The rule file of a seed."""
    return _Writer(random.Random(seed)).text()


class _Writer(Expressions):
    """Draws one file: its columns, its names, then rules that use them."""

    def __init__(self, r: random.Random) -> None:
        super().__init__(r, draw_columns(r))
        self.heads: list[str] = []
        self.rules: list[str] = []
        self.bodies: list[str] = []
        self.derived: list[str] = []
        self.left = {"hard": _MOST_HARD, "soft": _MOST_SOFT}

    def text(self) -> str:
        """The whole file."""
        self._names()
        self._derive()
        for recipe in self.r.choices(list(_RECIPES), list(_RECIPES.values()), k=self.r.randint(1, 4)):
            recipe(self)
        for _ in range(self.r.choice((0, 0, 1, 2))):
            self.rule("soft", self.condition(1), guarded=True)
        if self.left["hard"] == _MOST_HARD:
            _implication(self)
        declared = [f"  {column.name} : {column.declaration}" for column in self.columns if column.declaration]
        table = ["table t {", *declared, *self.derived, "}"]
        return "\n".join([*table, *self.heads, *self.rules, *self._factor()]) + "\n"

    def _names(self) -> None:
        """A param, definitions and a lookup now and then."""
        first = self.columns[0].name
        if self.r.random() < 0.25:
            self.heads.append(f"param p = {self.r.randint(0, 3)}")
            self.numbers.append("p")
        if self.r.random() < 0.25:
            self.heads.append(f"def f(x) = {self.r.choice(('2 * x', 'x * x', 'if x > 1 then 2 * x else x'))}")
            self.numbers.append(f"f({first})")
        if self.r.random() < 0.25:
            self.heads.append(f"def good = {self.condition(1)}")
            self.conditions.append("good")
        if self.r.random() < 0.35:
            keys = self.r.sample(self.columns, self.r.choice((1, 1, 2)))
            self.heads.append(self._lookup(keys))
            self.numbers += [f"L({', '.join(column.name for column in keys)})"] * 3

    def _lookup(self, keys: list[Drawn]) -> str:
        tuples = [(value,) for value in keys[0].values]
        tuples = [(*one, value) for one in tuples for value in keys[1].values] if len(keys) > 1 else tuples
        known = self.r.sample(tuples, self.r.choice((len(tuples), max(1, len(tuples) - 1), (len(tuples) + 1) // 2)))
        rows = "; ".join(f"({', '.join(key)}) -> {self.r.randint(0, 4)}" for key in known)
        return f"lookup L({', '.join('kq'[: len(keys)])} -> v) {{ {rows} }}"

    def _derive(self) -> None:
        """A derived column now and then, of a declared domain that may cut rows off."""
        null = self.r.choice((" null", " null", ""))
        match self.r.randint(0, 9):
            case 0 | 1:
                high = self.r.choice((2, 6, 60))
                self.derived.append(f"  s : int in {self.r.choice((-60, -60, 0))}..{high}{null} = {self.number(1)}")
                self.numbers.append("s")
            case 2:
                self.derived.append(f"  s : decimal(1){null} = {self.number(1)} / {self.r.choice((2, 3, 4))}")
                self.numbers.append("s")
            case 3:
                value = f'case {{ {self.condition(0)} -> "a"; {self.condition(0)} -> "b"; else -> "c" }}'
                self.derived.append(f'  s : category {{ "a", "b", "c" }}{null} = {value}')
                self.columns.append(Drawn("s", "category", ('"a"', '"b"', '"c"'), "", null != ""))
            case 4:
                self.derived.append(f"  s : bool{null} = {self.condition(1)}")
                self.columns.append(Drawn("s", "bool", ("false", "true"), "", null != ""))

    def rule(self, kind: str, body: str, *, guarded: bool = False) -> None:
        """Write a rule, sometimes under guards, while its kind has any left."""
        counted = "soft" if kind == "soft" else "hard"
        if self.left[counted] == 0:
            return
        self.left[counted] -= 1
        weight = self.r.choice(("", "(2)", "(0.5)")) if kind == "soft" else ""
        line = f"{kind}{weight} r{len(self.rules)}: {body}"
        guards = self.r.choice((0, 0, 0, 1, 2)) if guarded else 0
        for _ in range(guards):
            line = f"when {self.condition(0)} {{ {line} }}"
        self.rules.append(line)
        if kind == "hard" and not guards:
            self.bodies.append(body)

    def ordered(self) -> Drawn:
        """A column with an order."""
        return self.r.choice([column for column in self.columns if column.has_order and len(column.values) > 1])

    def _factor(self) -> list[str]:
        """At most one factor; a number's may name a value outside of its domain."""
        columns = [c for c in self.columns if c.kind != "date" and c.kind != "decimal"]
        if self.r.random() > 0.25:
            return []
        column, other = self.r.choice(columns), self.columns[0]
        values = [*column.values, *column.beyond]
        arms = [
            f"{value} -> {other.name} in {{ {', '.join(self.r.sample(other.values, len(other.values) - 1 or 1))} }}"
            for value in self.r.sample(values, self.r.randint(1, min(3, len(values))))
        ]
        return [f"factor {column.name} {{ {'; '.join(arms)} }}"]


def _apart(w: _Writer, count: int) -> list[str]:
    """Conditions about different columns, as far as there are."""
    columns = w.r.sample(w.columns, min(count, len(w.columns)))
    return [atom(w.r, column) for column in columns] + [w.condition(0) for _ in range(count - len(columns))]


def _implication(w: _Writer) -> None:
    premise, conclusion = _apart(w, 2)
    w.rule("hard", f"{premise} => {w.r.choice((conclusion, w.condition(1)))}", guarded=True)


def _plain(w: _Writer) -> None:
    w.rule("hard", f"({w.condition(1)} or {w.condition(0)})", guarded=True)


def _bare(w: _Writer) -> None:
    w.rule("hard", w.condition(1))


def _forbid(w: _Writer) -> None:
    w.rule("forbid", " and ".join(_apart(w, 2)), guarded=True)


def _equivalence(w: _Writer) -> None:
    w.rule("hard", " <=> ".join(_apart(w, 2)))


def _outside(w: _Writer) -> str:
    """A condition that the domain of a column contradicts."""
    column = w.ordered()
    return w.r.choice((f"{column.name} < {column.values[0]}", f"{column.name} > {column.values[-1]}"))


def _always(w: _Writer) -> None:
    """True by the domains, whatever else it says."""
    w.rule("hard", w.r.choice((f"not ({_outside(w)})", f"(not ({_outside(w)}) or {w.condition(0)})")))


def _never(w: _Writer) -> None:
    """False by the domains."""
    w.rule(w.r.choice(("hard", "soft", "soft")), _outside(w))


def _silent(w: _Writer) -> None:
    """A premise outside of the domains."""
    w.rule(w.r.choice(("hard", "hard", "soft")), f"{_outside(w)} => {w.condition(0)}")


def _bounded(w: _Writer) -> None:
    """A bound, then a weaker one, or a premise or a soft rule that it decides, or its contradiction."""
    strict, weak, against = order_cut(w.r, w.ordered())
    w.rule("hard", strict)
    match w.r.randint(0, 8):
        case 0:
            w.rule("hard", weak)
        case 1 | 2:
            w.rule("hard", f"{against} => {w.condition(0)}")
        case 3:
            w.rule("soft", weak)
        case 4 | 5:
            w.rule("soft", against)
        case 6:
            w.rule("hard", against)


def _conflict(w: _Writer) -> None:
    """Rules that leave no row, unless a null or another column helps."""
    strict, _, against = order_cut(w.r, w.ordered())
    premise = w.condition(0)
    w.rule("hard", f"{premise} => {strict}")
    w.rule("hard", f"not ({premise}) => {w.r.choice((against, strict))}")
    w.rule("hard", against)


def _excluded(w: _Writer) -> None:
    """A level that no row may take, or a value."""
    column = w.r.choice([c for c in w.columns if c.kind in ("category", "ordered")] or w.columns)
    w.rule("hard", f"{column.name} != {w.r.choice(column.values)}")


def _fixed(w: _Writer) -> None:
    """One value remains; at times an implication needs another."""
    column = w.r.choice(w.columns)
    value = w.r.choice(column.values)
    w.rule("hard", f"{column.name} == {value}")
    if w.r.random() < 0.4:
        w.rule("hard", f"{column.name} != {value} => {w.condition(0)}")


def _chain(w: _Writer) -> None:
    """A => B, B => C, and what follows."""
    a, b, c = _apart(w, 3)
    w.rule("hard", f"{a} => {b}")
    w.rule("hard", f"{b} => {c}")
    w.rule(w.r.choice(("hard", "soft")), f"{a} => {c}")


def _again(w: _Writer) -> None:
    """A rule that is there, written otherwise."""
    if not w.bodies:
        w.rule("hard", " => ".join(_apart(w, 2)))
    body = w.r.choice(w.bodies or ["true"])
    if w.r.random() < 0.3:
        w.rule("forbid", f"not ({body})")
    else:
        form = w.r.choice(("({0})", "not not ({0})", "({0}) or false", "true => ({0})"))
        w.rule(w.r.choice(("hard", "hard", "hard", "soft")), form.format(body))


def _shadowed(w: _Writer) -> None:
    """A case of which a branch is shadowed by an earlier one."""
    strict, weak, against = order_cut(w.r, w.ordered())
    other = atom(w.r, w.r.choice(w.columns))
    arms = w.r.choice(([weak, strict], [strict, weak], [weak, against], [weak, other, strict]))
    values = "; ".join(f"{arm} -> {w.r.randint(0, 6)}" for arm in arms)
    w.rule(w.r.choice(("hard", "soft")), f"{w.number(0)} <= case {{ {values}; else -> {w.r.randint(1, 6)} }}")


_RECIPES: dict[Callable[[_Writer], None], float] = {
    _implication: 3,
    _plain: 2,
    _bare: 2.5,
    _forbid: 3,
    _equivalence: 2,
    _always: 0.3,
    _never: 0.7,
    _silent: 0.8,
    _bounded: 3,
    _conflict: 3.5,
    _excluded: 3,
    _fixed: 2,
    _chain: 1,
    _again: 1.5,
    _shadowed: 1.6,
}
"""How often each is drawn."""
